import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/clock.js";

/** A temporary folder that is gone after the test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "rollcall-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Writes an executable Node program to be started in osascript's place, and returns its path. */
export async function standIn(folder: string, program: string, name = "osascript"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${program}`);
  await chmod(path, 0o755);
  return path;
}

/**
 * Does what osascript does with `-l JavaScript - ARGUMENT`: reads the program from stdin, runs it alone,
 * calls `run` and prints the result. Of Foundation it knows how to read a text file.
 */
export const honest = `
const vm = require("node:vm"), fs = require("node:fs");
const [l, language, dash, ...argv] = process.argv.slice(2);
if (l !== "-l" || language !== "JavaScript" || dash !== "-") process.exit(64);
const program = fs.readFileSync(0, "utf8");
if (/[^\\x00-\\x7f]/.test(program + argv.join(""))) process.exit(65);
const fail = (number, text) => { throw Object.assign(new Error(text), { errorNumber: number }); };
const context = vm.createContext({
  ObjC: { import(name) { if (name !== "Foundation") fail(-2700, "no " + name); } },
  $: {
    NSUTF8StringEncoding: 4,
    NSString: { stringWithContentsOfFileEncodingError: (path) => {
      const absent = !fs.existsSync(path);
      return { isNil: () => absent, js: absent ? undefined : fs.readFileSync(path, "utf8"),  };
    } },
  },
});
try {
  vm.runInContext(program, context);
  context.argv = argv;
  console.log(vm.runInContext("run(argv)", context));
} catch (error) {
  console.error("0:1: execution error: Error: " + error.message + " (" + (error.errorNumber ?? -2700) + ")");
  process.exit(1);
}
`;

/** A clock whose waits end only when the test says so. */
export function handClock(): Clock & { readonly waits: number[]; ringAll(): void } {
  const pending = new Set<() => void>();
  const waits: number[] = [];
  return {
    waits,
    ringAll() {
      for (const ring of pending) ring();
    },
    now: () => new Date(0),
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        waits.push(ms);
        pending.add(resolve);
        signal?.addEventListener("abort", () => {
          pending.delete(resolve);
          reject(signal.reason);
        });
      }),
  };
}

/** Where child processes say that they live; a closed connection says that they no longer do. */
export class LifeLine implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #arrivals: Socket[] = [];
  #wake = () => {};

  private constructor(readonly path: string) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}).resume();
      this.#arrivals.push(socket);
      this.#wake();
    });
  }

  static async listen(folder: string): Promise<LifeLine> {
    const line = new LifeLine(join(folder, "life"));
    await new Promise<void>((resolve) => line.#server.listen(line.path, resolve));
    return line;
  }

  /** Source text that connects and holds the line. */
  get hold(): string {
    return `require("node:net").connect(${JSON.stringify(this.path)});`;
  }

  /** Resolves when `count` processes hold the line, to a promise that resolves when all of them have ended. */
  async held(count: number): Promise<{ ended: Promise<unknown> }> {
    while (this.#arrivals.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { ended: Promise.all(this.#arrivals.map((socket) => closed(socket))) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function closed(socket: Socket): Promise<void> {
  return socket.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => socket.once("close", () => resolve()));
}
