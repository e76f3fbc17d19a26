import { basename, join } from "node:path";
import type { Command } from "commander";
import { lookAtPhoneAlbums } from "../../../ledger/look-at-ledger.js";
import type { PhoneFinder } from "../../../phone/phone-watch.js";
import { readReceiptHead } from "../../../receipt/read-receipt-head.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { realPhones } from "../../compose/real-parts.js";
import { KINDS } from "../../flags/selection.js";
import { CONFIG_NAMES } from "../../process/config-file.js";
import { EXIT } from "../../process/exit-status.js";
import { writeOut } from "../../terminal/standard-output.js";
import { SHELLS } from "./command.js";
import { type AskFor, type CompletionCandidate, candidatesFor } from "./completion-candidates.js";
import { COMPLETION_SCRIPTS } from "./completion-scripts.js";

/** Prints the script of one shell. */
export const completions: CommandBody = async (_context, _flags, [shell]) => {
  // Another one commander has refused.
  await writeOut(COMPLETION_SCRIPTS[SHELLS.find((one) => one === shell) ?? SHELLS[0]]);
  return EXIT.ok;
};

/** Each takes a phone, by UDID or name. */
const PHONE_FLAGS = ["phone", "approve", "disapprove"];

/** Each takes a receipt, by the name of its file. */
const TAKE_RECEIPT = [
  "verify",
  ...["show", "path", "open", "safe-to-remove"].map((name) => `receipts ${name}`),
];
/** Of a person's years of receipts: the newest are meant. */
const MOST_RECEIPTS = 30;

/** Somebody waits at the prompt. */
const LONGEST_LOOK_MS = 1500;

/** Answers such a script: a candidate a line. Where something is wrong there is none, and no word about it. */
export function complete(program: Command): CommandBody {
  return async ({ settings }, _flags, words) => {
    const askFor = knownHere(settings, () => AbortSignal.timeout(LONGEST_LOOK_MS));
    const found = await candidatesFor(program, words, askFor);
    await writeOut(found.map(({ value, description }) => `${value}\t${description}\n`).join(""));
    return EXIT.ok;
  };
}

/** @param longestLook begins the time after which a look at the cable is broken off */
export function knownHere(settings: CommandContext["settings"], longestLook: () => AbortSignal): AskFor {
  return async (asked) => {
    if (asked === "kind") return valuesAlone(KINDS);
    if (asked === "state")
      return valuesAlone(
        Object.keys((await import("../../../virtual/iphone/phone-state.js")).VIRTUAL_PHONE_STATES),
      );
    if (asked === "config set" || asked === "config unset") return valuesAlone(CONFIG_NAMES);
    if (TAKE_RECEIPT.includes(asked)) return await recentReceipts(settings).catch(() => []);
    if (asked === "album") return await albumsRemembered(settings).catch(() => []);
    if (!PHONE_FLAGS.includes(asked)) return [];
    const finder = await realPhones(settings).catch(() => null);
    return finder === null ? [] : await phonesOnTheCable(finder, longestLook());
  };
}

function valuesAlone(values: readonly string[]): CompletionCandidate[] {
  return values.map((value) => ({ value, description: "" }));
}

/** By the run's id, with the file's name beside it: a name has spaces, and what a shell would take for its own. */
async function recentReceipts(settings: CommandContext["settings"]): Promise<CompletionCandidate[]> {
  const newest = (await receiptFolder({ settings }).list()).reverse().slice(0, MOST_RECEIPTS);
  const candidates = await Promise.all(
    newest.map(async (path) => {
      const head = await readReceiptHead(path).catch(() => null);
      const name = basename(path, ".json");
      const isId = head !== null && /^[\w-]+$/.test(head.id);
      return isId ? [{ value: head.id, description: escapeControls(name), alsoCalled: name }] : [];
    }),
  );
  return candidates.flat();
}

/** As the phones' libraries said them when they were read last: no phone is asked. A title that a line cannot hold is left out. */
async function albumsRemembered({ dataFolder }: CommandContext["settings"]): Promise<CompletionCandidate[]> {
  const titles = (await lookAtPhoneAlbums(join(dataFolder, "ledger.sqlite"))) ?? [];
  return titles
    .filter((title) => escapeControls(title) === title)
    .map((title) => ({ value: title, description: "", alsoCalled: title }));
}

/**
 * By UDID, with the name beside it: a name may hold what a shell would take for its own.
 * @returns none where nobody can be asked, or the signal comes first
 */
export async function phonesOnTheCable(
  finder: Pick<PhoneFinder, "look">,
  signal: AbortSignal,
): Promise<CompletionCandidate[]> {
  const seen = await finder.look(signal).catch(() => []);
  return seen.flatMap(({ udid, identity }) => {
    const name = identity?.name ?? "";
    return udid === null || !/^[\w-]+$/.test(udid)
      ? []
      : [{ value: udid, description: escapeControls(name), alsoCalled: name }];
  });
}
