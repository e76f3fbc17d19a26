import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { makeFolder } from "../make-folder.js";
import { sameUdid } from "../phone/phone.js";
import { decideCopy } from "../plan/decide-copy.js";
import { filesToImport } from "../plan/decision.js";
import { isNarrowed, type Selection } from "../plan/selection.js";
import { requireSpace } from "../plan/space-needed.js";
import type { Answer } from "../receipt/answer.js";
import type { Imported } from "../receipt/call-the-roll.js";
import { updateChecksumList } from "../receipt/checksum-list.js";
import { advise, choose } from "../remedy.js";
import { copyItems, moveAside } from "../transfer/copy-items.js";
import { DiskNames, isNameRefused } from "../transfer/disk-names.js";
import { resumableBytes } from "../transfer/resumable-copy.js";
import { safeRelativePath } from "../transfer/safe-file-name.js";
import { explainWriteError } from "../transfer/write-errors.js";
import { finishRun } from "./finish-run.js";
import { intactCopies } from "./intact-copies.js";
import { narrowByPicking } from "./narrow-by-picking.js";
import { readWholeCatalogue } from "./plan-for-phone.js";
import type { RunEvent } from "./run-events.js";
import type { FinishedRun, Pick, RunParts } from "./run-parts.js";

/** Where to, and what of it. */
export interface CopyRequest {
  /** Absolute; made where it is not there. */
  readonly folder: string;
  readonly selection: Selection;
  readonly pick?: Pick | undefined;
  readonly withoutPhoneLibrary: boolean;
}

/**
 * The same story, ending in a folder: `folder/DCIM/...` as on the phone. Without a selection every file
 * that has bytes is copied, and empty folders too, so that the two trees are equal.
 */
export async function copyFromPhone(parts: RunParts, request: CopyRequest): Promise<FinishedRun> {
  const { ledgerDatabase, phone, report, signal, clock } = parts;
  const startedAt = clock.now();
  const folder = await makeTarget(request.folder);
  requireOwnFolder(folder, parts);
  const catalogue = await readWholeCatalogue(parts, { ...request, isOptional: true });
  const destination = { kind: "folder", key: folder } as const;
  const ledger = ledgerDatabase.ledgerFor(phone.identity, destination);

  const files = [...catalogue.items.flatMap((item) => item.files), ...catalogue.setAside];
  const intact = await intactCopies(
    files.flatMap(({ file }) => ledger.items.copyOf(file.path) ?? []),
    parts,
  );
  const isIntact = ({ copyPath }: { readonly copyPath: string }) => intact.has(copyPath);
  const { selection, plan } = await narrowByPicking(request, async (wanted) =>
    decideCopy(catalogue, ledger, { selection: wanted, isIntact }),
  );
  const allPaths = plan.decisions.flatMap(({ item }) => item.files.map(({ file }) => file.path));
  const names = await namesIn(folder, [...allPaths, ...catalogue.folders]);
  if (!isNarrowed(selection)) makeFolders(folder, catalogue.folders, names);
  const ending = { startedAt, ledger, plan, destination, imported: new Map<string, Imported>() };
  const finish = async (run: LedgerRun | null, begunAt: Date) => {
    const finished = await finishRun(parts, { ...ending, startedAt: begunAt, run });
    const place = { folder, replacedFolder: replacedFolder(finished.head.id, begunAt) };
    const aside = await listChecksums(place, finished.answers(), ledger);
    if (aside !== null) report(movedAside(folder, aside));
    return finished;
  };
  if (plan.toImport.items === 0 && ledger.runs.open() === null) return await finish(null, startedAt);

  const halfCopied = ["DCIM", "PhotoData"].map((top) =>
    resumableBytes(join(folder, top), phone.identity, filesToImport(plan)),
  );
  const here = (await Promise.all(halfCopied)).reduce((sum, bytes) => sum + bytes, 0);
  const elsewhere = "copy into a folder on another volume";
  const needs = [{ what: "the folder", folder, bytes: plan.toImport.bytes - here, elsewhere }];
  await requireSpace(needs, advise`copy less with ${choose("since")} or ${choose("limit")}`);
  const run = ledger.runs.continueOrBegin(startedAt);
  const { items, bytes } = plan.toImport;
  report({ type: "begun", runId: run.id, isContinued: run.isContinued, items, bytes, library: null });

  const progress = { items: 0, bytes: 0 };
  const toImport = plan.decisions.filter((decision) => decision.action === "import");
  const outcomes = copyItems(toImport, {
    phone,
    ledger,
    runId: run.id,
    folder,
    allPaths,
    names,
    replacedFolder: replacedFolder(run.id, run.startedAt),
    now: () => clock.now(),
    signal,
    onBytes: (count) => {
      progress.bytes += count;
      report({ type: "copied", ...progress });
    },
  });
  for await (const outcome of outcomes) {
    progress.items += 1;
    report({ type: "copied", ...progress });
    const { key } = outcome.item;
    if (outcome.type === "failed") {
      ending.imported.set(key, { type: "failed", reasons: outcome.reasons });
      continue;
    }
    const { ledgerId, reasons } = outcome;
    ending.imported.set(key, { type: "in-ledger", ledgerId, newEdits: [], reasons });
    for (const aside of outcome.replaced) report(movedAside(folder, aside));
  }
  return await finish(run, run.startedAt);
}

