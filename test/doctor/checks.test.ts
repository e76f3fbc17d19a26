import { describe, expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { Check } from "../../src/doctor/check.js";
import { CHECKS } from "../../src/doctor/checks.js";
import type { Finding } from "../../src/doctor/finding.js";
import { askingApp, askingBundleId } from "../../src/doctor/host-app.js";
import { hasErrno, RollcallError } from "../../src/errors.js";
import type { ControlRight, LibraryRight } from "../../src/photos/photos-rights.js";
import { says } from "../says.js";
import { goodParts, rightsOf, seenPhone } from "./good-parts.js";

const named = (id: string): Check => CHECKS.find((check) => check.id === id)!;

async function found(id: string, ...otherwise: Parameters<typeof goodParts>): Promise<readonly Finding[]> {
  return await named(id).look(goodParts(...otherwise), new AbortController().signal);
}

async function one(id: string, ...otherwise: Parameters<typeof goodParts>): Promise<Finding> {
  const findings = await found(id, ...otherwise);
  expect(findings).toHaveLength(1);
  return findings[0]!;
}

const error = (code: ConstructorParameters<typeof RollcallError>[0], cause?: unknown) =>
  new RollcallError(code, { message: "It is so.", remedy: "Do this.", cause });
const fails = (code: Parameters<typeof error>[0], cause?: unknown) => async () => {
  throw error(code, cause);
};
const never = () => {
  throw new Error("this is not to be asked");
};

test("where nothing is wrong every check says ok, and has nothing to do", async () => {
  for (const { id } of CHECKS)
    expect(await one(id), id).toMatchObject({ status: "ok", remedy: null, settings: null, blocks: null });
});

test("every check has a name for programs of its own, and a question that fits its column", () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  for (const { question } of CHECKS) expect(question.length).toBeLessThanOrEqual(24);
});

describe("macOS and Photos", () => {
  test("both versions are told", async () => {
    expect((await one("versions")).finding).toBe("macOS 15.5, Photos 10.0");
  });

  test.each(["12.7.6", "10.15.7"])("macOS %s is too old for Photos to be used", async (version) => {
    const finding = await one("versions", { mac: { macosVersion: async () => version } });
    expect(finding).toMatchObject({ status: "trouble", blocks: "photos" });
    expect(inCommandWords(finding.remedy ?? "")).toContain("Update macOS to 13");
  });

  test("a macOS that does not tell its version is a note; a Mac without Photos is a trouble", async () => {
    const unknown = await one("versions", { mac: { macosVersion: async () => null } });
    expect(unknown).toMatchObject({ status: "note", blocks: null });
    const absent = await one("versions", { mac: { photosVersion: async () => null } });
    expect(absent).toMatchObject({ status: "trouble", blocks: "photos", finding: "Photos was not found" });
  });

  test("off a Mac it is said once that Photos is on a Mac only, and what can be done here", async () => {
    const linux = { mac: { platform: "linux", macosVersion: never, photosVersion: never }, photos: null };
    expect(await one("versions", linux)).toMatchObject({
      status: "trouble",
      blocks: "photos",
      finding: "Photos is on a Mac only, and this is linux",
      remedy: says("rollcall copy"),
    });
    for (const id of ["osascript", "automation", "library"])
      expect(await one(id, linux)).toMatchObject({ finding: "not on this system", remedy: null });
    expect((await one("space", linux)).finding).toBe("staging 212.0 GB free");
  });

  test("off a Mac with something in osascript's place, that is asked", async () => {
    const linux = { mac: { platform: "linux" }, photos: { standIn: "/opt/osascript" } };
    expect(await one("versions", linux)).toMatchObject({ status: "note", blocks: null });
    expect((await one("osascript", linux)).finding).toContain("/opt/osascript, by ROLLCALL_OSASCRIPT");
  });
});

