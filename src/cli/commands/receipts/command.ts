import type { Command } from "commander";
import { parseSpan } from "../../dates.js";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag, inGroup } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { libraryToRead } from "../../flags/library.js";
import { outputFlags, pager, questionFlags } from "../../flags/output.js";
import { operand, sinceDate, someText, untilDate, wholeNumber } from "../../flags/parsers.js";
import { statuses } from "../../statuses.js";

const listFlags = {
  ...outputFlags,
  pager,
  phone: flag("--phone <name>", "only of this phone, by UDID or name", someText),
  since: flag("--since <date>", "only of runs at or after: 2026-11-21, 2026-11, 7d, 1y", sinceDate),
  until: flag("--until <date>", "only of runs up to and including", untilDate),
  wrong: flag("--wrong", "only those with problems"),
  into: flag("--into <place>", 'only those into this folder, or "Photos"', someText),
};
export type ListFlags = FlagsOf<typeof listFlags>;

const showFlags = { ...outputFlags, pager };
export type ShowFlags = FlagsOf<typeof showFlags>;

export function addReceipts(program: Command, declare: Declare): void {
  const receipts = program.command("receipts").description("list the stored receipts; show, open, prune");
  declare(receipts, {
    flags: listFlags,
    examples: ["rollcall receipts", "rollcall receipts --wrong --since 1m", "rollcall receipts show"],
    statuses: statuses(),
    load: async () => (await import("./run.js")).listReceipts,
  });
  declare(ofOne(receipts, "show", "print one"), {
    flags: showFlags,
    examples: ["rollcall receipts show", "rollcall receipts show --json"],
    statuses: statuses(),
    load: async () => (await import("./show.js")).showReceipt,
  });
  declare(ofOne(receipts, "path", "print its path"), {
    flags: outputFlags,
    examples: ["rollcall receipts path"],
    statuses: statuses(),
    load: async () => (await import("./path.js")).receiptPath,
  });
  declare(
    ofOne(receipts, "open", "open its page on the screen; on systems other than macOS, print its path"),
    {
      flags: outputFlags,
      examples: ["rollcall receipts open"],
      statuses: statuses(),
      load: async () => (await import("./open.js")).openReceipt,
    },
  );
  addPrune(receipts, declare);
  addSafeToRemove(receipts, declare);
}

function ofOne(receipts: Command, name: string, description: string): Command {
  return receipts
    .command(name)
    .argument(
      "[name]",
      "path, file name, how it begins, or the run's id (default: the newest)",
      operand("NAME"),
    )
    .description(description);
}

const pruneFlags = {
  ...outputFlags,
  ...questionFlags,
  ...inGroup(GROUPS.unattended, {
    keepLast: flag("--keep-last <number>", "keep the newest of each phone and place", wholeNumber()),
    keepWithin: flag(
      "--keep-within <span>",
      "keep those this long before the newest of their phone and place: 7d, 2w, 3m (months), 1y",
      (typed, name) => parseSpan(name, typed),
    ),
  }),
};
export type PruneFlags = FlagsOf<typeof pruneFlags>;

function addPrune(receipts: Command, declare: Declare): void {
  const prune = receipts
    .command("prune")
    .description("remove old receipts, after asking; a receipt that others, or a list, still need stays");
  declare(prune, {
    flags: pruneFlags,
    examples: [
      "rollcall receipts prune --keep-last 30 --keep-within 1y",
      "rollcall receipts prune --keep-within 1y --yes",
    ],
    statuses: statuses("data folder"),
    load: async () => (await import("./prune.js")).pruneCommand,
  });
}

const safeToRemoveFlags = {
  ...outputFlags,
  html: flag("--html <file>", "write the list as a page", someText),
  library: libraryToRead,
};
export type SafeToRemoveFlags = FlagsOf<typeof safeToRemoveFlags>;

/** What may leave the phone is a question to the receipts, and to the library as it is now. */
function addSafeToRemove(receipts: Command, declare: Declare): void {
  const safe = receipts
    .command("safe-to-remove")
    .argument("[name]", "a receipt of an import (default: the newest)", operand("NAME"))
    .description(
      "list what may leave the phone: proved in Photos to the last byte, read again now; deletes nothing",
    );
  declare(safe, {
    flags: safeToRemoveFlags,
    examples: [
      "rollcall receipts safe-to-remove",
      "rollcall receipts safe-to-remove --html ~/Desktop/may-go.html",
    ],
    statuses: statuses("data folder", "library", "Photos"),
    load: async () => (await import("./safe-to-remove.js")).safeToRemoveCommand,
  });
}
