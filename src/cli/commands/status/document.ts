import type { RollcallError } from "../../../errors.js";
import { calledPhone } from "../../../phone/phone-models.js";
import type { HowStarted } from "../../process/how-started.js";
import { findingWords, inCommandWords } from "../../terminal/command-words.js";
import { planInShort } from "../../terminal/in-short.js";
import { inTheirWords } from "../../terminal/in-their-words.js";
import type { PhoneNow, StatusNow } from "./status-now.js";

/** `rollcall status --json`: null stands where nothing is, or was not looked at. */
export function statusDocument(status: StatusNow, started: HowStarted): Readonly<Record<string, unknown>> {
  const words = (text: string) => inTheirWords(text, started);
  const asField = (error: RollcallError | null) => errorField(error, words);
  const { atWork, phones, cableTrouble, cutOff, ledgerTrouble, lastRun, receiptTrouble, agent } = status;
  return {
    atWork: asField(atWork),
    phones: phones.map((phone) => ({ ...phoneField(phone), trouble: asField(phone.trouble) })),
    cable: asField(cableTrouble),
    interrupted: cutOff,
    ledger: asField(ledgerTrouble),
    lastRun:
      lastRun === null
        ? null
        : {
            ...lastRun.short,
            receiptPath: lastRun.path,
            id: lastRun.head.id,
            phone: lastRun.head.phone,
            destination: lastRun.head.destination,
            startedAt: lastRun.head.startedAt,
            finishedAt: lastRun.head.finishedAt,
          },
    receipts: asField(receiptTrouble),
    agent: agent.map(({ status: standing, remedy, ...found }) => ({
      ...{ status: standing, finding: findingWords(found) },
      remedy: remedy === null ? null : words(inCommandWords(remedy)),
    })),
  };
}

function phoneField({ seen, totals }: PhoneNow) {
  const { udid, identity, state, reason } = seen;
  const isRead = totals !== null && identity !== null;
  return {
    udid,
    name: identity?.name ?? null,
    state,
    reason,
    summary: isRead ? planInShort(totals, calledPhone(identity)).summary : null,
    new: isRead ? totals.toImport : null,
  };
}

function errorField(error: RollcallError | null, words: (text: string) => string) {
  if (error === null) return null;
  const { code, message, why, remedy } = error;
  return {
    code,
    message: words(message),
    why: why === undefined ? null : words(why),
    remedy: words(inCommandWords(remedy)),
  };
}
