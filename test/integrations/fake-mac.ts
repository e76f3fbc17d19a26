import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/clock.js";
import { type MacProgram, macProgramsIn } from "../../src/integrations/mac-programs.js";
import { programRunner, type RunProgram } from "../../src/integrations/run-program.js";
import type { SetUpFolders } from "../../src/integrations/set-up-files.js";

/** What a program does instead of its work. Each was seen on somebody's Mac. */
export type Misbehaviour = "absent" | "writes nothing" | "exits 5" | "hangs" | "killed" | "asks";

/**
 * A home folder and the programs of macOS that a set-up uses, as small shell scripts that write down how they were
 * called and do what the real ones are known to do to files. The seam is the product's own: a folder of programs.
 */
export class FakeMac implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "rc-mac-"));
  readonly home = join(this.folder, "home of Anna's");
  readonly programs = join(this.folder, "programs");
  readonly folders: SetUpFolders = {
    home: this.home,
    data: join(this.home, "Library", "Application Support", "Rollcall"),
  };
  readonly #state = join(this.folder, "state");

  constructor(misbehaving: Partial<Record<MacProgram, Misbehaviour>> = {}) {
    for (const folder of [this.home, this.programs, this.#state]) mkdirSync(folder, { recursive: true });
    for (const [name, work] of Object.entries(PROGRAMS) as [MacProgram, string][])
      this.#write(name, misbehaving[name], work);
    writeFileSync(join(this.#state, "run-applet.cjs"), RUN_APPLET);
    this.photosAnswers(0);
  }

  #write(name: MacProgram, misbehaviour: Misbehaviour | undefined, work: string): void {
    if (misbehaviour === "absent") return;
    const instead = {
      "writes nothing": "exit 0",
      "exits 5": 'echo "it did not work" >&2; exit 5',
      hangs: "sleep 600 & wait",
      killed: "kill -9 $$",
    };
    const text = [
      "#!/bin/sh",
      `state='${this.#state.replaceAll("'", `'\\''`)}'`,
      `node='${process.execPath}'`,
      `{ printf '%s' ${name}; for word; do printf '\\037%s' "$word"; done; printf '\\036'; } >> "$state/calls"`,
      ...(misbehaviour === undefined || misbehaviour === "asks" ? [] : [instead[misbehaviour]]),
      ...(misbehaviour === "asks"
        ? [
            `read -r answer < "$state/question-${name}"`,
            '[ "$answer" = yes ] || { echo "User canceled. (-128)" >&2; exit 1; }',
          ]
        : []),
      work,
    ];
    if (misbehaviour === "asks") execFileSync("mkfifo", [join(this.#state, `question-${name}`)]);
    const path = join(this.programs, name);
    writeFileSync(path, `${text.join("\n")}\n`);
    chmodSync(path, 0o755);
  }

  /** The person answers what a program asks on the screen, once it does. */
  async answer(name: MacProgram, answer: "yes" | "no"): Promise<void> {
    await writeFile(join(this.#state, `question-${name}`), `${answer}\n`);
  }

  /** Nobody asks any more: whoever waits to answer is let go. */
  async noQuestion(name: MacProgram): Promise<void> {
    // A reader, so that the answer can be given to nobody.
    (await open(join(this.#state, `question-${name}`), "r+")).close();
  }

  /** What Photos answers the event that Rollcall.app sends: 0, or the number of an error. */
  photosAnswers(errorNumber: number): void {
    writeFileSync(join(this.#state, "photos-answers"), String(errorNumber));
  }

  /** What `shortcuts list` prints. */
  shortcutsListed(...names: string[]): void {
    writeFileSync(join(this.#state, "listed"), names.map((name) => `${name}\n`).join(""));
  }

  run(clock?: Clock): RunProgram {
    return programRunner({ programs: macProgramsIn(this.programs), ...(clock && { clock }) });
  }

  /** What the built command needs to know of it. */
  get environment(): Record<string, string> {
    return { HOME: this.home, ROLLCALL_HOME: this.folders.data, ROLLCALL_MAC_PROGRAMS: this.programs };
  }

  /** Every call so far: program and arguments, with this Mac's folder and its user left out. */
  calls(): string[][] {
    const path = join(this.#state, "calls");
    if (!existsSync(path)) return [];
    const written = readFileSync(path, "utf8").split("\u{1e}").slice(0, -1);
    const known = (word: string) =>
      word.replaceAll(this.home, "HOME").replace(`gui/${process.getuid?.()}`, "gui/UID");
    return written.map((call) => call.split("\u{1f}").map(known));
  }

  callsOf(name: MacProgram): string[][] {
    return this.calls().filter(([program]) => program === name);
  }

  forgetCalls(): void {
    rmSync(join(this.#state, "calls"), { force: true });
  }

  /** Every notification that Rollcall.app showed: title and body. */
  notices(): [title: string, body: string][] {
    const path = join(this.#state, "notices");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as [string, string]);
  }

  /** Whether launchd has the agent loaded. */
  isAgentLoaded(): boolean {
    return existsSync(join(this.#state, "loaded"));
  }

  loadAgent(): void {
    for (const name of ["loaded", "loaded-from"]) writeFileSync(join(this.#state, name), "");
  }

  /** What `launchctl print` prints of an agent that is loaded, instead of what is usual. */
  launchdSays(text: string): void {
    writeFileSync(join(this.#state, "launchd-says"), text);
  }

  /** What `pmset -g` prints, instead of what is usual. */
  pmsetSays(text: string): void {
    writeFileSync(join(this.#state, "pmset-says"), text);
  }

  /** Every file in the home, with its rights; folders that macOS itself makes do not count. */
  files(): Record<string, string> {
    const found = readdirSync(this.home, { recursive: true, encoding: "utf8" }).sort();
    const usual = /^(Applications|Library(\/(LaunchAgents|Services|Logs|Application Support))?)$/;
    return Object.fromEntries(
      found
        .filter((name) => !usual.test(name))
        .map((name) => [name, (statSync(join(this.home, name)).mode & 0o777).toString(8)]),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const after = (flag: string) =>
  `value=; previous=; for word; do [ "$previous" = ${flag} ] && value=$word; previous=$word; done`;

const PROGRAMS: Readonly<Record<MacProgram, string>> = {
  shortcuts: `
case $1 in
  sign) ${after("--output")}
    printf 'AEA1 and what follows' > "$value" ;;
  list) cat "$state/listed" 2>/dev/null ;;
  *) exit 64 ;;
esac
exit 0`,
  // An app ends before "open -W" does, and outlives one that is killed; anything else is shown in a window.
  open: `
for last; do :; done
case $last in
  *.app) bash -c 'set -m; "$@" </dev/null >/dev/null 2>&1 & wait $!' app "$node" "$state/run-applet.cjs" "$last" "$state" ;;
  x-apple.systempreferences:*) ;;
  *) [ -e "$last" ] ;;
