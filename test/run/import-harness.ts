import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { JxaPhotosLibrary } from "../../src/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import type { RunScript } from "../../src/jxa/run-script.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { Phone } from "../../src/phone/phone.js";
import type { LibraryAccess } from "../../src/photos/library-access.js";
import type { LibraryPackage, LibraryPackages } from "../../src/photos/library-package.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { copyFromPhone } from "../../src/run/copy-from-phone.js";
import { importFromPhone } from "../../src/run/import-from-phone.js";
import type { RunEvent } from "../../src/run/run-events.js";
import type { FinishedRun, ImportParts, ImportRequest, Questions } from "../../src/run/run-parts.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos, type VirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { directAccess } from "../direct-access.js";
import { memoryDisk } from "../memory-disk.js";

/**
 * A desk with a phone, a Mac and its Photos on it, all in this process: real stages, real scripts, real
 * SQLite; a phone in memory, a clock that nobody waits for. Dispose it.
 */
export class ImportHarness implements Disposable {
  readonly folder: string;
  readonly clock = new ManualTime();
  readonly photos: VirtualPhotos;
  readonly ledgerPath: string;
  readonly events: RunEvent[] = [];
  /** Wraps every script; a test may look at what passes or break it. */
  runScript: RunScript;
  questions: Questions | null = null;
  /** Stands between a run and its ledger; a test may look at what is written. */
  watchLedger: (ledgerDatabase: LedgerDatabase) => LedgerDatabase = (ledgerDatabase) => ledgerDatabase;
  /** Touches the library package first; a test may make macOS ask. */
  libraryAccess: LibraryAccess = directAccess;
  /** Reads the library package; a test may look at what is read, or take the right away. */
  originals: LibraryPackages;

  /** @param folder what an earlier desk left behind, to go on with; without it everything is new */
  constructor(folder?: string) {
    this.folder = folder ?? mkdtempSync(join(memoryDisk, "rollcall-desk-"));
    for (const name of ["staging", "receipts", "work"])
      mkdirSync(join(this.folder, name), { recursive: true });
    this.ledgerPath = join(this.folder, "ledger.sqlite");
    this.photos = openVirtualPhotos(join(this.folder, "Test.photoslibrary"), { time: this.clock });
    this.runScript = runInProcess(this.photos, this.clock);
    const originals = libraryOriginals({
      workFolder: join(this.folder, "work"),
      access: { touch: (path) => this.libraryAccess.touch(path) },
    });
    this.originals = lookedAtNow(originals, this.photos);
  }

  get stagingFolder(): string {
    return join(this.folder, "staging");
  }

  async parts(phone: Phone, ledgerDatabase: LedgerDatabase, signal?: AbortSignal): Promise<ImportParts> {
    const runScript: RunScript = (script, input, options) => this.runScript(script, input, options);
    const process = new JxaPhotosProcess({
      runScript,
      access: directAccess,
      macPrograms: null,
      configuredLibrary: this.photos.library.path,
    });
    return {
      phone,
      ledgerDatabase,
      receipts: new ReceiptFolder(join(this.folder, "receipts"), commandWords),
      clock: this.clock,
      workFolder: join(this.folder, "work"),
      toolVersion: "0.0.0-test",
      report: (event) => this.events.push(event),
      signal,
      stagingFolder: this.stagingFolder,
      questions: this.questions,
      process,
      originals: this.originals,
      libraryAccess: this.libraryAccess,
      photos: new JxaPhotosLibrary({ runScript, photosProcess: process, clock: this.clock }),
    };
  }

