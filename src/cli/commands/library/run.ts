import { setImmediate as letOthersRun } from "node:timers/promises";
import { RollcallError } from "../../../errors.js";
import type { CheckedFile, ItemCheckUp } from "../../../originals/check-item.js";
import { checkUp } from "../../../originals/check-up.js";
import { type LibraryDatabase, openLibraryDatabase } from "../../../originals/library-database.js";
import { countOriginals, readWithoutDatabase } from "../../../originals/read-without-database.js";
import { SameBytesFinder } from "../../../originals/same-bytes.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { realLibraryAccess, realPhotos } from "../../compose/real-parts.js";
import { EXIT, type ExitStatus, statusOfError } from "../../process/exit-status.js";
import { stayAwake } from "../../process/stay-awake.js";
import { temporaryFolder } from "../../process/temporary-folder.js";
import { typedPath } from "../../process/typed-path.js";
import { errorDocument, printError } from "../../terminal/error-lines.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import type { LibraryFlags } from "./command.js";
import { CheckUpFindings, checkUpLines, looseFileLines } from "./lines.js";

/** A check-up of a library: every original is read and compared with what the library's database says of it. */
export const library: CommandBody<LibraryFlags> = async (context, flags, [named]) => {
  const path = named === undefined ? await openLibrary(context) : typedPath("PATH", named);
  try {
    await waitForLibrary(context, await realLibraryAccess(context.settings), path);
    return await checkLibrary(context, flags, path);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw new RollcallError("STOPPED", {
      message: "Stopped, as asked, before the check-up finished.",
      remedy: "Nothing was changed. The same command starts again from the beginning.",
      cause: error,
    });
  }
};

async function checkLibrary(context: CommandContext, flags: LibraryFlags, path: string): Promise<ExitStatus> {
  await using work = await temporaryFolder();
  using _awake = stayAwake();
  const options = { workFolder: work.path, signal: context.signal };
  let database: LibraryDatabase;
  try {
    database = await openLibraryDatabase(path, options);
  } catch (error) {
    if (error instanceof RollcallError && error.code === "LIBRARY_UNREADABLE")
      return await lookWithoutDatabase(context, flags, path, error);
    throw error;
  }
  await using open = database;
  return await checkWhole(context, flags, open);
}

async function checkWhole(
  { output, signal }: CommandContext,
  { hash: isHashed }: LibraryFlags,
  database: LibraryDatabase,
): Promise<ExitStatus> {
  const { libraryPath, modelVersion, isKnownModel } = database;
  output.note(`Checking ${escapeControls(tilde(libraryPath))}`);
  if (!isKnownModel) output.note(`note: ${UNKNOWN_MODEL}`);
  const size = await sizeOf(database, isHashed, signal);
  const screen = await output.showCheckUp({ ...size, words: "photos and videos" });
  const done = { items: 0, bytes: 0 };
  const onBytes = (bytes: number) => {
    done.bytes += bytes;
    screen.see(done);
  };
  const check = checkUp(database, { signal, depth: isHashed ? "bytes" : "size", onBytes });
  const same = new SameBytesFinder();
  const findings = new CheckUpFindings();
  async function* items(): AsyncGenerator<ItemCheckUp> {
    for await (const item of check) {
      done.items += 1;
      screen.see(done);
      same.see(item);
      findings.see(item);
      yield item;
    }
  }
  const status = () => {
    const { missing, mismatch } = check.totals.byVerdict;
    return missing + mismatch > 0 ? EXIT.wrongAnswers : EXIT.ok;
  };
  if (output.isJson) {
    await output.slowDocument({
      library: libraryPath,
      modelVersion,
      isKnownModel,
      isHashed,
      checkedAt: new Date().toISOString(),
      assets: mapped(items(), assetDocument),
      totals: () => check.totals.byVerdict,
      counts: () => countsOf(check.totals),
      orphanFiles: () => check.totals.orphanFiles,
      sameBytes: () => same.found(),
      status: () => output.statusField(status()).status,
    });
    return status();
  }
  for await (const _item of items());
  output.endProgress();
  const report = { libraryPath, totals: check.totals, isHashed, sameBytes: same.found(), findings };
  await output.result(...checkUpLines(report));
  return status();
}

