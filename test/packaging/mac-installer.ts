import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FakeMac } from "../integrations/fake-mac.js";

export const top = join(import.meta.dirname, "../..");
export const script = join(top, "scripts/install-mac.sh");
export const scriptText = readFileSync(script, "utf8");
export const project = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
const variable = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(scriptText)?.[1] ?? "";
export const nodeVersion = variable("NODE_VERSION");
export const rollcallVersion = variable("ROLLCALL_VERSION");
export const packageName = `rollcall-${rollcallVersion}.tgz`;
const nodeName = `node-v${nodeVersion}-darwin-arm64`;
export const archiveName = `${nodeName}.tar.gz`;

/** The parts of a kit that a test may spoil. */
export interface KitOptions {
  /** Node's program: this computer's own, or the text of a script. */
  readonly node?: "real" | string;
  /** npm: this computer's own, or the text of a program for node. */
  readonly npm?: "real" | string;
}

/** As npm ci: nothing but what the lock names, no script, nothing of what only the tests need. */
const NPM = `
const { existsSync, symlinkSync } = require("node:fs");
const words = process.argv.slice(2);
for (const word of ["ci", "--ignore-scripts", "--omit=dev"])
  if (!words.includes(word)) throw new Error("npm was called without " + word);
if (!existsSync("package-lock.json")) throw new Error("npm error code EUSAGE");
symlinkSync(${JSON.stringify(join(top, "node_modules"))}, "node_modules");
`;
const NODE = `#!/bin/sh\n[ -z "\${KILL_COUNT-}" ] || . "$KILL_SCRIPT"\nexec '${process.execPath}' "$@"\n`;

