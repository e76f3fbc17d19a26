import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Hono } from "hono";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { systemClock } from "../../src/clock.js";
import { RollcallError } from "../../src/errors.js";
import { Access } from "../../src/gui/access.js";
import type { GuiParts } from "../../src/gui/gui-parts.js";
import { guiRoutes } from "../../src/gui/gui-routes.js";
import { GuiSession } from "../../src/gui/gui-session.js";
import type { Change, PageState, PhotoList, Requests } from "../../src/gui/page/server-state.js";
import { StoredReceipts } from "../../src/gui/stored-receipts.js";
import { JxaPhotosLibrary } from "../../src/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { Phone } from "../../src/phone/phone.js";
import type { NotReady, PhoneFinder, PhoneState, SeenPhone } from "../../src/phone/phone-watch.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos, type VirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { realTime } from "../../src/virtual/photos/virtual-time.js";
import { directAccess } from "../direct-access.js";
import { memoryDisk } from "../memory-disk.js";

const PORT = 49_152;
const OWN = `http://127.0.0.1:${PORT}`;

/** Phones that a test plugs in and out. */
export class FakeCable implements PhoneFinder {
  readonly #phones = new Map<string, { phone: MemoryPhone; state: PhoneState; deviceId: number }>();
  readonly #listeners = new Set<() => void>();
  #plugIns = 0;

  plugIn(phone: MemoryPhone, state: PhoneState = "ready"): void {
    this.#plugIns += 1;
    this.#phones.set(phone.identity.udid, { phone, state, deviceId: this.#plugIns });
    this.#ring();
  }

  unplug({ identity }: MemoryPhone): void {
    this.#phones.delete(identity.udid);
    this.#ring();
  }

  async look(): Promise<SeenPhone[]> {
    return [...this.#phones.values()].map(({ phone, state, deviceId }) => ({
      udid: phone.identity.udid,
      identity: phone.identity,
      state,
      deviceId,
      reason: state === "ready" ? null : LOCKED,
      cableBitsPerSecond: 480_000_000,
      seenBy: { usb: true, usbmuxd: true },
    }));
  }

  async open(udid: string): Promise<Phone> {
    const found = this.#phones.get(udid);
    if (found === undefined)
      throw new RollcallError("PHONE_GONE", { message: "It is gone.", remedy: "Plug it in again." });
    if (found.state !== "ready") throw new RollcallError(LOCKED.code, LOCKED);
    const { phone } = found;
    // Each connection is closed by itself; the phone in memory stays for the next one.
    return new Proxy(phone, {
      get: (of, name) => {
        if (name === Symbol.asyncDispose) return async () => {};
        const value: unknown = Reflect.get(of, name, of);
        return typeof value === "function" ? value.bind(of) : value;
      },
    });
  }

  async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    this.#listeners.add(onChange);
    onChange();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.#listeners.delete(onChange);
  }

  #ring(): void {
    for (const listener of this.#listeners) listener();
  }
}

const LOCKED: NotReady = {
  code: "PHONE_LOCKED",
  message: "Memory Phone is locked.",
  remedy: "Unlock it.",
};

/** A page's server without a socket: real routes, real stages, a phone in memory and the virtual Photos. Dispose it. */
export class GuiDesk implements AsyncDisposable {
  readonly cable = new FakeCable();
  readonly access = new Access();
  readonly folder = mkdtempSync(join(memoryDisk, "rollcall-gui-"));
  readonly photos: VirtualPhotos;
  readonly session: GuiSession;
  readonly routes: Hono;
  readonly parts: GuiParts;
  /** What the page had done besides imports, in order. */
  readonly done: string[] = [];
  #isAtWork = false;

