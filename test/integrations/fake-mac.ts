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
export type ProgramFault = "absent" | "writes nothing" | "exits 5" | "hangs" | "killed" | "asks";

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

  constructor(faulty: Partial<Record<MacProgram, ProgramFault>> = {}) {
    for (const folder of [this.home, this.programs, this.#state]) mkdirSync(folder, { recursive: true });
    for (const [name, work] of Object.entries(PROGRAMS) as [MacProgram, string][])
      this.#write(name, faulty[name], work);
    this.photosAnswers(0);
  }

  #write(name: MacProgram, fault: ProgramFault | undefined, work: string): void {
    if (fault === "absent") return;
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
      `run_applet='${join(import.meta.dirname, "run-applet.mjs")}'`,
      `{ printf '%s' ${name}; for word; do printf '\\037%s' "$word"; done; printf '\\036'; } >> "$state/calls"`,
      ...(fault === undefined || fault === "asks" ? [] : [instead[fault]]),
      ...(fault === "asks"
        ? [
            `read -r answer < "$state/question-${name}"`,
            '[ "$answer" = yes ] || { echo "User canceled. (-128)" >&2; exit 1; }',
          ]
        : []),
      ...(name === "tccutil" || name === "lsregister" ? [LAUNCH_SERVICES] : []),
      work,
    ];
    if (fault === "asks") execFileSync("mkfifo", [join(this.#state, `question-${name}`)]);
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

  /** How often the person was asked whether Rollcall.app may control Photos. */
  questions(): number {
    return this.#told("questions").split("\n").length - 1;
  }

  /** What System Settings shows as allowed: service and bundle id. That macOS goes by it is another matter. */
  shownAsAllowed(): string[] {
    const rows = this.#told("grants")
      .split("\n")
      .map((row) => row.split("\t"));
    return rows.filter((row) => row[3] === "allowed").map(([service, id]) => `${service} ${id}`);
  }

  /** Gives a bundle id an answer of the person's, for a build that is none of those here. */
  rememberAllowed(service: string, id: string): void {
    writeFileSync(join(this.#state, "grants"), `${service}\t${id}\tanother build\tallowed\n`, { flag: "a" });
  }

  /** Everything that macOS remembers is gone. */
  forgetRights(): void {
    rmSync(join(this.#state, "grants"), { force: true });
  }

  /** The services of which the rights of every app were forgotten. */
  forgotAll(): string[] {
    return this.#told("forgot-all").split("\n").filter(Boolean);
  }

  /** Asks Rollcall.app to quit, as the end of the session does. */
  endSession(): void {
    writeFileSync(join(this.#state, "quit-asked"), "");
  }

  /** Whether Rollcall.app would not quit, which stops a logout. */
  isLogoutStopped(): boolean {
    return existsSync(join(this.#state, "not-quitting"));
  }

  /** What Rollcall.app said in each script of its that has ended: "next", "poll ...". */
  scriptsEnded(): string[] {
    return this.#told("scripts").split("\n").slice(0, -1);
  }

  /** How many copies of Rollcall.app have ended. */
  appsGone(): number {
    return this.#told("gone").split("\n").length - 1;
  }

  /** Puts other text in the place of the script of Rollcall.app, or of its Info.plist, and seals it. */
  changeApp(file: "main.scpt" | "Info.plist", change: (text: string) => string): void {
    const contents = join(this.home, "Applications/Rollcall.app/Contents");
    const [info, script] = [join(contents, "Info.plist"), join(contents, "Resources/Scripts/main.scpt")];
    const path = file === "Info.plist" ? info : script;
    writeFileSync(path, change(readFileSync(path, "utf8")));
    const sealed = readFileSync(info, "utf8") + readFileSync(script, "utf8");
    writeFileSync(join(contents, "_CodeSignature/CodeResources"), sealed);
  }

  /** The app's own quit does nothing. */
  makeQuitDeaf(): void {
    writeFileSync(join(this.#state, "quit-is-deaf"), "");
  }

  /** `shortcuts sign` refuses XML. */
  signOnlyBinary(): void {
    writeFileSync(join(this.#state, "only-binary"), "");
  }

  /** What `sw_vers -productVersion` prints. */
  swVersSays(text: string): void {
    writeFileSync(join(this.#state, "macos"), text);
  }

  #told(name: string): string {
    const path = join(this.#state, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
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

  /** Every window that Rollcall.app showed: title and words. */
  windows(): [title: string, words: string][] {
    const lines = this.#told("windows").split("\n").slice(0, -1);
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
    // An app that is still ending writes that down meanwhile.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

const after = (flag: string) =>
  `value=; previous=; for word; do [ "$previous" = ${flag} ] && value=$word; previous=$word; done`;

/** What LaunchServices knows: an app that it was told of, or opened, while that lies where it lay. */
const LAUNCH_SERVICES = `
id_of() { sed -n '/<key>CFBundleIdentifier</{n;s/.*<string>\\(.*\\)<.*/\\1/p;}' "$1/Contents/Info.plist"; }
is_known() {
  [ -e "$state/known-apps" ] || return 1
  while IFS='	' read -r id path; do
    [ "$id" = "$1" ] && [ -e "$path/Contents/Info.plist" ] && [ "$(id_of "$path")" = "$1" ] && return 0
  done < "$state/known-apps"
  return 1
}`;

const PROGRAMS: Readonly<Record<MacProgram, string>> = {
  shortcuts: `
case $1 in
  sign) ${after("--input")}
    case $value in *.shortcut) ;; *) exit 1 ;; esac
    IFS= read -r first <"$value" # no head: a PATH may hold nothing
    case $first in bplist*) form=binary ;; '<?xml '*) form=xml ;; *) exit 1 ;; esac
    [ -e "$state/only-binary" ] && [ $form = xml ] && { echo "Error: The file isn't in the correct format." >&2; exit 1; }
    ${after("--output")}
    printf 'AEA1 and what follows' > "$value" ;;
  list) cat "$state/listed" 2>/dev/null ;;
  *) exit 64 ;;
esac
exit 0`,
  // An app ends before "open -W" does, and outlives one that is killed; one that is open is told so, unless -n makes another
  // copy. Anything else is shown in a window.
  open: `
for last; do :; done
count() { lines=0; [ -e "$1" ] && while read -r line; do lines=$((lines + 1)); done < "$1"; }
case " $* " in
  *" -n "* | *" -R "*) ;;
  *.app' ') count "$state/begun"; begun=$lines; count "$state/gone"
    [ "$begun" -eq "$lines" ] || { : > "$state/reopen-asked"; exit 0; } ;;
esac
case $1$last in
  -R*) [ -e "$last" ] ;;
  *.app) bash -c 'set -m; "$@" </dev/null >/dev/null 2>&1 & wait $!' app "$node" "$run_applet" "$last" "$state" ;;
  *x-apple.systempreferences:*) ;;
  *) [ -e "$last" ] ;;
esac`,
  // It passes over -s where the app is there already, and gives reasons of Apple's wording.
  osacompile: `
stays=false
for word; do [ "$word" = -s ] && stays=true; done
${after("-o")}
for source; do :; done
[ -d "$value/Contents" ] && stays=false
mkdir -p "$value/Contents/Resources/Scripts" "$value/Contents/MacOS" "$value/Contents/_CodeSignature" || exit 1
cp "$source" "$value/Contents/Resources/Scripts/main.scpt" || exit 1
: > "$value/Contents/MacOS/applet"
{
  printf '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n'
  printf '\t<key>CFBundleIdentifier</key>\n\t<string>com.apple.ScriptEditor.id.Rollcall</string>\n'
  for key in NSAppleEventsUsageDescription NSPhotoLibraryUsageDescription NSCameraUsageDescription; do
    printf '\t<key>%s</key>\n\t<string>This script needs access to run.</string>\n' $key
  done
  [ $stays = true ] && printf '\t<key>OSAAppletStayOpen</key>\n\t<true/>\n'
  printf '</dict>\n</plist>\n'
} > "$value/Contents/Info.plist"
cat "$value/Contents/Info.plist" "$source" > "$value/Contents/_CodeSignature/CodeResources"`,
  plutil: `
for file; do :; done
case $1 in
  -lint) grep -q '</plist>' "$file" ;;
  -replace) [ -e "$file" ] || exit 1
    case $3$4 in -bool[Yt]*) new='<true/>' ;; -bool*) new='<false/>' ;; -string*) new="<string>$4</string>" ;; *) exit 1 ;; esac
    awk -v key="<key>$2</key>" -v new="$new" 'index($0, key) { getline; next }
      /^<.dict>/ { print "\\t" key; print "\\t" new } { print }' "$file" > "$file.new" && mv "$file.new" "$file" ;;
  *) exit 1 ;;
esac`,
  // The seal is what it seals; a bundle that was signed is signed again only with --force.
  codesign: `
for app; do :; done
sealed="$app/Contents/_CodeSignature/CodeResources"
case $* in
  --verify*) cat "$app/Contents/Info.plist" "$app/Contents/Resources/Scripts/main.scpt" | cmp -s - "$sealed" ||
    { echo "$app: invalid Info.plist (plist or signature have been modified)" >&2; exit 3; } ;;
  "--force --sign - "*) cat "$app/Contents/Info.plist" "$app/Contents/Resources/Scripts/main.scpt" > "$sealed" ;;
  *) echo "$app: is already signed" >&2; exit 1 ;;
esac`,
  lsregister: `
case $1 in
  -f) [ -e "$2/Contents/Info.plist" ] || { echo "failed to scan $2: -10811" >&2; exit 1; }
    printf '%s\t%s\n' "$(id_of "$2")" "$2" >> "$state/known-apps" ;;
  -u) ;;
  *) exit 64 ;;
esac`,
  // Without a bundle id it forgets the rights of every app; one that LaunchServices does not know it refuses.
  tccutil: `
[ "$1" = reset ] || exit 64
case $2 in AppleEvents | Photos) ;; *) echo "tccutil: Failed to reset $2" >&2; exit 64 ;; esac
touch "$state/grants"
[ $# -ge 3 ] || { echo "$2" >> "$state/forgot-all"; : > "$state/grants"; exit 0; }
is_known "$3" || {
  echo "tccutil: No such bundle identifier \\"$3\\": The operation couldn't be completed. (OSStatus error -10814.)" >&2
  exit 64
}
awk -F '\t' -v service="$2" -v id="$3" '!($1 == service && $2 == id)' "$state/grants" > "$state/grants.new"
mv "$state/grants.new" "$state/grants"`,
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
  osascript: "exit 0",
  sw_vers: `cat "$state/macos" 2>/dev/null || echo 15.5`,
};
