import { describe, expect, test } from "vitest";
import { macosVersion } from "../../src/cli/compose/macos-version.js";
import { FakeMac, type ProgramFault } from "../integrations/fake-mac.js";

/** @param file what SystemVersion.plist shows */
const version = (mac: FakeMac | null, file: string | null, darwin: string) =>
  macosVersion({ run: mac === null ? null : mac.run(), versionFile: async () => file, darwin });

describe("macOS is called", () => {
  test("as sw_vers says, whatever the file shows to an old node", async () => {
    using mac = new FakeMac();
    mac.swVersSays("26.1\n");
    expect(await version(mac, "16.1", "25.1.0")).toBe("26.1");
    expect(mac.calls()).toEqual([["sw_vers", "-productVersion"]]);
  });

  test.each(["absent", "writes nothing", "exits 5", "killed"] satisfies ProgramFault[])(
    "as the file says where sw_vers is or does: %s",
    async (sw_vers) => {
      using mac = new FakeMac({ sw_vers });
      expect(await version(mac, "15.5", "24.5.0")).toBe("15.5");
      expect(await version(mac, "26.1", "25.1.0")).toBe("26.1");
    },
  );

  test.each([
    ["16.0", "16.0", "25.1.0", "26"],
    ["16.0", null, "26.0.0", "27"],
    ["10.16", "10.16", "24.5.0", "15"],
    ["what?", "16.0", "25.1.0", "26"],
    ["", null, "25.1.0", "26"],
    ["10.15.7", null, "19.6.0", "10.15.7"],
  ])(
    "never 16, nor 10.16: sw_vers %j, the file %j and Darwin %s are %s",
    async (said, file, darwin, expected) => {
      using mac = new FakeMac();
      mac.swVersSays(said);
      expect(await version(mac, file, darwin)).toBe(expected);
    },
  );

  test("nothing where nothing tells", async () => {
    expect(await version(null, null, "6.8.0-generic")).toBeNull();
  });
});