/** What Rollcall is installed from: Node's archive with its checksums, and the package. */
export class Kit implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "rc-kit-"));

  constructor(packed: string, { node = NODE, npm = NPM }: KitOptions = {}) {
    const inside = join(this.folder, "archive", nodeName);
    mkdirSync(join(inside, "bin"), { recursive: true });
    writeFileSync(join(inside, "LICENSE"), "MIT");
    if (node === "real") cpSync(process.execPath, join(inside, "bin/node"));
    else writeFileSync(join(inside, "bin/node"), node, { mode: 0o755 });
    const program = join(inside, "lib/node_modules/npm/bin/npm-cli.js");
    mkdirSync(dirname(program), { recursive: true });
    if (npm === "real") cpSync(npmFolder()!, join(inside, "lib/node_modules/npm"), { recursive: true });
    else writeFileSync(program, npm);
    const archive = join(this.folder, archiveName);
    execFileSync("tar", [
      "-cf",
      archive,
      "--use-compress-program=gzip -1",
      "-C",
      join(this.folder, "archive"),
      nodeName,
    ]);
    rmSync(join(this.folder, "archive"), { recursive: true });
    cpSync(packed, join(this.folder, packageName));
    this.sum();
  }

  /** The checksums of what lies there now, as nodejs.org writes them. */
  sum(): void {
    const sha256 = createHash("sha256")
      .update(readFileSync(join(this.folder, archiveName)))
      .digest("hex");
    this.write("SHASUMS256.txt", `${"0".repeat(64)}  node-v${nodeVersion}.pkg\n${sha256}  ${archiveName}\n`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where this computer's npm lies; null where that is not known. */
export function npmFolder(): string | null {
  const { stdout } = spawnSync("/bin/sh", ["-c", "command -v npm"], { encoding: "utf8" });
  if (stdout.trim() === "") return null;
  const folder = dirname(dirname(realpathSync(stdout.trim())));
  return existsSync(join(folder, "bin/npm-cli.js")) ? folder : null;
}

/** A Mac on which Rollcall is installed: its home has spaces and an apostrophe in its name. */
export class MacToInstallOn implements Disposable {
  readonly mac = new FakeMac();
  readonly root = join(this.mac.home, ".rollcall");
  readonly rollcall = join(this.root, "bin/rollcall");
  readonly #bin = join(this.mac.folder, "bin");

  constructor() {
    mkdirSync(this.#bin);
    this.says("uname", "case $1 in -s) echo Darwin ;; -m) echo arm64 ;; esac");
    this.says("sw_vers", "echo 26.1");
    this.says("sysctl", "echo 1");
    this.says("id", "echo 501");
  }

  /** What a program of this Mac does. */
  says(name: string, work: string): void {
    writeFileSync(join(this.#bin, name), `#!/bin/sh\n${work}\n`, { mode: 0o755 });
  }

  /** Kills the installation, with all that it started, at its Nth command. */
  killAt(count: number): void {
    writeFileSync(join(this.mac.folder, "count"), "");
    writeFileSync(
      join(this.mac.folder, "kill.sh"),
      `echo . >> "$KILL_COUNT"\n[ "$(/usr/bin/wc -l < "$KILL_COUNT")" -lt ${count} ] || kill -9 0\n`,
    );
    for (const name of COMMANDS) this.says(name, `. "$KILL_SCRIPT"\nexec ${whole(name)} "$@"`);
  }

  /** How many commands the last installation came to. */
  commandsRun(): number {
    return readFileSync(join(this.mac.folder, "count"), "utf8").length / 2;
  }

  surviveAll(): void {
    for (const name of COMMANDS) rmSync(join(this.#bin, name), { force: true });
    rmSync(join(this.mac.folder, "count"), { force: true });
  }

  install(from: Kit | null, ...more: string[]) {
    return this.run(scriptText, ...(from === null ? [] : ["--from", from.folder]), ...more);
  }

  /** As from a pipe: the script is what bash reads. */
  run(text: string, ...words: string[]) {
    const count = join(this.mac.folder, "count");
    const killing = existsSync(count)
      ? { KILL_COUNT: count, KILL_SCRIPT: join(this.mac.folder, "kill.sh") }
      : {};
    const registry = Object.entries(process.env).filter(([name]) => /^npm_config_|_proxy$/i.test(name));
    const { stdout, stderr, status, signal } = spawnSync("setsid", ["-w", "bash", "-s", "--", ...words], {
      input: text,
      encoding: "utf8",
      env: {
        ...Object.fromEntries(registry),
        ...this.mac.environment,
        ...killing,
        PATH: `${this.#bin}:/usr/bin:/bin:/usr/sbin:/sbin`,
      },
    });
    return { stdout, stderr, status, signal };
  }

  /** What the installed command prints. */
  version(): string {
    const { stdout } = spawnSync(this.rollcall, ["--version"], {
      env: { PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
    return stdout.trim();
  }

  /** The version that is the current one. */
  current(): string | null {
    try {
      return readlinkSync(join(this.root, "current"));
    } catch {
      return null;
    }
  }

  versions(): string[] {
    return existsSync(join(this.root, "versions")) ? readdirSync(join(this.root, "versions")).sort() : [];
  }

  /** Every file below the home but those that npm installed, each with what it is. */
  tree(): string[] {
    const names = readdirSync(this.mac.home, { recursive: true, encoding: "utf8" }).sort();
    return names.map((name) => {
      const stats = lstatSync(join(this.mac.home, name));
      return `${stats.mode.toString(8)} ${stats.ino} ${name}`;
    });
  }

  [Symbol.dispose](): void {
    this.mac[Symbol.dispose]();
  }
}

/** The programs that the installer runs by their names. */
const COMMANDS = [
  ...[
    "awk",
    "chmod",
    "cp",
    "date",
    "df",
    "grep",
    "head",
    "ln",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "rmdir",
    "sed",
  ],
  ...["shasum", "tar"],
];

function whole(name: string): string {
  return execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
}

/** What `npm pack` makes of this repository. */
export function packRollcall(folder: string): string {
  const pack = ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: top, encoding: "utf8", stdio: "pipe" });
  return join(folder, packageName);
}

/** Puts an installation there as npm alone makes one. */
export function installWithoutScript({ root }: MacToInstallOn): string {
  const package_ = join(root, "lib/node_modules/rollcall");
  mkdirSync(join(package_, "dist"), { recursive: true });
  mkdirSync(join(root, "bin"));
  writeFileSync(join(package_, "dist/main.js"), "#!/usr/bin/env node\nconsole.log('the old one')\n", {
    mode: 0o755,
  });
  symlinkSync("../lib/node_modules/rollcall/dist/main.js", join(root, "bin/rollcall"));
  return join(package_, "dist/main.js");
}
