import { realpath, stat } from "node:fs/promises";
import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { Receipt } from "../../receipt/receipt.js";
import type { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { readReceipt, receiptJson } from "../../receipt/receipt-json.js";
import { shown } from "../../receipt/receipt-text.js";
import { libraryNow, otherLibraryOpen } from "../../run/plan-for-phone.js";
import { recheckReceipt } from "../../run/recheck-receipt.js";
import { withDataFolder } from "../at-work.js";
import type { CommandBody, CommonFlags } from "../command-context.js";
import { existingLibrary } from "../existing-library.js";
import { recheckLines } from "../output/summary-lines.js";
import { day, tilde } from "../output/wording.js";
import { realPhotos } from "../real-parts.js";
import { readReceiptHead } from "../receipt-heads.js";
import { statusOfAnswers } from "../status-of-answers.js";
import { receiptFolder } from "./receipts.js";

export const verify: CommandBody<CommonFlags & { readonly library?: string }> = async (
  context,
  flags,
  [what],
) => {
  const { settings, output, signal } = context;
  const { path, receipt } = await meantReceipt(receiptFolder(context), what);
  return await withDataFolder(context, async ({ ledger }) => {
    const { photos, process } = await realPhotos(settings, "run");
    const { destination, phone } = receipt;
    if (destination.kind === "photos" && destination.library !== null) {
      const libraryPath =
        flags.library === undefined ? undefined : existingLibrary("--library", flags.library);
      const open = await libraryNow(process, { libraryPath });
      if (open !== null && open !== destination.library) throw otherLibraryOpen(destination.library, open);
    }
    const key = destination.kind === "folder" ? destination.path : (destination.library ?? "");
    const between = ledger.between(phone, { kind: destination.kind, key });
    output.note(
      `Checking ${shown(phone.name)} -> ${shown(key || "Photos")}, the run of ${day(new Date(receipt.startedAt))}`,
    );
    const today = await recheckReceipt(receipt, {
      photos,
      clock: systemClock,
      between,
      signal,
    });
    const { answers, ...head } = today;
    const status = statusOfAnswers(head.totals.byAnswer);
    if (output.isJson)
      await output.documentText(receiptJson({ ...head, ...output.statusField(status) }, answers));
    else await output.result(...recheckLines(head, answers), `Receipt: ${shown(tilde(path))}`);
    return status;
  });
};

/** A receipt by path or name, the newest one of a folder, or the newest of all. */
async function meantReceipt(
  receipts: ReceiptFolder,
  what: string | undefined,
): Promise<{ path: string; receipt: Receipt }> {
  const isFolder =
    what !== undefined &&
    (await stat(what).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (!isFolder) return await receipts.find(what);
  const folder = await realpath(what);
  for (const path of (await receipts.list()).reverse()) {
    const head = await readReceiptHead(path).catch((error: unknown) => {
      if (error instanceof RollcallError) return null;
      throw error;
    });
    const { destination } = head ?? {};
    if (destination?.kind === "folder" && destination.path === folder)
      return { path, receipt: await readReceipt(path) };
  }
  throw new RollcallError("RECEIPT_NOT_FOUND", {
    message: `There is no receipt of a copy into ${folder}.`,
    remedy: "rollcall receipts lists the ones that were kept; rollcall copy makes one.",
  });
}
