import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { lookAtDataFolder } from "../../src/cli/process/folders.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "../transcripts/command.js";

const test = oneTestIn(3);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-data-"));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a data folder that is a link to nothing, or to itself, is called that", async () => {
  const [nowhere, circle] = [join(folder, "nowhere"), join(folder, "circle")];
  symlinkSync("/Volumes/Not connected", nowhere);
  symlinkSync(circle, circle);
  await expect(lookAtDataFolder(nowhere)).rejects.toMatchObject({
    message: `Rollcall's data folder is a link that leads nowhere: ${nowhere}`,
    why: "It leads to /Volumes/Not connected, which is not there.",
  });
  await expect(lookAtDataFolder(circle)).rejects.toMatchObject({
    message: `Rollcall's data folder is a link that leads in a circle: ${circle}`,
  });
});

/** Somebody who is not root. */
const UID = 12_345;

describe.skipIf(!isBuilt || process.geteuid?.() !== 0)(
  "what root made (root and the built command needed)",
  () => {
    const home = () => join(folder, "home");
    const mine = (path: string) => chownSync(path, UID, UID);
    const outcome = (command = "staging") => rollcall([command], { ROLLCALL_HOME: home() }, { uid: UID });

    test.each([
      ["config.json", "staging"],
      ["receipts", "receipts"],
      ["receipts", "verify"],
    ])("%s, which rollcall %s may not read: whose it is, and the line that helps", async (name, command) => {
      mkdirSync(home());
      mine(home());
      await rollcall(["plan", "--wait", "0"], { ROLLCALL_HOME: home() }, { uid: UID }); // marks the folder
      const path = join(home(), name);
      rmSync(path, { recursive: true, force: true });
      if (name === "config.json") writeFileSync(path, "{}");
      else mkdirSync(path);
      chmodSync(path, name === "config.json" ? 0o600 : 0o700);
      const { status, stderr } = await outcome(command);
      expect(stderr).toContain("another user's (root)");
      expect(stderr).toContain(`Make it yours: sudo chown -R ${UID} ${path}`);
      expect(status).toBe(1);
      chownSync(path, UID, UID); // the remedy, as root would run it
      expect((await outcome(command)).stderr).not.toContain("another user's");
    });

    const RUN = "staging/0b1f9d1e-7d3a-4e57-9f5a-2f4f5a0d1c11";

    /** What a run that root made leaves in a folder of somebody else. */
    async function ofRoot(name: string, command: string, mode: number, line: string) {
      mkdirSync(home());
      mine(home());
      await rollcall(["plan", "--wait", "0"], { ROLLCALL_HOME: home() }, { uid: UID }); // marks the folder
      const path = join(home(), name);
      if (name.includes("/")) mkdirSync(join(home(), "staging"));
      if (name.includes("/")) mine(join(home(), "staging"));
      if (!existsSync(path)) mkdirSync(path, { recursive: true });
      chownSync(path, 0, 0);
      chmodSync(path, mode);
      const ask = () => rollcall(command.split(" "), { ROLLCALL_HOME: home() }, { uid: UID });
      const told = Object.values(await ask()).join("\n");
      expect(told).toContain(`${join(home(), line)} is another user's (root)`);
      expect(told).toContain(`Make it yours: sudo chown -R ${UID} ${join(home(), line)}\n`);
      expect(told).not.toContain("Make the folder writable");
      const { execFileSync } = await import("node:child_process");
      execFileSync("chown", ["-R", String(UID), join(home(), line)]);
      const after = await ask();
      expect(after.stdout + after.stderr).not.toMatch(/another user's|cannot (read|write)/);
    }

    test.each<[string, string, number, string]>([
      ["staging", "staging", 0o700, "staging"],
      [`${RUN}/DCIM`, "staging", 0o700, RUN],
      ["receipts", "status", 0o700, "receipts"],
      ["ledger.sqlite", "status", 0o600, "ledger.sqlite"],
      ["ledger.sqlite", "plan --wait 0", 0o600, "ledger.sqlite"],
      ["at-work.lock", "status", 0o600, "at-work.lock"],
      ["at-work.lock", "plan --wait 0", 0o644, "at-work.lock"],
    ])("%s, refused to rollcall %s: whose it is, and the line that helps", ofRoot);

    test("of a staging folder that a person named no owner is said, and that it cannot be read", async () => {
      const named = join(folder, "named");
      mkdirSync(named, { mode: 0o700 });
      mkdirSync(home());
      mine(home());
      const env = { ROLLCALL_HOME: home(), ROLLCALL_STAGING: named };
      const { status, stderr } = await rollcall(["staging"], env, { uid: UID });
      expect(stderr).toMatch(
        /^error: Rollcall cannot read .*named\.\nwhy: .*\ndo: {4}Make it readable for you/,
      );
      expect(stderr).not.toContain("chown");
      expect(status).toBe(1);
    });

    test.each<[string, string, () => void]>([
      ["the data folder", "-R 12345 HOME", () => mkdirSync(home())],
      [
        "a link to it",
        "-h 12345 HOME",
        () => {
          mkdirSync(join(folder, "real"));
          mine(join(folder, "real"));
          symlinkSync(join(folder, "real"), home());
        },
      ],
      [
        "an empty rollcall-work in it",
        "-R 12345 HOME/rollcall-work",
        () => {
          mkdirSync(home());
          mine(home());
          mkdirSync(join(home(), "rollcall-work"));
        },
      ],
    ])("%s: whose it is, and the line that helps, which does help", async (_what, arguments_, make) => {
      make();
      const { status, stderr } = await outcome();
      const line = `sudo chown ${arguments_.replace("HOME", home())}`;
      expect(stderr).toContain("root");
      expect(stderr).toContain(line);
      expect(status).toBe(1);
      // The remedy, as root would run it.
      const [, , path] = line.slice("sudo chown ".length).split(" ");
      const { execFileSync } = await import("node:child_process");
      execFileSync("chown", arguments_.replace("HOME", home()).split(" "));
      expect(existsSync(path ?? home())).toBe(true);
      expect((await outcome()).stderr).not.toContain("error:");
    });
  },
);