  async import(
    phone: Phone,
    request: Partial<ImportRequest> = {},
    signal?: AbortSignal,
  ): Promise<FinishedRun & { answersByPath: Map<string, string> }> {
    const ledgerDatabase = await LedgerDatabase.open(this.ledgerPath);
    try {
      const finished = await importFromPhone(
        await this.parts(phone, this.watchLedger(ledgerDatabase), signal),
        {
          selection: {},
          edits: false,
          again: false,
          withoutPhoneLibrary: false,
          keepAlbums: false,
          mayRelaunch: false,
          batchLimits: { items: 50, bytes: 1024 ** 3 },
          stagedBytesLimit: 8 * 1024 ** 3,
          ...request,
        },
      );
      const answers = [...finished.answers()];
      return {
        ...finished,
        answers: () => answers,
        answersByPath: new Map(answers.map(({ path, answer }) => [path, answer])),
      };
    } finally {
      ledgerDatabase[Symbol.dispose]();
    }
  }

  async copy(phone: Phone, folder: string, selection = {}, signal?: AbortSignal): Promise<FinishedRun> {
    const ledgerDatabase = await LedgerDatabase.open(this.ledgerPath);
    try {
      const finished = await copyFromPhone(await this.parts(phone, ledgerDatabase, signal), {
        folder,
        selection,
        withoutPhoneLibrary: false,
      });
      const answers = [...finished.answers()];
      return { ...finished, answers: () => answers };
    } finally {
      ledgerDatabase[Symbol.dispose]();
    }
  }

  /** Titles of the albums a person sees, with the file names in each. */
  albums(): Record<string, string[]> {
    const script = `
      const P = Application("Photos");
      JSON.stringify(P.albums().map((a) => [a.name(), a.mediaItems.filename()]));`;
    const outcome = this.photos.runText(script);
    if (!outcome.ok) throw new Error(outcome.message);
    const albums = JSON.parse(outcome.output) as [string, string[]][];
    const titles = albums.map(([title]) => title);
    if (new Set(titles).size !== titles.length)
      throw new Error(`two albums of one name: ${titles.join(", ")}`);
    return Object.fromEntries(albums.map(([title, names]) => [title, names.sort()]));
  }

  itemCount(): number {
    const outcome = this.photos.runText('String(Application("Photos").mediaItems.length)');
    if (!outcome.ok) throw new Error(outcome.message);
    return Number(outcome.output);
  }

  [Symbol.dispose](): void {
    this.photos.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whoever looks into the package finds what Photos has put there by then. */
function lookedAtNow(originals: LibraryPackages, photos: Pick<VirtualPhotos, "catchUp">): LibraryPackages {
  const watched = (library: LibraryPackage): LibraryPackage => ({
    path: library.path,
    libraryId: (signal) => library.libraryId(signal),
    filesOf: (ids) => {
      photos.catchUp();
      return library.filesOf(ids);
    },
    sha256Of: (file, signal) => library.sha256Of(file, signal),
    openRecords: (signal) => {
      photos.catchUp();
      return library.openRecords(signal);
    },
  });
  return {
    async open(path, signal) {
      const library = await originals.open(path, signal);
      if (!("code" in library)) return watched(library);
      if (!("later" in library)) return library;
      const later = library.later.then((answered) => ("code" in answered ? answered : watched(answered)));
      return { ...library, later };
    },
  };
}

/** A phone in memory with the demo's camera roll on it. */
export async function phoneWithCameraRoll(
  options: {
    photos?: number;
    seed?: number;
    hasLibraryOnly?: boolean;
    hasEditsOfIOS26?: boolean;
    hasOddRows?: boolean;
    isSyncedWithICloud?: boolean;
  } = {},
): Promise<MemoryPhone> {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-roll-"));
  try {
    await makeCameraRoll({ folder, now: new Date("2026-11-20T12:00:00Z"), ...options });
    return await phoneOver(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A phone in memory with everything that lies below a folder. */
export async function phoneOver(folder: string): Promise<MemoryPhone> {
  const phone = new MemoryPhone();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const onPhone = path.slice(folder.length);
    if (entry.isDirectory()) phone.makeFolder(onPhone);
    if (!entry.isFile()) continue;
    const { mtime } = await stat(path);
    phone.put(onPhone, { bytes: readFileSync(path), modifiedAt: new Date(Math.floor(mtime.getTime())) });
  }
  return phone;
}