describe("osascript", () => {
  test("says whether Photos is open", async () => {
    const closed = { photos: { rights: rightsOf({ isRunning: async () => false }) } };
    expect((await one("osascript")).finding).toBe("yes: Photos is open");
    expect((await one("osascript", closed)).finding).toBe("yes: Photos is closed");
  });

  test("that cannot be started is the trouble; what else was to be asked through it is only not known", async () => {
    const gone = fails("OSASCRIPT_ABSENT");
    const rights = rightsOf({ isRunning: gone, mayControl: gone, mayReadLibrary: gone });
    expect(await one("osascript", { photos: { rights } })).toEqual({
      status: "trouble",
      finding: "no: It is so.",
      remedy: "Do this.",
      settings: null,
      offers: null,
      blocks: "photos",
    });
    for (const id of ["automation", "library"])
      expect(await one(id, { photos: { rights } })).toMatchObject({
        status: "note",
        finding: "not known: It is so.",
      });
  });
});

describe("the right to control Photos", () => {
  const with_ = (
    right: ControlRight,
    askingApp: string | null = "Terminal",
    askingBundleId: string | null = "com.apple.Terminal",
  ) => ({
    photos: { askingApp, askingBundleId, rights: rightsOf({ mayControl: async () => right }) },
  });

  test("names the app that has it", async () => {
    expect((await one("automation", with_("allowed"))).finding).toBe("Automation: Terminal -> Photos");
    expect((await one("automation", with_("allowed", null))).finding).toContain("the app that runs rollcall");
  });

  test("refused: a missing permission, where to switch it on, and the page that opens", async () => {
    const finding = await one("automation", with_("refused"));
    expect(finding).toMatchObject({ status: "trouble", blocks: "permission" });
    expect(finding.finding).toContain("-1743");
    expect(inCommandWords(finding.remedy ?? "")).toMatch(
      /^System Settings > Privacy & Security > Automation > Terminal: switch Photos on\. .* run tccutil reset AppleEvents com\.apple\.Terminal,/,
    );
    const unknown = await one("automation", with_("refused", null, null));
    expect(inCommandWords(unknown.remedy ?? "")).not.toContain("tccutil");
    expect(inCommandWords(unknown.remedy ?? "")).toContain("run Rollcall from Terminal");
    expect(finding.settings?.url).toBe(
      "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_Automation",
    );
  });

  test("not asked yet: missing too, and how it is given; there is no page for it yet", async () => {
    const finding = await one("automation", with_("not-asked-yet"));
    expect(finding).toMatchObject({ status: "trouble", blocks: "permission", settings: null });
    expect(inCommandWords(finding.remedy ?? "")).toMatch(
      /^Run rollcall import once from Terminal at this screen/,
    );
  });

  test("cannot be known while Photos is closed: a note, because nothing may be started to find out", async () => {
    const finding = await one("automation", with_("photos-closed"));
    expect(finding).toMatchObject({ status: "note", blocks: null });
    expect(inCommandWords(finding.remedy ?? "")).toMatch(/^Open Photos and run rollcall doctor again/);
  });
});