const UNKNOWN_MODEL =
  "this library was made by a newer Photos than Rollcall knows; only what it has in common with known versions is read";

/** One asset, as programs are given it: what docs/guides/scripting.md promises, and what it rests on. */
function assetDocument({ files, ...item }: ItemCheckUp) {
  const { uuid, name, verdict, evidence, reason, trashed, hidden } = item;
  return { uuid, name, verdict, evidence, reason, trashed, hidden, files: files.map(fileDocument) };
}

function fileDocument({ role, path, sizeBytes, sha256, fingerprint, expectedBytes, finding }: CheckedFile) {
  return { role, path, sizeBytes, sha256, expectedBytes, fingerprint, finding };
}

function countsOf({ items, trashed, hidden, files, bytes, sizeOnly }: ReturnType<typeof checkUp>["totals"]) {
  return { assets: items, trashed, hidden, files, bytes, okBySizeAlone: sizeOnly };
}

/** Bytes that are expected to be read; 0 where none are to be. */
async function sizeOf(
  database: LibraryDatabase,
  isHashed: boolean,
  signal: AbortSignal,
): Promise<{ items: number; bytes: number }> {
  if (!isHashed) return { items: database.countItems(), bytes: 0 };
  let [items, bytes] = [0, 0];
  for (const { resources } of database.items()) {
    items += 1;
    for (const { isPresent, expectedBytes } of resources) if (isPresent) bytes += expectedBytes ?? 0;
    if (items % 500 !== 0) continue;
    await letOthersRun();
    signal.throwIfAborted();
  }
  return { items, bytes };
}

/** A weaker answer than a verdict: which files there are, and that they can be read. */
async function lookWithoutDatabase(
  { output, signal }: CommandContext,
  { hash: isHashed }: LibraryFlags,
  path: string,
  error: RollcallError,
): Promise<ExitStatus> {
  const count = countOriginals(path);
  if (count === 0) throw error;
  const status = statusOfError(error, null);
  output.note(
    "The library's database cannot be read: checking without it which files there are and whether they are readable.",
  );
  const screen = await output.showCheckUp({ items: count, bytes: 0, words: "files" });
  const done = { items: 0, bytes: 0 };
  const counts = { files: 0, bytes: 0, unreadable: 0 };
  const unreadable: string[] = [];
  async function* files() {
    for await (const file of readWithoutDatabase(path, { signal, depth: isHashed ? "bytes" : "size" })) {
      done.items += 1;
      screen.see(done);
      counts.files += 1;
      counts.bytes += file.sizeBytes ?? 0;
      if (file.sizeBytes === null) {
        counts.unreadable += 1;
        unreadable.push(file.path);
      }
      yield file;
    }
  }
  if (output.isJson) {
    const { error: said } = errorDocument(error, status, output.started);
    await output.slowDocument({ library: path, isHashed, error: said, files: files(), counts, status });
    return status;
  }
  for await (const _file of files());
  output.endProgress();
  await output.result(...looseFileLines({ ...counts, isHashed, named: unreadable }));
  printError(error, output.started);
  return status;
}

/** @throws RollcallError BAD_USAGE where nobody can say which library is open */
async function openLibrary({ settings, signal }: CommandContext): Promise<string> {
  const { process: photosProcess } = await realPhotos(settings, "question");
  const found = await photosProcess.openLibrary(signal);
  if (found !== null) return found;
  throw new RollcallError("BAD_USAGE", {
    message: "It is not known which library Photos has open.",
    remedy: 'Name one: rollcall library ~/Pictures/"Photos Library.photoslibrary".',
  });
}

async function* mapped<From, To>(
  all: AsyncIterable<From>,
  change: (one: From) => To,
): AsyncGenerator<To, void, undefined> {
  for await (const one of all) yield change(one);
}
