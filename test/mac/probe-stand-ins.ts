import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeMac } from "../integrations/fake-mac.js";

const repository = join(import.meta.dirname, "../..");
export const PROBE = join(repository, "scripts/probe-mac.mjs");

/** Every program that a probe runs, and what a test may have it do instead. */
export type ProbeProgram = keyof typeof PROGRAMS;
export type Faulty = Partial<Record<ProbeProgram, "absent" | "hangs" | "exits 5">>;

/**
 * A Mac of small programs that do for a probe what the real ones do: launchd, an app, a shortcut and Automator really start
 * what they are given, each in the bare environment that macOS gives it. Beside `FakeMac`, which builds the app.
 */
export class ProbeMac extends FakeMac {
  readonly findingsFile = join(this.folder, "findings.json");

  constructor(faulty: Faulty = {}) {
    super();
    mkdirSync(join(this.home, "Pictures", "Photos Library.photoslibrary", "database"), { recursive: true });
    writeFileSync(this.database, "SQLite format 3\0");
    writeFileSync(join(this.folder, "helper.cjs"), HELPER);
    for (const [name, work] of Object.entries(PROGRAMS))
      this.#write(name, faulty[name as ProbeProgram], work);
  }

  get database(): string {
    return join(this.home, "Pictures", "Photos Library.photoslibrary", "database", "Photos.sqlite");
  }

  #write(name: string, faulty: "absent" | "hangs" | "exits 5" | undefined, work: string): void {
    const path = join(this.programs, name);
    const instead = { absent: null, hangs: "sleep 600 & wait", "exits 5": 'echo "no: $*" >&2; exit 5' };
    const does = faulty === undefined ? work : instead[faulty];
    // A program that is absent is a file that nobody may run.
    writeFileSync(
      path,
      `#!/bin/sh\nfolder='${this.folder.replaceAll("'", `'\\''`)}'\nnode='${process.execPath}'\n${does ?? ""}\n`,
    );
    chmodSync(path, does === null ? 0o644 : 0o755);
  }

  /** Runs the probe as a person does, with nobody at the screen. */
  probe(...args: string[]) {
    const all = [PROBE, "--yes", "--no-input", "--findings", this.findingsFile, ...args];
    const options = { cwd: repository, encoding: "utf8", env: this.environmentOfTerminal } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, all, options);
    return { status, stdout, stderr };
  }

  /** The same, and SIGTERM as soon as `isTime`. */
  async probeStoppedOnce(isTime: () => boolean, ...args: string[]) {
    const all = [PROBE, "--yes", "--no-input", "--findings", this.findingsFile, ...args];
    const child = spawn(process.execPath, all, {
      cwd: repository,
      env: this.environmentOfTerminal,
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const looking = setInterval(() => {
      if (!isTime()) return;
      clearInterval(looking);
      child.kill("SIGTERM");
    }, 50);
    return { status: await ended };
  }

  /** Runs it at a terminal, with a person who types each of these once what stands before it is on the screen. */
  async probeAtTerminal(args: readonly string[], keys: readonly (readonly [seen: string, typed: string])[]) {
    const words = [process.execPath, PROBE, "--findings", this.findingsFile, ...args].join("' '");
    const child = spawn("script", ["-qefc", `exec '${words}'`, "/dev/null"], {
      cwd: repository,
      env: { ...this.environmentOfTerminal, TERM: "xterm", SHELL: "/bin/sh" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const left = [...keys];
    let [screen, from] = ["", 0];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen += text;
      for (let at = 0; left.length > 0 && (at = screen.indexOf(left[0]![0], from)) >= 0; ) {
        from = at + left[0]![0].length;
        child.stdin.write(left.shift()![1]);
      }
    });
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { screen, status, left };
  }

  private get environmentOfTerminal(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.home,
      TMPDIR: this.folder,
      ROLLCALL_MAC_PROGRAMS: this.programs,
      __CFBundleIdentifier: "com.apple.Terminal",
      TERM_PROGRAM: "Apple_Terminal",
    };
  }

  findings(): ProbeFindings {
    return JSON.parse(readFileSync(this.findingsFile, "utf8")) as ProbeFindings;
  }

  /** What a probe told macOS to forget or to unload, in order. */
  told(): string[] {
    const path = join(this.folder, "told");
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  }
}

export interface ProbeFindings {
  readonly isStandIn: boolean;
  readonly left: readonly string[];
  readonly places: readonly {
    readonly place: string;
    readonly started: string | null;
    readonly why: string | null;
    /** What the person said that they saw. */
    readonly seen: Readonly<Record<string, string>>;
    readonly steps: readonly { readonly name: string; readonly answer: Answer & Record<string, Answer> }[];
  }[];
}

interface Answer {
  readonly outcome?: string;
  readonly said?: unknown;
  readonly touched?: readonly { readonly what: string; readonly code: string }[];
}

const bare =
  'env -i HOME="$HOME" PATH=/usr/bin:/bin:/usr/sbin:/sbin ROLLCALL_MAC_PROGRAMS="$ROLLCALL_MAC_PROGRAMS"';

const PROGRAMS = {
  sw_vers: "echo 26.1",
  ps: 'echo "/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal"',
  lsof: `printf 'p501\\ncPhotos\\nn%s\\nn/private/var/db/other\\np77\\ncphotolibraryd\\nn%s\\n' \\
  "$HOME/Pictures/Photos Library.photoslibrary/database/Photos.sqlite" \\
  "$HOME/Library/Photos/Libraries/Syndication.photoslibrary/database/Photos.sqlite"`,
  // osascript -l JavaScript FILE INPUT: answers by the name of the script.
  osascript: `
case $3 in
  */whoIsResponsible.js) echo '{"ok":true,"value":[{"isItself":false,"responsible":1,"bundle":"com.apple.Terminal"}]}' ;;
  */mayControlPhotos.js) echo '{"ok":true,"value":{"answer":-1744}}' ;;
  */countAlbums.js) echo '{"ok":false,"number":-1743,"message":"refused","step":"count albums"}' ;;
  */photosRunning.js) echo '{"ok":true,"value":{"running":true,"pid":501,"launchedAtMs":1700000000000}}' ;;
  */questionWindows.js) echo '{"ok":true,"value":["UserNotificationCenter"]}' ;;
  *) echo '{"ok":true,"value":{"status":0}}' ;;
