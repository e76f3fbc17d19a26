import { RollcallError } from "../../errors.js";
import { parseSince, parseUntil } from "../dates.js";
import type { ParseFlag } from "../flag.js";

/** The instant at which it begins. */
export const sinceDate: ParseFlag<Date> = (typed, flag) => parseSince(flag, typed);

/** The first instant that no longer belongs. */
export const untilDate: ParseFlag<Date> = (typed, flag) => parseUntil(flag, typed);

/** @throws RollcallError BAD_USAGE */
export function requireInOrder(since: Date | undefined, until: Date | undefined): void {
  if (since === undefined || until === undefined || since < until) return;
  throw new RollcallError("BAD_USAGE", {
    message: "--since lies after --until, so nothing can be between them.",
    remedy: "Give the earlier date to --since.",
  });
}

/** Where nothing would mean something else: the current folder, the newest receipt, every name. */
export const someText: ParseFlag<string> = (typed, what) => {
  if (typed.trim() !== "") return typed;
  throw new RollcallError("BAD_USAGE", {
    message: `${what}: it is empty.`,
    remedy: "Was a variable not set? Give it a value, or leave it out.",
  });
};

/** The same for an operand. @param what its name, for the message */
export function operand(what: string): (typed: string) => string {
  return (typed) => someText(typed, what);
}

export function wholeNumber(least = 1, most?: number): ParseFlag<number> {
  const range = most === undefined ? `of ${least} or more` : `from ${least} to ${most}`;
  return (typed, flag) => {
    const number = /^\d{1,15}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
    if (number >= least && number <= (most ?? Number.POSITIVE_INFINITY)) return number;
    throw new RollcallError("BAD_USAGE", {
      message: `${flag}: ${JSON.stringify(typed)} is not a whole number ${range}.`,
      remedy: `Use one, such as ${flag} 50.`,
    });
  };
}

/** A share such as `5%`, as a number above 0 and up to 1. */
export const percentage: ParseFlag<number> = (typed, flag) => {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?)\s?%$/.exec(typed.trim()) ?? [];
  const share = Number(digits) / 100;
  if (share > 0 && share <= 1) return share;
  throw new RollcallError("BAD_USAGE", {
    message: `${flag}: ${JSON.stringify(typed)} is not a share.`,
    remedy: `Use one from 0.001% to 100%, such as ${flag} 5%.`,
  });
};
