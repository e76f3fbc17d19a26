import { EventFailure } from "./event-failure.js";
import type { Language } from "./standing-behavior.js";

/** Texts as a system in another language might have them. Only the numbers are a contract, so these need not be exact. */
const texts: Readonly<
  Record<Language, { readonly where: string; readonly byNumber: Record<number, string> }>
> = {
  de: {
    where: "Ausführungsfehler",
    byNumber: {
      [-43]: "Datei nicht gefunden.",
      [-128]: "Vom Benutzer abgebrochen.",
      [-600]: "Programm läuft nicht.",
      [-609]: "Verbindung ist ungültig.",
      [-1700]: "Typen können nicht konvertiert werden.",
      [-1708]: "„Photos“ versteht die Nachricht nicht.",
      [-1712]: "Zeitüberschreitung bei AppleEvent.",
      [-1728]: "Objekt kann nicht gelesen werden.",
      [-1743]: "Nicht berechtigt, AppleEvents an „Fotos“ zu senden.",
      [-10000]: "AppleEvent-Handler ist fehlgeschlagen.",
    },
  },
  fr: {
    where: "erreur d’exécution",
    byNumber: {
      [-43]: "Fichier introuvable.",
      [-128]: "Annulé par l’utilisateur.",
      [-600]: "L’application n’est pas ouverte.",
      [-609]: "La connexion n’est pas valide.",
      [-1700]: "Impossible de convertir les types.",
      [-1708]: "Message non compris.",
      [-1712]: "Délai dépassé pour l’événement Apple.",
      [-1728]: "Impossible d’obtenir l’objet.",
      [-1743]: "Non autorisé à envoyer des événements Apple à « Photos ».",
      [-10000]: "Échec du gestionnaire d’événements Apple.",
    },
  },
  ja: {
    where: "実行エラー",
    byNumber: {
      [-43]: "ファイルが見つかりません。",
      [-128]: "ユーザによってキャンセルされました。",
      [-600]: "アプリケーションは実行されていません。",
      [-609]: "接続が無効です。",
      [-1700]: "データの型を変換できません。",
      [-1708]: "メッセージを理解できません。",
      [-1712]: "AppleEventがタイムアウトしました。",
      [-1728]: "オブジェクトを取り出すことはできません。",
      [-1743]: "“写真”にAppleイベントを送信する権限がありません。",
      [-10000]: "AppleEventハンドラが失敗しました。",
    },
  },
};

/** The same failure, told in another language. */
export function inLanguage(failure: EventFailure, language: Language): EventFailure {
  const text = texts[language].byNumber[failure.number];
  return text === undefined ? failure : new EventFailure(failure.number, text);
}

/** What osascript calls an error of a script. */
export function executionErrorIn(language: Language | undefined): string {
  return language === undefined ? "execution error" : texts[language].where;
}