describe("the library", () => {
  const with_ = (right: LibraryRight, requireReadable: (path: string) => Promise<void> = never) => ({
    photos: { requireReadable, rights: rightsOf({ mayReadLibrary: async () => right }) },
  });

  test("not-asked-yet: nothing in it is opened; what makes macOS ask, where somebody is there to answer", async () => {
    const finding = await one("library", with_("not-asked-yet"));
    expect(finding).toMatchObject({
      status: "note",
      blocks: null,
      finding: expect.stringMatching(/^no: proofs stop at "present" \(\/Pictures\//),
      remedy: says(/^Run rollcall verify, or an import, once from Terminal .* allow it/),
    });
  });

  test("about which macOS asks all the same: a note that says so, after a while", async () => {
    const asked = new RollcallError("LIBRARY_NOT_PERMITTED", {
      message: "macOS may be asking whether Terminal may access your photos: look behind the windows.",
      remedy: "Allow it there.",
    });
    const finding = await one(
      "library",
      with_("allowed", () => Promise.reject(asked)),
    );
    expect(finding).toMatchObject({
      status: "note",
      finding: expect.stringContaining("look behind the windows"),
      remedy: "Allow it there.",
    });
  });

  test.each(["refused", "unknown"] as const)(
    "%s: nothing in it is opened, so macOS does not ask; Photos access is named before Full Disk Access",
    async (right) => {
      const finding = await one("library", with_(right));
      expect(finding).toMatchObject({ status: "note", blocks: null });
      expect(finding.finding).toMatch(/^no: proofs stop at "present" \(\/Pictures\//);
      expect(inCommandWords(finding.remedy ?? "")).toMatch(
        /^System Settings > Privacy & Security > Photos: switch Terminal on; .*Full Disk Access/,
      );
      expect(finding.settings?.url).toMatch(/\?Privacy_Photos$/);
    },
  );

  test("with Full Disk Access it is read without asking PhotoKit", async () => {
    const rights = rightsOf({ mayReadLibrary: never });
    const read: string[] = [];
    const photos = {
      rights,
      hasFullDiskAccess: async () => true,
      requireReadable: async (path: string) => void read.push(path),
    };
    expect((await one("library", { photos })).status).toBe("ok");
    expect(read).toEqual(["/Pictures/Photos Library.photoslibrary"]);
  });

  test("that the system keeps all the same is a matter of rights; a damaged one is not", async () => {
    const kept = Object.assign(new Error("EPERM"), { code: "EPERM" });
    expect(hasErrno(kept, "EPERM")).toBe(true);
    const refused = await one("library", with_("allowed", fails("LIBRARY_UNREADABLE", kept)));
    expect(refused.settings?.name).toBe("Privacy & Security > Photos");
    const damaged = await one("library", with_("allowed", fails("LIBRARY_UNREADABLE")));
    expect(damaged).toEqual({
      status: "note",
      finding: 'no: proofs stop at "present" (It is so)',
      remedy: "Do this.",
      settings: null,
      offers: null,
      blocks: null,
    });
  });

  test("while Photos is closed the one in the usual place is meant; without one it is not known which", async () => {
    const process = { openLibrary: async () => null };
    const usual = { process, usualLibrary: async () => "/usual.photoslibrary" };
    expect((await one("library", { photos: usual })).finding).toBe("yes: /usual.photoslibrary");
    const none = await one("library", { photos: { process } });
    expect(none).toMatchObject({
      status: "note",
      remedy: says("ROLLCALL_PHOTOS_LIBRARY"),
    });
  });

  test("another one than the person named is open: Photos cannot be used so", async () => {
    const process = { openLibrary: fails("PHOTOS_LIBRARY_SWITCHED") };
    expect(await one("library", { photos: { process } })).toMatchObject({
      status: "trouble",
      blocks: "photos",
    });
  });
});

describe("this computer", () => {
  test("a data folder that is not there yet is fine, and its ledger is not asked for", async () => {
    const data = { requireWritable: async () => ({ isThere: false }), lookAtLedger: never };
    const finding = await one("data-folder", { data });
    expect(finding).toMatchObject({ status: "ok", finding: expect.stringContaining("first run makes it") });
  });

  test("while another Rollcall is running its ledger is left alone", async () => {
    const data = { processAtWork: async () => 4711, lookAtLedger: never };
    expect(await one("data-folder", { data })).toMatchObject({
      status: "note",
      finding: expect.stringContaining("process 4711"),
    });
  });

  test("little space is a note, so little that nothing can be imported is a trouble", async () => {
    const space = (freeBytes: number) => ({ data: { freeSpace: async () => ({ volume: "1", freeBytes }) } });
    expect(await one("space", space(212e9))).toMatchObject({
      status: "ok",
      finding: "staging 212.0 GB free, library 212.0 GB free, on one volume: a photo needs its size twice",
    });
    expect(await one("space", space(4e9))).toMatchObject({
      status: "note",
      remedy: says("--limit"),
    });
    expect(await one("space", space(200e6))).toMatchObject({ status: "trouble", blocks: "space" });
  });

  test("staging and library on two volumes are told apart, and the fuller one counts", async () => {
    const finding = await one("space", {
      data: { freeSpace: async () => ({ volume: "1", freeBytes: 212e9 }) },
      photos: { freeSpace: async () => ({ volume: "2", freeBytes: 100e6 }) },
    });
    expect(finding).toMatchObject({
      status: "trouble",
      finding: "staging 212.0 GB free, library 0.10 GB free",
    });
  });

  test.each([
    ["/Users/anna/.npm/_npx/1f/node_modules/.bin/rollcall", "note"],
    ["/private/tmp/rollcall/dist/main.js", "note"],
    ["/Users/anna/tmp/rollcall/dist/main.js", "ok"],
    ["/opt/homebrew/lib/node_modules/rollcall/dist/main.js", "ok"],
  ])("the program at %s: %s", async (path, status) => {
    expect((await one("program", { program: { path } })).status).toBe(status);
  });

  test("a Node that is too old is a trouble", async () => {
    const finding = await one("program", { program: { nodeVersion: "20.18.1" } });
    expect(finding).toMatchObject({ status: "trouble", blocks: "this computer" });
  });
});

describe("the cable", () => {
  const noOne = { look: async () => [] };

  test("no bus, or another usbmuxd than this computer's, is a note", async () => {
    expect((await one("usb", { cable: { phonesOnBus: async () => null } })).status).toBe("note");
    const other = { isBusOfUsbmuxd: false, phonesOnBus: never, usbmuxdAddress: "/other" };
    expect((await one("usb", { cable: other })).finding).toContain("/other");
  });

  test("usbmuxd absent on Linux with no phone there is a note: udev starts it with the first phone", async () => {
    const cable = { devicesListed: fails("USBMUXD_ABSENT"), phonesOnBus: async () => 0 };
    expect((await one("usbmuxd", { mac: { platform: "linux" }, cable })).status).toBe("note");
    await expect(found("usbmuxd", { mac: { platform: "darwin" }, cable })).rejects.toThrow("It is so.");
    const withPhone = { ...cable, phonesOnBus: async () => 1 };
    await expect(found("usbmuxd", { mac: { platform: "linux" }, cable: withPhone })).rejects.toThrow();
    expect((await one("phone", { cable: { finder: { look: fails("USBMUXD_ABSENT") } } })).status).toBe(
      "note",
    );
  });

  test("no phone is a note; a phone that was named and is not there is a trouble", async () => {
    const none = await one("phone", { cable: { finder: noOne } });
    expect(none).toMatchObject({
      status: "note",
      finding: "none",
      remedy: says(/^Connect it/),
    });
    const missing = await one("phone", { cable: { wantedPhone: "Ben's iPhone" } });
    expect(missing).toMatchObject({ status: "trouble", blocks: "phone" });
    expect(missing.finding).toContain('no iPhone called "Ben\'s iPhone"');
  });

  test.each([
    ["locked", "locked"],
    ["not-trusted", "not trusted"],
    ["cable-only", "on the cable, not answering"],
  ] as const)("a phone that is %s is a trouble, in the words of rollcall phones", async (state, words) => {
    const look = async () => [seenPhone("Anna's iPhone", state)];
    expect(await one("phone", { cable: { finder: { look } } })).toMatchObject({
      status: "trouble",
      blocks: "phone",
      finding: `Anna's iPhone, ${words}: Anna's iPhone is ${state}.`,
      remedy: "Unlock it with its passcode.",
    });
  });

  test("a locked phone beside one that is ready hinders nothing, unless it is the one that was named", async () => {
    const look = async () => [seenPhone("Anna's iPhone"), seenPhone("Ben's iPhone", "locked")];
    const both = await found("phone", { cable: { finder: { look } } });
    expect(both.map(({ status, finding }) => [status, finding.split(",", 1)[0]])).toEqual([
      ["ok", "Anna's iPhone"],
      ["note", "Ben's iPhone"],
    ]);
    const bens = await one("phone", { cable: { finder: { look }, wantedPhone: "ben's iphone" } });
    expect(bens).toMatchObject({ status: "trouble", blocks: "phone" });
  });
});

test.each([
  [{ TERM_PROGRAM: "Apple_Terminal" }, "Terminal"],
  [{ TERM_PROGRAM: "iTerm.app" }, "iTerm"],
  [{ TERM_PROGRAM: "something new" }, null],
  [{ TERM_PROGRAM: "Apple_Terminal", SSH_CONNECTION: "10.0.0.1" }, null],
  [{}, null],
])("an environment with %j is called %s in System Settings", (env, app) => {
  expect(askingApp(env)).toBe(app);
});

test.each([
  [{ TERM_PROGRAM: "Apple_Terminal" }, "com.apple.Terminal"],
  [{ TERM_PROGRAM: "vscode" }, null],
  [{ TERM_PROGRAM: "Apple_Terminal", SSH_CONNECTION: "10.0.0.1" }, null],
])("of an environment with %j macOS can be made to forget %s alone", (env, id) => {
  expect(askingBundleId(env)).toBe(id);
});
