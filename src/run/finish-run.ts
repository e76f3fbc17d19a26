import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Destination, LedgerItem, LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { removeOwnFile } from "../owned-file.js";
import type { PhoneFile } from "../phone/phone.js";
import type { Plan } from "../plan/decision.js";
import { readAnswerLines, writeAnswerLines } from "../receipt/answer-lines.js";
import { callTheRoll, type Imported, ledgerIdsOf, requireSum } from "../receipt/call-the-roll.js";
import { RECEIPT_FORMAT, type ReceiptHead, TotalsCounter } from "../receipt/receipt.js";
import { storedAnswers } from "../receipt/same-answers.js";
import type { Remedy } from "../remedy.js";
import { explainWriteError } from "../transfer/write-errors.js";
import { fetchThumbnails, wantedPictures } from "./fetch-thumbnails.js";
import { notAsSent } from "./not-as-sent.js";
import { EvidenceCounter } from "./receipt-evidence.js";
import type { FinishedRun, RunParts } from "./run-parts.js";

/**
 * Calls the roll and keeps the receipt. The run is closed in the ledger only after the receipt is on the
 * disk: a crash in between makes it anew, with the same id.
 * @param ending.run null when there was nothing to do, and so no run
 */
export async function finishRun(
  parts: RunParts,
  ending: {
    readonly startedAt: Date;
    readonly ledger: PhoneLedger;
    readonly plan: Plan;
    readonly destination: Destination;
    readonly run: LedgerRun | null;
    readonly imported: ReadonlyMap<string, Imported>;
    /** What would take the evidence further; undefined where this run read no library. */
    readonly liftedBy?: Remedy | null | undefined;
  },
): Promise<FinishedRun> {
  const { ledger, plan, destination, run, imported, startedAt } = ending;
  const id = run?.id ?? randomUUID();
  const reader = ledger.reader(ledgerIdsOf(plan, imported));
  const ledgerItem = (itemId: number): LedgerItem => reader.item(itemId) ?? ledger.items.get(itemId);
  const hashSeen = (file: PhoneFile) => reader.hashSeen(file);
  const roll = callTheRoll({ plan, runId: id, imported, ledgerItem, hashSeen });

  const counter = new TotalsCounter();
  const evidence = new EvidenceCounter();
  const others = new Set(plan.decisions.flatMap(({ item }) => (item.kind === "other" ? [item.key] : [])));
  const counted = function* () {
    for (const answer of roll) {
      counter.add(answer, answer.answer !== "set-aside" && !others.has(answer.item));
      evidence.add(answer);
      yield answer;
    }
  };
  // The roll is called once, whatever number of files answer it; every form of the receipt is read from this.
  await using called = calledIn(parts.workFolder);
  try {
    ledger.asOfNow(() => writeAnswerLines(called.path, counted()));
  } catch (error) {
    throw explainWriteError(error, parts.workFolder);
  }
  const totals = counter.totals();
  requireSum(totals.byAnswer, plan);
  const album = run === null ? null : ledger.runs.get(run.id).album;
  const ofRun = run === null ? [] : ledger.extraCopies.ofRun(run.id);
  const extraCopies = ofRun.map(({ photosId, name, path, album: at }) => ({
    photosId,
    name,
    path,
    album: at,
  }));
  const judged = run === null ? [] : notAsSent(run.id, { ledger, report: parts.report });
  const finishedAt = parts.clock.now();
  const { phoneLibrary } = plan.catalogue;
  const own: ReceiptHead = {
    receipt: RECEIPT_FORMAT,
    id,
    tool: { name: "rollcall", version: parts.toolVersion },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    phone: parts.phone.identity,
    destination:
      destination.kind === "folder"
        ? { kind: "folder", path: destination.key }
        : {
            kind: "photos",
            library: destination.key === "" ? null : destination.key,
            album,
            ...(extraCopies.length > 0 && { extraCopies }),
            ...(judged.length > 0 && { notAsSent: judged }),
          },
    totals,
    ...(plan.leftToICloud !== undefined && { leftToICloud: plan.leftToICloud }),
    evidence: evidence.evidence(destination.kind, ending.liftedBy),
    phoneLibrary: phoneLibrary === null ? null : { usesICloudPhotos: phoneLibrary.usesICloudPhotos },
    previous: await parts.receipts.previous(id),
  };
  const sameAnswersAs = await parts.receipts.sameAnswers(own, readAnswerLines(called.path));
  const head: ReceiptHead = sameAnswersAs === null ? own : { ...own, sameAnswersAs };
  const copyPathOf = (path: string) => ledger.items.copyOf(path)?.copyPath ?? null;
  await using pictures = await fetchThumbnails(
    run === null ? [] : wantedPictures(plan, imported, { runId: run.id, copyPathOf }),
    parts,
  );
  const { thumbnails } = pictures;
  const receiptPath = await parts.receipts
    .write(head, () => readAnswerLines(called.path), thumbnails)
    .catch((error: unknown) => {
      throw explainWriteError(error, parts.receipts.path);
    });
  if (run !== null) ledger.runs.finish(run.id, receiptPath, finishedAt);
  parts.report({ type: "receipt", path: receiptPath });
  return { head: own, answers: () => storedAnswers(receiptPath, head), receiptPath };
}

/** Where the answers of one roll lie until its receipt is kept. */
function calledIn(workFolder: string): { readonly path: string } & AsyncDisposable {
  const path = join(workFolder, `answers-${randomUUID()}`);
  return { path, [Symbol.asyncDispose]: async () => void removeOwnFile(path) };
}
