import type { Finding } from "../../doctor/finding.js";
import {
  type ActionWords,
  actionWords,
  type ImportOption,
  type Remedy,
  remedyText,
  type WordsByAction,
} from "../../remedy.js";
import type { RunEvent } from "../../run/run-events.js";
import { nameForShell } from "../../shell-word.js";

const FLAGS: Readonly<Record<ImportOption, string>> = {
  since: "--since",
  kind: "--kind",
  name: "--name",
  folder: "--folder",
  album: "--album",
  favorites: "--favorites",
  limit: "--limit",
  phone: "--phone",
  library: "--library",
  retry: "--retry",
  "reimport-edited": "--reimport-edited",
  "include-hidden": "--include-hidden",
  "icloud-import": "--icloud import",
  "icloud-skip": "--icloud skip",
  "restart-photos": "--restart-photos",
  "without-phone-library": "--without-phone-library",
};

const WORDS: WordsByAction = {
  import: ({ with: option }) => `rollcall import${option === undefined ? "" : ` ${FLAGS[option]}`}`,
  choose: ({ by, value }) => `${FLAGS[by]}${value === undefined ? "" : ` ${nameForShell(value)}`}`,
  copy: ({ folder }) => {
    if (folder === undefined) return "rollcall copy";
    return `rollcall copy ${folder === null ? "DIR" : nameForShell(folder)}`;
  },
  plan: () => "rollcall plan",
  "assume-imported": () => "rollcall plan --assume-imported --until DAY",
  verify: () => "rollcall verify",
  "check-library": () => "rollcall library",
  "list-receipts": () => "rollcall receipts",
  "show-receipt": () => "rollcall receipts show",
  "safe-to-remove": () => "rollcall receipts safe-to-remove",
  "show-staging": () => "rollcall staging",
  "list-phones": () => "rollcall phones",
  approve: ({ phone }) => `rollcall watch --approve ${phone === undefined ? "NAME" : nameForShell(phone)}`,
  config: ({ icloud }) => `rollcall config set icloud ${icloud}`,
  doctor: ({ from, opens }) =>
    `rollcall doctor${from === undefined ? "" : ` --from ${from}`}${opens === true ? " --open" : ""}`,
  setup: ({ what, removes }) => `rollcall setup ${what}${removes === true ? " --remove" : ""}`,
  demo: () => "rollcall demo",
};

/** What a person types in a terminal to have it done. */
export const commandWords: ActionWords = actionWords(WORDS);

/** What to do, as a person types it. */
export function inCommandWords(remedy: Remedy): string {
  return remedyText(remedy, commandWords);
}

/** "not set up (rollcall setup agent)" */
export function findingWords({ finding, offers }: Pick<Finding, "finding" | "offers">): string {
  return offers === null ? finding : `${finding} (${commandWords(offers)})`;
}

/** A notice as one sentence, with what to do. */
export function noticeWords({ message, remedy }: Extract<RunEvent, { type: "notice" }>): string {
  if (remedy === undefined) return message;
  return `${/[.!?]$/.test(message) ? message : `${message}.`} ${inCommandWords(remedy)}`;
}

/** For `JSON.stringify`: every remedy of a document or an event is a text for people. */
export function wordedInJson(key: string, value: unknown): unknown {
  return key === "remedy" && Array.isArray(value) ? inCommandWords(value as Remedy) : value;
}
