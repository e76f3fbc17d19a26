import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Receipt } from "../../src/receipt/receipt.js";
import {
  startVirtualIPhone,
  type VirtualIPhone,
  type VirtualIPhoneOptions,
} from "../../src/virtual/iphone/virtual-iphone.js";
import { openVirtualPhotos, type VirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { writeOsascriptExecutable } from "../../src/virtual/photos/write-osascript.js";
import { rollcallOnPath } from "../rollcall-on-path.js";

export const main = join(import.meta.dirname, "../../dist/main.js");
if (!existsSync(main)) throw new Error("these stories run the built command: npm run build first");

/**
 * The built command with everything a person has around it: a virtual iPhone on a real socket, a virtual
 * library with an executable in osascript's place, a data folder. Nothing outside its folder is touched.
 */
export class CommandHarness implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "rc-"));
  readonly mediaFolder = join(this.folder, "media");
  readonly socketPath = join(this.folder, "usbmuxd");
  readonly photos: VirtualPhotos;
  readonly #phones: VirtualIPhone[] = [];
  readonly #osascript: string;

  /** @param osascript the program in osascript's place; the virtual one unless given. Absolute */
  constructor(osascript = join(import.meta.dirname, "../../dist/virtual/photos/osascript-main.js")) {
    mkdirSync(join(this.mediaFolder, "DCIM"), { recursive: true });
    const libraryPath = join(this.folder, "Test.photoslibrary");
    this.photos = openVirtualPhotos(libraryPath);
    this.#osascript = writeOsascriptExecutable({
      file: join(this.folder, "osascript"),
      libraryPath,
      program: osascript,
    });
  }

  async plugIn(options: Partial<VirtualIPhoneOptions> = {}): Promise<VirtualIPhone> {
    const phone = await startVirtualIPhone({
      mediaFolder: this.mediaFolder,
      socketPath: this.socketPath,
      name: "Anna's iPhone",
      ...options,
    });
    this.#phones.push(phone);
    return phone;
  }

  /** Everything from the environment that Rollcall looks at, and no more. */
  get environment(): Record<string, string> {
    return {
      PATH: rollcallOnPath(),
      HOME: this.folder,
      TZ: "UTC",
      ROLLCALL_HOME: join(this.folder, "data"),
      USBMUXD_SOCKET_ADDRESS: `UNIX:${this.socketPath}`,
      ROLLCALL_OSASCRIPT: this.#osascript,
      ROLLCALL_PHOTOS_LIBRARY: this.photos.library.path,
    };
  }

  /** Runs `rollcall ...`; never rejects for an exit status. */
  async rollcall(
    args: readonly string[],
    environment: Record<string, string | undefined> = {},
  ): Promise<{ stdout: string; stderr: string; exitCode: number | undefined }> {
    const { stdout, stderr, exitCode } = await this.start(args, environment);
    return { stdout: String(stdout), stderr: String(stderr), exitCode };
  }

  /** Starts `rollcall ...`, to be looked at or killed while it runs. */
  start(args: readonly string[], environment: Record<string, string | undefined> = {}) {
    return this.run([process.execPath, main, ...args], environment);
  }

  /** Starts a program with what Rollcall looks at in its environment. */
  protected run(
    [program, ...args]: readonly [string, ...string[]],
    environment: Record<string, string | undefined>,
  ) {
    const env = Object.entries({ ...this.environment, ...environment }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return execa(program, args, {
      env: Object.fromEntries(env),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  }

  /** Runs it with `--json` and reads the receipt. */
  async receiptOf(...args: string[]): Promise<Receipt & { exitCode: number | undefined }> {
    const { stdout, stderr, exitCode } = await this.rollcall([...args, "--json"]);
    try {
      return { ...(JSON.parse(stdout) as Receipt), exitCode };
    } catch {
      throw new Error(
        `rollcall ${args.join(" ")} printed no receipt (exit ${exitCode}):\n${stdout}\n${stderr}`,
      );
    }
  }

  /** File names in every album of this title, as Photos lists them, sorted. */
  album(title: string): string[] {
    return this.#ask<string[]>(
      `Application("Photos").albums.whose({name: ${JSON.stringify(title)}})().flatMap((a) => a.mediaItems.filename())`,
    ).sort();
  }

  albumTitles(): string[] {
    return this.#ask<string[]>('Application("Photos").albums.name()').sort();
  }

  itemCount(): number {
    return this.#ask<number>('Application("Photos").mediaItems.length');
  }

  /** Looks without being seen: Photos is not counted as started by it, nor the events. */
  #ask<Value>(expression: string): Value {
    const wasRunning = this.photos.running() !== null;
    const before = this.photos.counters();
    const outcome = this.photos.runText(`JSON.stringify(${expression})`);
    if (!wasRunning) this.photos.end();
    if (before.total === 0) this.photos.resetCounters();
    if (!outcome.ok) throw new Error(outcome.message);
    return JSON.parse(outcome.output) as Value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const phone of this.#phones) await phone[Symbol.asyncDispose]();
    this.photos.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until a run started with `--events` reports what is looked for, and goes on reading after it. */
export function eventOf(
  running: ReturnType<CommandHarness["start"]>,
  isIt: (event: { type: string; items?: number }) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = "";
    running.stdout.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      if (lines.some((line) => line !== "" && isIt(JSON.parse(line)))) resolve();
    });
    running.stdout.on("end", () => reject(new Error("the run ended without that event")));
  });
}
