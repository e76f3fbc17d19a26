import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { candidatesFor } from "../../src/cli/commands/completions/completion-candidates.js";
import { COMPLETION_SCRIPTS } from "../../src/cli/commands/completions/completion-scripts.js";
import { knownHere, phonesOnTheCable } from "../../src/cli/commands/completions/run.js";
import type { Settings } from "../../src/cli/process/settings.js";
import { makeProgram } from "../../src/cli/program.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "../transcripts/command.js";

const test = oneTestIn(4);

const program = makeProgram(() => {});
const asked: string[] = [];
const values = async (...words: string[]) => {
  const found = await candidatesFor(program, words, async (flag) => {
    if (flag === "copy") return [];
    asked.push(flag);
    return [{ value: `${flag}-1`, description: "two\nlines" }];
  });
  return found.map(({ value }) => value);
};

describe("what could be typed next", () => {
  test("is a command that can be seen, and then what is below it", async () => {
    expect(await values("i")).toEqual(["import"]);
    expect(await values("")).toContain("setup");
    expect(await values("")).not.toContain("complete");
    expect(await values("receipts", "o")).toEqual(["open"]);
    expect(await values("setup", "a")).toEqual(["app", "automator", "agent"]);
    expect(await values("completions", "")).toEqual(["zsh", "bash", "fish"]);
  });

  test("is a flag of that command, and of no other", async () => {
    expect(await values("import", "--keep")).toEqual(["--keep-albums"]);
    expect(await values("plan", "--keep")).toEqual([]);
    expect(await values("import", "--batch")).toEqual([]); // hidden
  });

  test("is a value where a flag waits for one, and the words after it count on", async () => {
    expect(await values("import", "--icloud", "")).toEqual(["skip", "import"]);
    expect(await values("import", "--phone", "ph")).toEqual(["phone-1"]);
    expect(asked).toEqual(["phone"]);
    expect(await values("import", "--icloud", "skip", "--not")).toEqual(["--notify"]);
  });

  test.each(["receipts show", "receipts safe-to-remove", "verify", "config set", "config unset"])(
    "is what this computer knows for the first word after %s",
    async (command) => {
      expect(await values(...command.split(" "), "")).toContain(`${command}-1`);
      expect(await values(...command.split(" "), "x", "")).toEqual([]);
    },
  );

  test("is left to the shell where a file or folder may stand", async () => {
    expect(await values("copy", "")).toEqual([]);
    expect(await values("receipts", "show", "x", "")).toEqual([]);
  });
});

describe("the phones on the cable", () => {
  test("are offered each with its name, and by what the name begins with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rc-c-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const place = { mediaFolder: folder, socketPath: join(folder, "s") };
    await using phone = await startVirtualIPhone({ ...place, name: "Anna's iPhone" });
    const settings = { usbmuxdAddress: phone.address } as Settings;
    const askFor = knownHere(settings, () => new AbortController().signal);
    for (const words of [
      ["import", "--phone", ""],
      ["watch", "--approve", "anna"],
    ]) {
      const found = await candidatesFor(program, words, askFor);
      expect(found).toEqual([{ value: phone.udid, description: "Anna's iPhone" }]);
    }
  });

  test("are none where the look takes longer than somebody waits at the prompt", async () => {
    const time = new AbortController();
    const look = (signal?: AbortSignal) =>
      new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const found = phonesOnTheCable({ look }, time.signal);
    time.abort();
    expect(await found).toEqual([]);
  });
});

