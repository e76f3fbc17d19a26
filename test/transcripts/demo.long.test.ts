import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isBuilt, rollcall } from "./command.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isBuilt)("the demo (built command needed: npm run build)", () => {
  test("tells the whole story and ends with the receipt", async () => {
    const keep = join(folder, "demo");
    const { status, stdout } = await rollcall(["demo", "--keep", keep], {
      ROLLCALL_HOME: join(folder, "home"),
    });
    expect(status).toBe(0);
    expect(stdout).toContain("edits with an AAE and, as on iOS 26, without one");
    expect(stdout).toMatch(/29 new photos, all /);
    expect(stdout).toContain("2 edits stay on the phone: the receipt says why.");
    expect(stdout).toMatch(/Nothing new on Demo iPhone/);
    expect(stdout).toContain("It sent Photos 0 Apple events.");
    expect(stdout).toMatch(/\nRemove it all: rm -rf (.+)\n$/);
    expect(stdout).toContain(`rm -rf ${keep}\n`);
  });

  test("says how to remove it all, and nothing of it lies anywhere else", async () => {
    const temporary = mkdtempSync("/tmp/rc-demo-");
    const env = { ROLLCALL_HOME: join(folder, "home"), TMPDIR: temporary };
    const atLastLine: string[][] = [];
    const { stdout } = await rollcall(["demo"], env, {
      onStdout: (soFar) => {
        if (soFar.includes("Remove it all")) atLastLine.push(readdirSync(temporary));
      },
    });
    const [, named] = /Remove it all: rm -rf (.+)\n$/.exec(stdout)!;
    expect(atLastLine[0]).toEqual([basename(named!)]);
    rmSync(temporary, { recursive: true });
  });
});
