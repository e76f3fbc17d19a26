import type { Command } from "commander";
import { parseSpan, parseUntil } from "../dates.js";
import { since, someText, wholeNumber, withOutput, withPager } from "../flags.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

export function addReceipts(program: Command, action: Action): void {
  const load = () => import("../commands/receipts/run.js");
  const receipts = program.command("receipts").description("list the stored receipts; show, open, prune");
  withHelp(
    withPager(withOutput(receipts))
      .option("--phone <name>", "only of this phone, by UDID or name", someText("--phone"))
      .option("--since <date>", "only of runs at or after: 2026-11-21, 2026-11, 7d, 1y", since("--since"))
      .option("--until <date>", "only of runs up to and including", (text: string) =>
        parseUntil("--until", text),
      )
      .option("--wrong", "only those with problems")
      .option("--into <place>", 'only those into this folder, or "Photos"', someText("--into")),
    ["rollcall receipts", "rollcall receipts --wrong --since 1m", "rollcall receipts show"],
    statuses(),
  ).action(action(async () => (await load()).listReceipts));
  const name = [
    "[name]",
    "path, file name, how it begins, or the run's id (default: the newest)",
    someText("NAME"),
  ] as const;
  const show = receipts
    .command("show")
    .argument(...name)
    .description("print one");
  withHelp(
    withPager(withOutput(show)),
    ["rollcall receipts show", "rollcall receipts show --json"],
    statuses(),
  ).action(action(async () => (await load()).showReceipt));
  const path = receipts
    .command("path")
    .argument(...name)
    .description("print its path");
  withHelp(withOutput(path), ["rollcall receipts path"], statuses()).action(
    action(async () => (await load()).receiptPath),
  );
  const open = receipts
    .command("open")
    .argument(...name)
    .description("open its page on the screen; on systems other than macOS, print its path");
  withHelp(withOutput(open), ["rollcall receipts open"], statuses()).action(
    action(async () => (await load()).openReceipt),
  );
  addPrune(receipts, action);
  addSafeToRemove(receipts, action);
}

function addPrune(receipts: Command, action: Action): void {
  const prune = receipts
    .command("prune")
    .description("remove old receipts, after asking; a receipt that others, or a list, still need stays");
  withHelp(
    withOutput(prune, { questions: true })
      .option("--keep-last <number>", "keep the newest of each phone and place", wholeNumber("--keep-last"))
      .option(
        "--keep-within <span>",
        "keep those this long before the newest of their phone and place: 7d, 2w, 3m (months), 1y",
        (text: string) => parseSpan("--keep-within", text),
      ),
    [
      "rollcall receipts prune --keep-last 30 --keep-within 1y",
      "rollcall receipts prune --keep-within 1y --yes",
    ],
    statuses("data folder"),
  ).action(action(async () => (await import("../commands/receipts/prune.js")).pruneCommand));
}

/** What may leave the phone is a question to the receipts, and to the library as it is now. */
function addSafeToRemove(receipts: Command, action: Action): void {
  const safe = receipts
    .command("safe-to-remove")
    .argument("[name]", "a receipt of an import (default: the newest)", someText("NAME"))
    .description(
      "list what may leave the phone: proved in Photos to the last byte, read again now; deletes nothing",
    );
  withHelp(
    withOutput(safe)
      .option("--html <file>", "write the list as a page", someText("--html"))
      .option(
        "--library <path>",
        "the Photos library (default: the one that is open)",
        someText("--library"),
      ),
    ["rollcall receipts safe-to-remove", "rollcall receipts safe-to-remove --html ~/Desktop/may-go.html"],
    statuses("data folder", "library", "Photos"),
  ).action(action(async () => (await import("../commands/receipts/safe-to-remove.js")).safeToRemoveCommand));
}

export function addStaging(program: Command, action: Action): void {
  const load = () => import("../commands/staging/run.js");
  const staging = program.command("staging").description("list what is in the staging folder, and why");
  withHelp(withOutput(staging), ["rollcall staging"], statuses("data folder")).action(
    action(async () => (await load()).listStaging),
  );
  const clear = staging
    .command("clear")
    .description(
      "remove what is safe: remains of copies, and files whose bytes were read inside the library",
    );
  withHelp(
    withOutput(clear, { questions: true }).option(
      "--library <path>",
      "the Photos library (default: the one that is open)",
    ),
    ["rollcall staging clear", "rollcall staging clear --yes"],
    statuses("data folder", "library"),
  ).action(action(async () => (await load()).clearStaging));
}