  /** @param phones are on the cable from the beginning */
  constructor(phones: readonly MemoryPhone[] = [], change: (parts: GuiParts) => GuiParts = (parts) => parts) {
    for (const phone of phones) this.cable.plugIn(phone);
    for (const name of ["staging", "receipts", "work"]) mkdirSync(join(this.folder, name));
    this.photos = openVirtualPhotos(join(this.folder, "Test.photoslibrary"));
    this.parts = change(this.#madeParts());
    this.session = new GuiSession(this.parts, (path) => this.access.signed(path));
    const files = new Map([["index.html", { type: "text/html", bytes: Buffer.from("<!doctype html>") }]]);
    const receipts = new StoredReceipts(this.parts.receipts);
    this.routes = guiRoutes({
      session: this.session,
      access: this.access,
      receipts,
      files,
      port: () => PORT,
    });
  }

  /** A request as our own page sends it; `init.headers` come on top, and null takes one away. */
  async ask(
    path: string,
    {
      method = "GET",
      body,
      headers = {},
    }: { method?: string; body?: string; headers?: Record<string, string | null> } = {},
  ): Promise<Response> {
    const all: Record<string, string | null> = {
      host: `127.0.0.1:${PORT}`,
      authorization: `Bearer ${this.access.token}`,
      ...(method === "POST" && {
        origin: OWN,
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
      }),
      ...headers,
    };
    const sent = Object.entries(all).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    );
    return await this.routes.request(`${OWN}${path}`, {
      method,
      headers: Object.fromEntries(sent),
      ...(body !== undefined && { body }),
    });
  }

  async post<Path extends keyof Requests>(path: Path, body: Requests[Path]): Promise<Response> {
    return await this.ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  /** The state as soon as it is so; by the changes that a page is told. */
  async until(isSo: (state: PageState) => boolean): Promise<PageState> {
    const gone = new AbortController();
    for await (const change of this.session.live.changes(gone.signal))
      if (change.type === "state" && isSo(change.state)) return change.state;
    throw new Error("the server ended first");
  }

  /** The list of photos once the phone that is plugged in has been read. */
  async photoList(): Promise<PhotoList> {
    const { opened } = await this.until((state) => state.opened?.phase === "ready");
    const response = await this.ask(`/api/photos?plan=${opened!.photos!.plan}`);
    return (await response.json()) as PhotoList;
  }

  /** Every change from now on, until one is so. */
  async changesUntil(isSo: (change: Change) => boolean): Promise<Change[]> {
    const seen: Change[] = [];
    for await (const change of this.session.live.changes(new AbortController().signal)) {
      seen.push(change);
      if (isSo(change)) break;
    }
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
    this.photos.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As the lock of a data folder: two at once are refused. */
  async #atWork<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isAtWork) throw new Error("two at work in one data folder");
    this.#isAtWork = true;
    try {
      return await work();
    } finally {
      this.#isAtWork = false;
    }
  }

  #madeParts(): GuiParts {
    const workFolder = join(this.folder, "work");
    const runScript = runInProcess(this.photos, realTime);
    const process = new JxaPhotosProcess({
      runScript,
      access: directAccess,
      macPrograms: null,
      configuredLibrary: this.photos.library.path,
    });
    return {
      version: "0.0.0-test",
      clock: systemClock,
      finder: this.cable,
      photos: {
        photos: new JxaPhotosLibrary({ runScript, photosProcess: process }),
        process,
        originals: libraryOriginals({ workFolder, access: directAccess }),
        libraryAccess: directAccess,
      },
      receipts: new ReceiptFolder(join(this.folder, "receipts"), commandWords),
      stagingFolder: join(this.folder, "staging"),
      withData: (work) =>
        this.#atWork(async () => {
          using ledgerDatabase = await LedgerDatabase.open(join(this.folder, "ledger.sqlite"));
          return await work({ ledgerDatabase, workFolder });
        }),
      prepareStaging: async () => {},
      deeds: {
        inShort: ({ head }) => ({
          summary: `${head.totals.thisRun.items} new`,
          remedy: null,
          isTrouble: false,
          isSafeToUnplug: true,
        }),
        earlierMsPerItem: async () => null,
        eject: async (udid) => {
          this.done.push(`eject ${udid}`);
          return "It was ejected.";
        },
        showAlbum: async (id) => {
          this.done.push(`show ${id}`);
          return true;
        },
        automatic: {
          writes: "a note",
          isOn: async () => this.done.includes("automatic"),
          set: (_udid, isOn) =>
            this.#atWork(async () => void this.done.push(isOn ? "automatic" : "not automatic")),
        },
        verify: (receipt) =>
          this.#atWork(async () => {
            this.done.push(`verify ${receipt}`);
            return { summary: "all proved", html: "<!doctype html><p>proved" };
          }),
        safeToRemove: () => this.#atWork(async () => ({ summary: "none", html: null })),
        doctor: async () => [{ status: "ok", title: "Which Mac is it?", words: "a Mac", remedy: null }],
      },
    };
  }
}