describe("the albums of phones", () => {
  const titlesOffered = async (dataFolder: string, ...words: string[]) => {
    const nobody = join(dataFolder, "nobody");
    const askFor = knownHere({ dataFolder, usbmuxdAddress: nobody } as Settings, () => {
      throw new Error("a phone was asked");
    });
    return (await candidatesFor(program, words, askFor)).map(({ value }) => value);
  };
  const dataFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), "rc-c-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return folder;
  };

  test("are offered as they were read last, of every phone once, and no phone is asked", async () => {
    const folder = dataFolder();
    using ledgerDatabase = await LedgerDatabase.open(join(folder, "ledger.sqlite"));
    ledgerDatabase.recordPhoneAlbums("ANNA", ["Gone", "Lake"]);
    ledgerDatabase.recordPhoneAlbums("ANNA", [
      "Best of",
      "Lake",
      "tab\there",
      "line\nbreak",
      "x".repeat(500),
    ]);
    ledgerDatabase.recordPhoneAlbums("BEN", ["Lake", "Été"]);
    ledgerDatabase[Symbol.dispose]();
    for (const command of ["import", "plan", "copy"])
      expect(await titlesOffered(folder, command, "--album", "")).toEqual(["Best of", "Lake", "Été"]);
    expect(await titlesOffered(folder, "import", "--album", "be")).toEqual(["Best of"]);
  });

  test("are none where no library of a phone was read yet, and nothing is made to find that out", async () => {
    const folder = dataFolder();
    expect(await titlesOffered(folder, "import", "--album", "")).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** What is typed, and what bash puts in its place. */
const TYPED_TITLES = [
  ["Be", "Best\\ of"],
  ["Best\\ o", "Best\\ of"],
  ['"Be', "Best of"],
  ["'Be", "Best of"],
  ["An", "Anna\\'s\\ \\&\\ Ben\\'s"],
  ['"An', "Anna's & Ben's"],
  ["'An", null],
  ["Run", "Run\\ \\$\\(this\\)"],
  ['"Run', null],
  ["'Run", "Run $(this)"],
] as const;

describe.skipIf(!isBuilt)("shell completion (built command needed: npm run build)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rc-c-"));
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "media", "DCIM"), { recursive: true });
    const main = join(import.meta.dirname, "../../dist/main.js");
    writeFileSync(join(folder, "bin", "rollcall"), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(folder, "bin", "rollcall"), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A `rollcall` that knows one phone without looking: what the script makes of it is tested. */
  const withOnePhone = (): { PATH: string; HOME: string } => {
    const bin = join(folder, "one-phone");
    mkdirSync(bin, { recursive: true });
    const answers = `case "$*" in
*--phone*) printf '%s\\t%s\\n' UDID-1 "Anna's iPhone";;
*"--album "*) printf '%s\\t\\n' "Best of" "Anna's & Ben's" 'Run $(this)' | grep -e "^$5";;
esac`;
    writeFileSync(join(bin, "rollcall"), `#!/bin/sh\n${answers}\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env.PATH}`, HOME: folder };
  };

  test("says nothing at all where there is nobody to ask", async () => {
    const env = { ROLLCALL_HOME: folder, USBMUXD_SOCKET_ADDRESS: join(folder, "nobody") };
    const ended = await rollcall(["complete", "--", "import", "--phone", ""], env);
    expect(ended).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("in bash hands over the words as they were typed, and runs nothing that is in them", async () => {
    const { stdout: script } = await rollcall(["completions", "bash"], { ROLLCALL_HOME: folder });
    expect(script).toBe(COMPLETION_SCRIPTS.bash);
    const trap = join(folder, "trapped");
    const typed = `rollcall plan --name '$(touch ${trap})' --ki`;
    const ask = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=4; _rollcall; printf '<%s>' "\${COMPREPLY[@]}"; ls ${trap} 2>&1`;
    const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ROLLCALL_HOME: folder, HOME: folder };
    const ran = await promisify(execFile)("bash", ["-c", `${ask}; exit 0`], { env });
    expect(ran.stdout).toMatch(/^<--kind>ls: /);
  });

  test.each(TYPED_TITLES)(
    "in bash %s becomes %s: an album's title is quoted, and runs nothing",
    async (typed, becomes) => {
      const ask = `${COMPLETION_SCRIPTS.bash}\nCOMP_WORDS=(rollcall import --album "$TYPED"); COMP_CWORD=3; _rollcall; printf '%s' "\${COMPREPLY[@]}"`;
      const ran = await promisify(execFile)("bash", ["-c", ask], {
        env: { ...withOnePhone(), TYPED: typed },
      });
      expect(ran.stdout).toBe(becomes ?? "");
    },
  );

  test.skipIf(!hasShell("zsh"))(
    "in zsh offers each phone, with its name beside it (zsh needed)",
    async () => {
      // What compadd is handed; the widgets that call it need a terminal.
      const ask = `compdef() { : }; compadd() { print -r -- "$shown" "<$values>" }; _files() { print files }
${COMPLETION_SCRIPTS.zsh}
words=(rollcall import --phone ""); CURRENT=4; _rollcall; words=(rollcall copy ""); CURRENT=3; _rollcall
words=(rollcall import --album '"Be'); CURRENT=4; _rollcall; words=(rollcall import --album 'Best\\ o'); _rollcall`;
      const ran = await promisify(execFile)("zsh", ["-f", "-c", ask], {
        env: withOnePhone(),
      });
      expect(ran.stdout).toBe(
        "UDID-1  -- Anna's iPhone <UDID-1>\nfiles\nBest of <Best of>\nBest of <Best of>\n",
      );
    },
  );

  test.skipIf(!hasShell("fish"))(
    "in fish offers each phone, with its name beside it (fish needed)",
    async () => {
      const ask = `${COMPLETION_SCRIPTS.fish}\ncomplete -C 'rollcall import --phone '; complete -C 'rollcall copy ${folder}/me'; complete -C 'rollcall import --album "Be'; complete -C 'rollcall import --album Best\\\\ o'`;
      const ran = await promisify(execFile)("fish", ["-N", "-c", ask], {
        env: withOnePhone(),
      });
      expect(ran.stdout).toBe(`UDID-1\tAnna's iPhone\n${folder}/media/\nBest of\nBest of\n`);
    },
  );

  test("for another shell is refused, with those there are", async () => {
    const { status, stderr } = await rollcall(["completions", "tcsh"], { ROLLCALL_HOME: folder });
    expect(status).toBe(2);
    expect(stderr).toContain("zsh, bash, fish");
  });
});

function hasShell(name: string): boolean {
  return spawnSync(name, ["--version"]).error === undefined;
}
