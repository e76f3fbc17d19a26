import { calledPhone } from "../../../phone/phone-models.js";
import { reasonWords } from "../../../phone/phone-watch.js";
import type { Remedy } from "../../../remedy.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import { findingWords, inCommandWords } from "../../terminal/command-words.js";
import { moment } from "../../terminal/format-day.js";
import { planInShort } from "../../terminal/in-short.js";
import { phoneName } from "../../terminal/phone-lines.js";
import type { PhoneNow, StatusNow } from "./status-now.js";

const HEADING_WIDTH = 13;
/** The rest would not fit on a screen, and says the same. */
const MOST_CUT_OFF = 5;

/** `rollcall status`, a line for each thing, on one screen. */
export function statusLines(status: StatusNow, now: Date): string[] {
  return [
    ...rows(
      "at work",
      status.atWork === null
        ? []
        : [`${escapeControls(status.atWork.message)} Phones are not read meanwhile.`],
    ),
    ...rows("phone", phoneTexts(status)),
    ...rows("interrupted", cutOffTexts(status, now)),
    ...rows("ledger", status.ledgerTrouble === null ? [] : [sentences(status.ledgerTrouble)]),
    ...rows("last run", [lastRunText(status, now)]),
    ...rows(
      "agent",
      status.agent.map(({ remedy, ...found }) =>
        escapeControls(
          [findingWords(found), ...(remedy === null ? [] : [inCommandWords(remedy)])].join(". "),
        ),
      ),
    ),
  ];
}

/** The heading stands once. */
function rows(heading: string, texts: readonly string[]): string[] {
  return texts.map((text, place) => `${(place === 0 ? heading : "").padEnd(HEADING_WIDTH)}${text}`);
}

function phoneTexts({ phones, cableTrouble, atWork, ledgerTrouble }: StatusNow): string[] {
  if (cableTrouble !== null) return [sentences(cableTrouble)];
  if (phones.length === 0) return ["none on the cable"];
  const unread = atWork !== null || ledgerTrouble !== null ? ": on the cable, not read" : ": not read";
  return phones.map((phone) => phoneText(phone, unread));
}

function phoneText({ seen, totals, trouble }: PhoneNow, unread: string): string {
  if (seen.reason !== null)
    return escapeControls(`${reasonWords(seen)} ${inCommandWords(seen.reason.remedy)}`);
  // Its remedy is of the command that it stops.
  if (trouble?.code === "PHONE_LIBRARY_UNREADABLE")
    return sentences({
      message: trouble.message,
      why: trouble.why,
      remedy: "rollcall plan says what to do.",
    });
  if (trouble !== null) return sentences(trouble);
  if (totals === null || seen.identity === null) return `${phoneName(seen)}${unread}`;
  return planInShort(totals, calledPhone(seen.identity)).summary;
}

function cutOffTexts({ cutOff }: StatusNow, now: Date): string[] {
  const texts = (cutOff ?? []).map(({ phone, destination, startedAt }) => {
    const isCopy = destination.kind === "folder";
    const what = isCopy ? `copy of ${phone.name} to ${tilde(destination.key)}` : `import from ${phone.name}`;
    const next = isCopy ? "the next copy to it resumes it" : "the next rollcall import resumes it";
    return escapeControls(`${what}, begun ${moment(startedAt, now)}: ${next}`);
  });
  if (texts.length <= MOST_CUT_OFF) return texts;
  return [...texts.slice(0, MOST_CUT_OFF), `and ${texts.length - MOST_CUT_OFF} more`];
}

function lastRunText({ lastRun, receiptTrouble }: StatusNow, now: Date): string {
  if (lastRun === null) return receiptTrouble === null ? "none yet" : sentences(receiptTrouble);
  const { head, short } = lastRun;
  const into = head.destination.kind === "folder" ? ` to ${tilde(head.destination.path)}` : "";
  const when = moment(new Date(head.finishedAt), now);
  return escapeControls(`${when}, ${calledPhone(head.phone)}${into}: ${short.summary}`);
}

function sentences({
  message,
  why,
  remedy,
}: {
  message: string;
  why?: string | undefined;
  remedy: Remedy;
}): string {
  // What to do may end with a line to be typed, and nothing is put behind it.
  const found = [message, why].filter((text) => text !== undefined && text !== "");
  const sentences = found.map((text) => (/[.!?]$/.test(text ?? "") ? text : `${text}.`));
  return escapeControls([...sentences, inCommandWords(remedy)].join(" "));
}