esac`,
  launchctl: `
echo "launchctl $1" >> "$folder/told"
case $1 in
  bootstrap) $node "$folder/helper.cjs" agent "$3" ;;
  print) exit 113 ;;
esac`,
  lsregister: 'echo "lsregister $1" >> "$folder/told"',
  tccutil: 'echo "tccutil $1 $2" >> "$folder/told"',
  open: `for last; do :; done
case $last in
  *.app) ${bare} $node "$folder/helper.cjs" app "$last" >/dev/null 2>&1 & ;;
  *.shortcut) cp "$last" "$folder/shortcut"; basename "$last" .shortcut > "$folder/added" ;;
esac`,
  codesign: `for app; do :; done
case $1 in
  --verify) [ -d "$app/Contents/_CodeSignature" ] ;;
  *) mkdir -p "$app/Contents/_CodeSignature" ;;
esac`,
  // The person adds a shortcut as soon as it is opened, and deletes none.
  shortcuts: `
case $1 in
  sign) cp "$5" "$7" ;;
  list) cat "$folder/added" 2>/dev/null ;;
  run) ${bare} $node "$folder/helper.cjs" shortcut "$folder/shortcut" ;;
esac
exit 0`,
  pbs: 'echo "pbs $1" >> "$folder/told"',
  automator: `${bare} $node "$folder/helper.cjs" automator "$1"`,
} as const;

/** Takes apart what the probe wrote, and runs it as launchd, an applet and Automator do. */
const HELPER = `
const { spawn, spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const vm = require("node:vm");
const [what, path] = process.argv.slice(2);
const plain = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
const strings = (text) => [...text.matchAll(/<string>([^<]*)</g)].map(([, one]) => plain(one));
if (what === "agent") {
  const text = readFileSync(path, "utf8");
  const [program, ...args] = strings(/ProgramArguments<.key>\\s*<array>([^]*?)<.array>/.exec(text)[1]);
  const env = { HOME: process.env.HOME, PATH: "/usr/bin:/bin", ROLLCALL_MAC_PROGRAMS: process.env.ROLLCALL_MAC_PROGRAMS };
  spawn(program, args, { env, detached: true, stdio: "ignore" }).unref();
} else if (what === "shortcut") {
  const [script] = strings(/<key>Script<.key>\\s*(<string>[^]*?<.string>)/.exec(readFileSync(path, "utf8"))[1]);
  spawnSync("/bin/sh", ["-c", script], { stdio: "ignore" });
} else if (what === "automator") {
  const text = readFileSync(path + "/Contents/document.wflow", "utf8");
  const [script] = strings(/COMMAND_STRING<.key>\\s*(<string>[^]*?<.string>)/.exec(text)[1]);
  spawnSync("/bin/sh", ["-c", script], { stdio: "ignore" });
} else {
  const doShellScript = (command) => {
    // Nobody waits two and a half minutes for a stand-in.
    if (/^sleep \\d+$/.test(command)) return "";
    const { status } = spawnSync("/bin/sh", ["-c", command], { stdio: "ignore" });
    if (status !== 0) throw Object.assign(new Error("Error"), { errorNumber: status });
    return "";
  };
  const app = { includeStandardAdditions: false, doShellScript, displayNotification: () => {}, quit: () => {} };
  const Application = { currentApplication: () => app };
  const source = readFileSync(path + "/Contents/Resources/Scripts/main.scpt", "utf8");
  const context = vm.createContext({ Application });
  vm.runInContext(source + "\\nrun()", context);
}
`;