esac`,
  osacompile: `
${after("-o")}
for source; do :; done
mkdir -p "$value/Contents/Resources/Scripts" && cp "$source" "$value/Contents/Resources/Scripts/main.scpt"
printf '<plist><dict/></plist>' > "$value/Contents/Info.plist"`,
  plutil: `
for file; do :; done
case $1 in
  -lint) grep -q '</plist>' "$file" ;;
  -replace) [ -e "$file" ] ;;
  *) exit 1 ;;
esac`,
  codesign: `
for app; do :; done
mkdir "$app/Contents/_CodeSignature" && : > "$app/Contents/_CodeSignature/CodeResources"`,
  // launchctl's own numbers: 3 no such process, 5 input/output error, 113 could not find service
  launchctl: `
case $1 in
  bootstrap) [ -e "$state/loaded" ] && { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
    [ -e "$3" ] && cp "$3" "$state/loaded" && printf %s "$3" > "$state/loaded-from" ;;
  bootout) [ -e "$state/loaded" ] || exit 3
    rm "$state/loaded" ;;
  print) [ -e "$state/loaded" ] || exit 113
    [ -e "$state/launchd-says" ] && exec cat "$state/launchd-says"
    printf '%s = {\\n\\tactive count = 1\\n\\tpath = %s\\n' "$2" "$(cat "$state/loaded-from")"
    printf '\\ttype = LaunchAgent\\n\\tstate = running\\n\\n\\targuments = {\\n'
    sed -n '/ProgramArguments/,/<.array>/s/.*<string>\\(.*\\)<.string>.*/\\t\\t\\1/p' "$state/loaded"
    printf '\\t}\\n\\n\\tstdout path = /dev/null\\n\\truns = 1\\n\\tpid = 4711\\n\\tlast exit code = (never exited)\\n}\\n' ;;
  *) exit 64 ;;
esac`,
  pbs: "exit 0",
  pmset: `
[ -e "$state/pmset-says" ] && exec cat "$state/pmset-says"
printf 'System-wide power settings:\\nCurrently in use:\\n standby              1\\n Sleep On Power Button 1\\n disksleep            10\\n'
printf ' sleep                1 (sleep prevented by powerd)\\n displaysleep         2\\n'`,
  caffeinate: "exit 0",
  tccutil: "exit 0",
  osascript: "exit 0",
};

/**
 * What a Mac does when an applet is opened: runs its script's `run`, with no arguments, in the environment of the
 * login session. Strict: of `Application` there is what the applet is known to need.
 */
const RUN_APPLET = `
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const vm = require("node:vm");
const [app, state] = process.argv.slice(2);
const doShellScript = (command) =>
  execFileSync("/bin/sh", ["-c", command], {
    encoding: "utf8",
    env: { HOME: process.env.HOME, PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
  }).replace(/\\n$/, "");
const { appendFileSync } = require("node:fs");
const fail = (number) => { throw Object.assign(new Error("Error"), { errorNumber: number }); };
const Application = (name) => {
  if (name !== "Photos") fail(-2700);
  const number = Number(readFileSync(state + "/photos-answers", "utf8"));
  return { albums: { get length() { if (number !== 0) fail(number); return 3; } } };
};
Application.currentApplication = () => {
  let has = false;
  return {
    set includeStandardAdditions(value) { has = value === true; },
    doShellScript: (command) => (has ? doShellScript(command) : fail(-1708)),
    displayNotification: (body, { withTitle }) =>
      has ? appendFileSync(state + "/notices", JSON.stringify([withTitle, body]) + "\\n") : fail(-1708),
  };
};
const source = readFileSync(app + "/Contents/Resources/Scripts/main.scpt", "utf8");
if (/[^\\x00-\\x7f]/.test(source)) process.exit(65);
const context = vm.createContext({ Application, delay: () => {} });
vm.runInContext(source, context);
vm.runInContext("run()", context);
`;