/** Of a phone's name in the name of a folder that a person is to type. */
const NOT_FOR_A_FOLDER = /[^\p{L}\p{N}\p{M} ._'-]/gu;

/**
 * Two phones have files of one name and other content: in one folder each would move the other's aside at every run.
 * @throws RollcallError FOLDER_OF_OTHER_PHONE
 */
function requireOwnFolder(folder: string, { ledgerDatabase, phone }: RunParts): void {
  const owner = ledgerDatabase.ownerOfFolder(folder);
  const { udid, name } = phone.identity;
  if (owner === null || sameUdid(owner.udid, udid)) return;
  const [theirs, ours] = [owner, { udid, name }].map((one) => one.name || one.udid);
  const own = join(
    folder,
    theirs === ours ? udid : safeRelativePath(`/${ours!.replaceAll(NOT_FOR_A_FOLDER, "_")}`),
  );
  throw new RollcallError("FOLDER_OF_OTHER_PHONE", {
    message: `This folder holds the copy of another iPhone: ${folder} is ${theirs}'s.`,
    why: "Both have files of the same names, and would move each other's aside at every copy.",
    remedy: advise`Nothing was copied. Give this one a folder of its own: ${{ action: "copy", folder: own }}`,
  });
}

/** Where a run puts what was in its way, below the folder. */
function replacedFolder(runId: string, startedAt: Date): string {
  return join("Replaced", `${startedAt.toISOString().slice(0, 16).replace(":", ".")} ${runId.slice(0, 8)}`);
}

function movedAside(folder: string, aside: string): RunEvent {
  const message = `a file with other content was in the way; it is now ${join(folder, aside)}`;
  return { type: "notice", code: "MOVED_ASIDE", message };
}

/** What lies in the folder and was read back from it, for other tools to check. @returns what was moved out of its way */
async function listChecksums(
  place: { readonly folder: string; readonly replacedFolder: string },
  answers: Iterable<Answer>,
  ledger: PhoneLedger,
): Promise<string | null> {
  const { folder } = place;
  function* files() {
    for (const { path, sha256, answer } of answers) {
      const copyPath = ledger.items.copyOf(path)?.copyPath;
      const isIn = (answer === "proved" || answer === "present") && copyPath?.startsWith(`${folder}${sep}`);
      if (isIn && copyPath !== undefined && sha256 !== null)
        yield { place: copyPath.slice(folder.length + 1), sha256 };
    }
  }
  try {
    return await updateChecksumList(folder, files(), (path) => moveAside(path, place));
  } catch (error) {
    throw explainWriteError(error, folder);
  }
}

/** @returns the folder's one true path: the ledger tells destinations apart by it */
async function makeTarget(folder: string): Promise<string> {
  try {
    makeFolder(folder, 0o755);
    return await realpath(folder);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
}

async function namesIn(folder: string, phonePaths: readonly string[]): Promise<DiskNames> {
  const names = new DiskNames(folder);
  try {
    await names.learn(phonePaths);
    return names;
  } catch (error) {
    throw explainWriteError(error, folder);
  }
}

function makeFolders(folder: string, phoneFolders: readonly string[], names: DiskNames): void {
  try {
    makeFolder(join(folder, "DCIM"), 0o755);
    for (const path of phoneFolders) {
      try {
        makeFolder(join(folder, safeRelativePath(path, names)), 0o755);
      } catch (error) {
        if (!hasErrno(error, "EEXIST", "ENOTDIR") && !isNameRefused(error)) throw error; // each file below it answers for that
      }
    }
  } catch (error) {
    throw explainWriteError(error, folder);
  }
}
