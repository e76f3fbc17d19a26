import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/clock.js";
import { installShortcuts, removeShortcuts } from "../../src/integrations/shortcuts/install-shortcuts.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import { MARKER } from "../../src/owned-folder.js";
import { parseDictionary } from "../../src/usb/wire/property-list.js";
import { handClock } from "../jxa/stand-in-osascript.js";
import { FakeMac, type ProgramFault } from "./fake-mac.js";
import { FIXED_HOW } from "./fixed-place.js";

const definitions = shortcutDefinitions(FIXED_HOW);
const NAMES = ["Import from iPhone", "iPhone: what is new?", "Choose photos from iPhone"];

/** A clock on which every wait is over at once. */
const noWait: Clock & { readonly waits: number[] } = {
  waits: [],
  now: () => new Date(0),
  wait: async (ms) => void noWait.waits.push(ms),
};
const install = (mac: FakeMac, clock: Clock = noWait) =>
  installShortcuts(definitions, { run: mac.run(systemClock), clock, folders: mac.folders });
const folderOf = (mac: FakeMac) => join(mac.folders.data, "shortcuts");

describe("shortcuts are", () => {
  test("signed for anyone, under the name they shall have, and opened; the unsigned ones do not stay", async () => {
    using mac = new FakeMac();
    const installed = await install(mac);
    expect(installed.map(({ name, isOpen, trouble }) => [name, isOpen, trouble])).toEqual(
      NAMES.map((name) => [name, true, null]),
    );
    const folder = "HOME/Library/Application Support/Rollcall/shortcuts";
    expect(mac.calls()).toEqual(
      NAMES.flatMap((name) => [
        [
          ...["shortcuts", "sign", "--mode", "anyone", "--input", `${folder}/unsigned/${name}.shortcut`],
          ...["--output", `${folder}/${name}.shortcut`],
        ],
        ["open", `${folder}/${name}.shortcut`],
      ]),
    );
    expect(readdirSync(folderOf(mac)).sort()).toEqual(
      [MARKER, ...NAMES.map((name) => `${name}.shortcut`)].sort(),
    );
    for (const { path } of installed) expect(readFileSync(path!, "latin1")).toMatch(/^AEA1/);
  });

  test.each([
    ["exits 5", "shortcuts ended with status 5: it did not work"],
    ["writes nothing", "shortcuts said that it signed it, and wrote nothing."],
  ] satisfies [ProgramFault, string][])(
    "tried four times a second apart where the signer %s, and given up with nothing left behind",
    async (shortcuts, trouble) => {
      using mac = new FakeMac({ shortcuts });
      noWait.waits.length = 0;
      expect(await install(mac)).toEqual(NAMES.map((name) => ({ name, path: null, isOpen: false, trouble })));
      expect(mac.calls()).toHaveLength(12);
      expect(noWait.waits).toEqual(Array(9).fill(1000));
      expect(existsSync(folderOf(mac))).toBe(false);
    },
  );

  test("tried again as a binary property list where the signer refuses XML", async () => {
    using mac = new FakeMac();
    mac.signOnlyBinary();
    expect((await install(mac)).map(({ isOpen, trouble }) => [isOpen, trouble])).toEqual(
      NAMES.map(() => [true, null]),
    );
    expect(mac.callsOf("shortcuts")).toHaveLength(6);
  });

  test("the same in both forms, to the last value", () => {
    for (const { text, bytes } of definitions) {
      expect(Buffer.from(bytes()).toString("latin1", 0, 8)).toBe("bplist00");
      expect(parseDictionary(Buffer.from(bytes()))).toEqual(parseDictionary(Buffer.from(text)));
    }
  });

  test.each([
    ["absent", 0, "This Mac has no shortcuts."],
    ["killed", 1, "shortcuts was ended by SIGKILL."],
  ] satisfies [ProgramFault, number, string][])(
    "not asked for again where the signer is %s: it cannot be run at all",
    async (shortcuts, calls, trouble) => {
      using mac = new FakeMac({ shortcuts });
      expect((await install(mac)).map((one) => one.trouble)).toEqual(NAMES.map(() => trouble));
      expect(mac.calls()).toHaveLength(calls);
    },
  );

  test("given up after a minute where the signer hangs", async () => {
    using mac = new FakeMac({ shortcuts: "hangs" });
    const clock = handClock();
    const waiting = installShortcuts(definitions, { run: mac.run(clock), clock, folders: mac.folders });
    while (clock.waits.length === 0) await new Promise(setImmediate);
    expect(clock.waits).toEqual([60_000]);
    clock.ringAll();
    const [first] = await waiting;
    expect(first!.trouble).toBe("shortcuts did not end within 60 s, and was ended.");
  });

  test("kept where they cannot be opened, so that a person can", async () => {
    using mac = new FakeMac({ open: "exits 5" });
    for (const { path, isOpen, trouble } of await install(mac)) {
      expect(existsSync(path!)).toBe(true);
      expect([isOpen, trouble]).toEqual([false, "open ended with status 5: it did not work"]);
    }
  });

  test("removed with their folder; which are still in the app is found out, also under the Finder's spelling", async () => {
    using mac = new FakeMac();
    await install(mac);
    mac.shortcutsListed("Something else", "iPhone/ what is new?");
    const parts = { run: mac.run(), folders: mac.folders };
    const { removed, stillInApp } = await removeShortcuts(NAMES, parts);
    expect(removed).toEqual([folderOf(mac)]);
    expect(stillInApp).toEqual(["iPhone: what is new?"]);
    expect(mac.files()).toEqual({});
    expect((await removeShortcuts(NAMES, parts)).removed).toEqual([]);
  });
});
