import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFile } from "../../src/integrations/app/start-file.js";
import {
  archiveName,
  installWithoutScript,
  Kit,
  type KitOptions,
  MacToInstallOn,
  nodeVersion,
  npmFolder,
  packageName,
  packRollcall,
  rollcallVersion,
  scriptText,
  top,
} from "./mac-installer.js";

const folder = mkdtempSync(join(tmpdir(), "rollcall-install-"));
let packed: string;
let kit: Kit;
beforeAll(() => {
  packed = packRollcall(folder);
  kit = new Kit(packed);
});
afterAll(() => {
  kit[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const START = "Library/Application Support/Rollcall/app/start.sh";
const startText = (on: MacToInstallOn) => readFileSync(join(on.mac.home, START), "utf8");
/** Nothing of an installation that goes on, or was cut off. */
const left = (on: MacToInstallOn) => on.tree().filter((line) => /\.(installing|lock)/.test(line));

describe("the installer", () => {
  test("installs Node and Rollcall, sets up the app, and never speaks of npm", () => {
    using on = new MacToInstallOn();
    const { stdout, stderr, status } = on.install(kit);
    expect(stdout).toMatch(/^Installing Rollcall .*\nRollcall .* is installed in .*\/\.rollcall\.\n/);
    expect(stdout).toContain("~/Applications/Rollcall.app is built.");
    expect(stderr).toContain(
      'At its first import macOS asks whether "Rollcall" may control "Photos": press OK.',
    );
    expect(`${stdout}${stderr}`).not.toMatch(/npm/i);
    expect(status).toBe(0);
    expect(on.version()).toBe(rollcallVersion);
    expect(existsSync(join(on.mac.home, "Applications/Rollcall.app"))).toBe(true);
    // The app alone, shown in the Finder.
    expect(on.mac.isAgentLoaded()).toBe(false);
    expect(on.mac.callsOf("shortcuts")).toEqual([]);
    expect(on.mac.callsOf("open")).toEqual([["open", "-R", "HOME/Applications/Rollcall.app"]]);
    expect(left(on)).toEqual([]);
  });

  test("run again upgrades: set-ups name a place that stays, and the version before stays until the next", () => {
    using on = new MacToInstallOn();
    on.install(kit);
    const [first, start] = [on.current(), startText(on)];
    expect(start).toContain("/.rollcall/current/lib/node_modules/rollcall/dist/main.js'");
    expect(start).not.toContain("/versions/");
    expect(on.install(kit).status).toBe(0);
    const second = on.current();
    expect(second).not.toBe(first);
    expect(
      on
        .versions()
        .map((name) => `versions/${name}`)
        .sort(),
    ).toEqual([first, second].sort());
    expect(on.install(kit).status).toBe(0);
    expect(
      on
        .versions()
        .map((name) => `versions/${name}`)
        .sort(),
    ).toEqual([second, on.current()].sort());
    expect(startText(on)).toBe(start);
    expect(on.mac.callsOf("osacompile")).toHaveLength(1);
    expect(on.version()).toBe(rollcallVersion);
  });

  test("of which the pasted line got a part only does nothing", () => {
    using on = new MacToInstallOn();
    const before = on.tree();
    const lines = scriptText.split("\n");
    for (let end = 60; end < lines.length - 1; end += 40)
      on.run(lines.slice(0, end).join("\n"), "--from", kit.folder);
    expect(on.run(scriptText.replace(/main "\$@"\n$/, "")).status).toBe(0);
    expect(on.tree()).toEqual(before);
  });

  test("takes Node from nodejs.org and the package from where it was published, as it was filled in", () => {
    using on = new MacToInstallOn();
    const address = "https://example.org/rollcall";
    const filled = fill(address);
    const urls = join(on.mac.folder, "urls");
    on.says(
      "curl",
      `for word; do case $previous in -o) to=$word ;; esac; previous=$word; done
echo "$word" >> '${urls}'; cp '${kit.folder}'/"\${word##*/}" "$to"`,
    );
    expect(on.run(filled).status).toBe(0);
    expect(readFileSync(urls, "utf8").trim().split("\n")).toEqual([
      `https://nodejs.org/dist/v${nodeVersion}/SHASUMS256.txt`,
      `https://nodejs.org/dist/v${nodeVersion}/${archiveName}`,
      `${address}/${packageName}`,
    ]);
    expect(on.version()).toBe(rollcallVersion);
  });

  test("takes all from an address, too, and says that it cannot be reached", () => {
    using on = new MacToInstallOn();
    expect(on.run(scriptText, "--from", `file://${kit.folder}/`).status).toBe(0);
    const before = on.tree();
    const { stderr, status } = on.run(scriptText, "--from", "https://127.0.0.1:1");
    expect(stderr).toMatch(
      /^error: https:\/\/127\.0\.0\.1:1 cannot be reached\. Look whether this Mac is online.*\n$/,
    );
    expect([status, on.tree()]).toEqual([1, before]);
    expect(on.run(scriptText, "--from", `file://${kit.folder}/nowhere`).stderr).toMatch(
      /has no SHASUMS256\.txt/,
    );
  });

  test("takes over what npm alone installed: what was set up there goes on, with the new version", () => {
    using on = new MacToInstallOn();
    const old = installWithoutScript(on);
    expect(on.version()).toBe("the old one");
    expect(on.install(kit).status).toBe(0);
    expect(on.version()).toBe(rollcallVersion);
    expect(execFileSync(process.execPath, [old, "--version"], { encoding: "utf8" }).trim()).toBe(
      rollcallVersion,
    );
    expect(on.install(null, "--remove").status).toBe(0);
    expect(existsSync(on.root)).toBe(false);
  });

  test("leaves a second one waiting for the first, and takes away what a dead one left", () => {
    using on = new MacToInstallOn();
    mkdirSync(join(on.root, ".installing"), { recursive: true });
    symlinkSync(String(process.pid), join(on.root, ".lock"));
    const { stderr, status } = on.install(kit);
    expect(stderr).toMatch(
      new RegExp(`^error: another installation is under way \\(process ${process.pid}\\)\\.`),
    );
    expect([status, on.current()]).toEqual([1, null]);
    rmSync(join(on.root, ".lock"));
    symlinkSync("999999999", join(on.root, ".lock"));
    expect(on.install(kit).status).toBe(0);
    expect(left(on)).toEqual([]);
  });
});

describe("what is not as it should be is said in one line, and changes nothing:", () => {
  let installed: MacToInstallOn;
  beforeAll(() => {
    installed = new MacToInstallOn();
    installed.install(kit);
  });
  afterAll(() => installed[Symbol.dispose]());

  type Spoilt = [what: string, spoil: (kit: Kit) => void, words: RegExp, options?: KitOptions];
  const spoilt: Spoilt[] = [
    ["a wrong checksum", (one) => one.write(archiveName, "not it"), /checksum is another one/],
    ["checksums without this archive", (one) => one.write("SHASUMS256.txt", ""), /has no line for node-v/],
    ["no checksums", (one) => one.remove("SHASUMS256.txt"), /there is no SHASUMS256\.txt in/],
    ["no archive of Node", (one) => one.remove(archiveName), /there is no node-v.*\.tar\.gz in/],
    ["no package", (one) => one.remove(packageName), /there is no rollcall-.*\.tgz in/],
    [
      "a package that is none",
      (one) => one.write(packageName, "text"),
      /rollcall-.*\.tgz cannot be unpacked/,
    ],
    [
      "an archive that is none",
      (one) => {
        one.write(archiveName, "text");
        one.sum();
      },
      /cannot be unpacked/,
    ],
    ["a Node that does not run", () => {}, /does not run on this Mac/, { node: "#!/bin/sh\nexit 1\n" }],
    ["parts that cannot be reached", () => {}, /cannot be reached \(ENOTFOUND\)/, npmSays("ENOTFOUND")],
    [
      "a part of another content",
      () => {},
      /is not what was published \(EINTEGRITY\)/,
      npmSays("EINTEGRITY"),
    ],
    ["a full disk", () => {}, /does not fit on the disk \(ENOSPC\)/, npmSays("ENOSPC")],
    ["parts that are not there", () => {}, /Rollcall .* does not run on this Mac/, { npm: "" }],
  ];

  test.each<Spoilt>(spoilt)("%s", (_what, spoil, words, options = {}) => {
    const before = installed.tree();
    using bad = new Kit(packed, options);
    spoil(bad);
    const { stdout, stderr, status } = installed.install(bad);
    expect(stderr).toMatch(/^error: [^\n]+ Nothing was changed\.\n$/);
    expect(stderr).toMatch(words);
    expect(`${stdout}${stderr}`).not.toMatch(/\bnpm\b/i);
    expect(status).toBe(1);
    expect(installed.tree()).toEqual(before);
    expect(installed.version()).toBe(rollcallVersion);
  });

  test("a package that is another than the one that was published", () => {
    using on = new MacToInstallOn();
    using other = new Kit(packed);
    other.write(packageName, "text");
    const { stderr, status } = on.run(fill("https://example.org/rollcall"), "--from", other.folder);
    expect(stderr).toMatch(
      /^error: rollcall-.*\.tgz is not what was published: its checksum is another one\./,
    );
    expect([status, on.current()]).toEqual([1, null]);
  });

  const elsewhere: readonly (readonly [string, (on: MacToInstallOn) => void, RegExp])[] = [
    ["root", (on) => on.says("id", "echo 0"), /started as root\. Run it as yourself, without sudo/],
    ["Linux", (on) => on.says("uname", "echo Linux"), /this is no Mac/],
    [
      "a PowerPC",
      (on) => on.says("uname", "case $1 in -s) echo Darwin ;; *) echo ppc ;; esac"),
      /this is ppc/,
    ],
    [
      "macOS 12",
      (on) => on.says("sw_vers", "echo 12.7.6"),
      /needs macOS 13\.5 or newer, and this is 12\.7\.6\./,
    ],
    ["macOS 13.4", (on) => on.says("sw_vers", "echo 13.4.1"), /and this is 13\.4\.1\./],
    ["a macOS that is not known", (on) => on.says("sw_vers", "exit 1"), /and this is not known\./],
    [
      "a disk that is nearly full",
      (on) => on.says("df", "printf 'x\\n/dev/disk 3 s1 100 90 102400 99%% /Volumes/My 5%% Disk\\n'"),
      /has 100 MB free, and Rollcall needs 700 MB/,
    ],
    ["a link in the place", (on) => symlinkSync("elsewhere", on.root), /\.rollcall is a link/],
    ["a file in the place", (on) => writeFileSync(on.root, ""), /\.rollcall is no folder/],
  ];

  test.each(elsewhere)("%s", (_what, prepare, words) => {
    using on = new MacToInstallOn();
    prepare(on);
    const before = on.tree();
    const { stderr, status } = on.install(kit);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(words);
    expect([status, on.tree()]).toEqual([1, before]);
  });

  test.each([
    [[], 1, /names no place to take Rollcall from/],
    [["--from"], 2, /--from needs a folder, or an address/],
    [["--from", "http://example.org"], 1, /could be changed on its way here/],
    [["--from", "/no such folder"], 1, /there is no folder \/no such folder/],
    [["--quick"], 2, /it takes no --quick/],
    [["--remove", "--from", "/tmp"], 2, /--remove takes nothing from anywhere/],
  ] as const)("%s", (words, expected, said) => {
    using on = new MacToInstallOn();
    const before = on.tree();
    const { stderr, status } = on.run(scriptText, ...words);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(said);
    expect([status, on.tree()]).toEqual([expected, before]);
  });

  test.each(["13.5", "14.0", "26.1.1"])("and macOS %s is taken", (version) => {
    using on = new MacToInstallOn();
    on.says("sw_vers", `echo ${version}`);
    using none = new Kit(packed);
    none.remove("SHASUMS256.txt");
    expect(on.install(none).stderr).toMatch(/there is no SHASUMS256\.txt/);
  });
});

describe("killed at any of its commands", () => {
  test("an upgrade leaves a Rollcall that works, and the next run makes it good", () => {
    using on = new MacToInstallOn();
    on.install(kit);
    const first = on.current();
    on.killAt(9999);
    on.install(kit);
    const count = on.commandsRun();
    expect(count).toBeGreaterThan(30);
    let isBefore = 0;
    for (let at = 1; at <= count; at += 1) {
      const before = on.current();
      on.killAt(at);
      on.install(kit);
      on.surviveAll();
      if (on.current() === before) isBefore += 1;
      expect(on.version(), `killed at command ${at} of ${count}`).toBe(rollcallVersion);
    }
    // Nearly all of them come before the one that counts.
    expect(isBefore).toBeGreaterThan(count / 2);
    expect(on.install(kit).status).toBe(0);
    expect(on.current()).not.toBe(first);
    expect(on.versions()).toHaveLength(2);
    expect(left(on)).toEqual([]);
  }, 600_000);

  test("a first installation leaves nothing that does not work, and the next run makes it good", () => {
    for (let at = 5; at <= 40; at += 7) {
      using on = new MacToInstallOn();
      on.killAt(at);
      on.install(kit);
      on.surviveAll();
      if (existsSync(on.rollcall)) expect(on.version()).toBe(rollcallVersion);
      expect(on.install(kit).status).toBe(0);
      expect([on.version(), left(on)]).toEqual([rollcallVersion, []]);
      expect(on.versions().length).toBeLessThanOrEqual(2);
    }
  }, 600_000);
});

describe("--remove", () => {
  test("takes away Rollcall with all that was set up, and says what stays", () => {
    using on = new MacToInstallOn();
    const before = on.mac.files();
    on.install(kit);
    for (const what of ["shortcuts", "automator", "agent"]) setUp(on, what);
    expect(on.mac.isAgentLoaded()).toBe(true);
    const { stdout, stderr, status } = on.install(null, "--remove");
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toContain("Removed ~/Applications/Rollcall.app");
    expect(stdout).toContain("Removed ~/Library/LaunchAgents/local.rollcall.watch.plist");
    expect(stdout).toContain(`Removed ${on.root}\nWhat stays:\n  your photos, in Photos and on the iPhone\n`);
    expect(stdout).not.toMatch(/nothing to remove| stays, /);
    expect(on.mac.files()).toEqual(before);
    expect(on.mac.isAgentLoaded()).toBe(false);
    expect(on.install(null, "--remove")).toMatchObject({ stdout: `There is no ${on.root}.\n`, status: 0 });
  });

  test("leaves the ledger, the receipts and the copies, and names where they are", () => {
    using on = new MacToInstallOn();
    on.install(kit);
    const kept = [on.mac.folders.data, join(on.mac.home, "Pictures/Rollcall")];
    for (const one of kept) {
      mkdirSync(one, { recursive: true });
      writeFileSync(join(one, "ledger.sqlite"), "");
    }
    writeFileSync(join(on.root, "note.txt"), "mine");
    const { stdout } = on.install(null, "--remove");
    for (const one of kept) {
      expect(stdout).toContain(`\n  ${one}\n`);
      expect(existsSync(join(one, "ledger.sqlite"))).toBe(true);
    }
    expect(stdout).toContain("The rest of it is not of this installer.");
    expect(on.tree().filter((line) => line.includes(".rollcall/"))).toHaveLength(1);
  });

  test("removes nothing where a set-up cannot be removed", () => {
    using on = new MacToInstallOn();
    on.install(kit);
    const program = readFileSync(on.rollcall, "utf8");
    writeFileSync(on.rollcall, "#!/bin/sh\necho 'error: no.' >&2\nexit 1\n");
    const { stderr, status } = on.install(null, "--remove");
    expect(stderr).toMatch(
      /rollcall setup agent made could not be removed\. Rollcall stays; run this again\.\n$/,
    );
    expect(status).toBe(1);
    writeFileSync(on.rollcall, program);
    expect(on.version()).toBe(rollcallVersion);
  });
});

test("with a real Node and its npm: all is pinned, no script runs, and that Node starts it", (context) => {
  context.skip(npmFolder() === null, "this computer's npm was not found");
  using on = new MacToInstallOn();
  using real = new Kit(packed, { node: "real", npm: "real" });
  const { stdout, stderr, status } = on.install(real);
  const unreachable = /cannot be reached \((\w+)\)/.exec(stderr);
  context.skip(unreachable !== null, `no registry: ${unreachable?.[1]}`);
  expect(`${stdout}${stderr}`).not.toMatch(/npm/i);
  expect(status).toBe(0);
  expect(on.version()).toBe(rollcallVersion);
  const { packages } = JSON.parse(readFileSync(join(top, "package-lock.json"), "utf8"));
  const installed = (name: string) =>
    JSON.parse(
      readFileSync(
        join(on.root, "current/lib/node_modules/rollcall/node_modules", name, "package.json"),
        "utf8",
      ),
    );
  for (const name of Object.keys(JSON.parse(readFileSync(join(top, "package.json"), "utf8")).dependencies))
    expect([name, installed(name).version]).toEqual([name, packages[`node_modules/${name}`].version]);
  expect(() => installed("vitest")).toThrow(/ENOENT/);
  const how = {
    node: join(on.root, "current/node/bin/node"),
    program: join(on.root, "current/lib/node_modules/rollcall/dist/main.js"),
    environment: { ROLLCALL_HOME: on.mac.folders.data },
  };
  const takeJob = join(on.root, "current/lib/node_modules/rollcall/dist/integrations/app/take-job.js");
  expect(startText(on)).toBe(startFile(how, takeJob, on.mac.folders).text);
  const demo = spawnSync(on.rollcall, ["demo"], {
    env: { PATH: "/usr/bin:/bin", HOME: on.mac.home, TMPDIR: on.mac.folder },
    encoding: "utf8",
  });
  expect(demo.stdout).toMatch(/\d+ new photos, all proved/);
  // Nothing of npm's lies in the home.
  expect(existsSync(join(on.mac.home, ".npm"))).toBe(false);
}, 600_000);

/** The script as it is published. */
function fill(address: string): string {
  const words = [join(top, "scripts/write-installer.mjs"), packed, address];
  return execFileSync(process.execPath, words, { encoding: "utf8" });
}

function npmSays(code: string) {
  return { npm: `console.error("npm error code ${code}\\nnpm error path x"); process.exit(1);` };
}

function setUp(on: MacToInstallOn, what: string): void {
  execFileSync(on.rollcall, ["setup", what, "--yes"], {
    env: { PATH: "/usr/bin:/bin", ...on.mac.environment },
    stdio: "pipe",
  });
}
