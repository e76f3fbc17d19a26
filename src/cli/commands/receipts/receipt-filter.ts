import { isSameName } from "../../../phone/choose-phone.js";
import { type PhoneIdentity, sameUdid } from "../../../phone/phone.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { requireInOrder } from "../../flags/parsers.js";
import { statusOfRun } from "../../process/status-of-answers.js";
import { typedPath } from "../../process/typed-path.js";
import { dayAndTime } from "../../terminal/format-day.js";
import type { ListFlags } from "./command.js";

export interface ReceiptFilter {
  readonly takes: (head: ReceiptHead) => boolean;
  /** After "is": "of a phone called Anna, with problems". Empty where all are taken. */
  readonly words: string;
}

/** @throws RollcallError BAD_USAGE */
export function receiptFilter(flags: ListFlags): ReceiptFilter {
  const { phone, since, until, wrong, into } = flags;
  requireInOrder(since, until);
  const parts: [words: string, takes: (head: ReceiptHead) => boolean][] = [];
  if (phone !== undefined) parts.push([`of a phone called ${phone}`, (head) => isCalled(head.phone, phone)]);
  if (since !== undefined)
    parts.push([`since ${dayAndTime(since)}`, ({ startedAt }) => new Date(startedAt) >= since]);
  if (until !== undefined)
    parts.push([`before ${dayAndTime(until)}`, ({ startedAt }) => new Date(startedAt) < until]);
  if (wrong === true) parts.push(["with problems", (head) => statusOfRun(head) !== 0]);
  if (into !== undefined) parts.push(wentInto(into));
  return {
    takes: (head) => parts.every(([, takes]) => takes(head)),
    words: parts.map(([words]) => words).join(", "),
  };
}

function isCalled({ udid, name }: PhoneIdentity, wanted: string): boolean {
  return sameUdid(udid, wanted) || isSameName(name, wanted);
}

/** A folder called Photos is `./Photos`. */
function wentInto(place: string): [string, (head: ReceiptHead) => boolean] {
  if (place.toLowerCase() === "photos")
    return ["into Photos", ({ destination: { kind } }) => kind === "photos"];
  const path = typedPath("--into", place);
  return [`into ${path}`, ({ destination }) => destination.kind === "folder" && destination.path === path];
}
