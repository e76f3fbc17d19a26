import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
    const { stdout: help } = await rollcall(["demo", "--help"], {});
    const [, usual] = /usual (\d+)/.exec(help)!;
    expect(stdout).toContain(`1. A virtual iPhone with ${usual} photos and videos`);
    expect(stdout).toMatch(/25 new photos, all /);
    expect(stdout).toContain("2 edits stay on the phone: the receipt says why.");
    expect(stdout).toMatch(/Nothing new on Demo iPhone/);
    expect(stdout).toContain("It sent Photos 0 Apple events.");
    // The page and the receipt that are named are those of the import that imported something.
    const [page] = /\/\S.*\.html(?='? {3}the receipt of the first import)/.exec(stdout)!;
    expect(readFileSync(page, "utf8")).toContain("<img");
    const [, name] = /receipts show '(.*)' {3}every file/.exec(stdout)!;
    const shown = await rollcall(["receipts", "show", name!], { ROLLCALL_HOME: join(keep, "data") });
    expect(shown.stdout).toMatch(/this run|25/);
    // What may be deleted comes last, and there is something on it.
    const [, safe] = /6\. .*safe-to-remove.*\n\n(\d+) photos may leave Demo iPhone /.exec(stdout)!;
    const [list] = /\/\S+\.html(?= {3}what may be deleted)/.exec(stdout)!;
    expect(readFileSync(list, "utf8").match(/<img/g)).toHaveLength(Number(safe));
    expect(stdout).toMatch(/\nRemove it all: rm -rf (.+)\n$/);
    expect(stdout).toContain(`rm -rf ${keep}\n`);
  });

  test.each(["/proc/x", "/proc/x/y", "/dev/null/x"])(
    "with --keep %s, where no folder can be made, ends with one clear error",
    async (keep) => {
      const { status, stdout, stderr } = await rollcall(["demo", "--keep", keep], {});
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toMatch(
        /^error: Rollcall cannot write to [^\n]+\.\nwhy: .*\ndo: {4}Use --keep with a folder that you can write to, or leave it out\.\n$/,
      );
    },
  );

  test("--stay keeps phone and Photos until Ctrl-C, and says how to reach them", async () => {
    const keep = join(folder, "stay");
    let tried: ReturnType<typeof rollcall> | null = null;
    const { status, stdout } = await rollcall(
      ["demo", "--stay", "--keep", keep],
      {},
      {
        onStdout: (soFar, stop) => {
          if (tried !== null || !soFar.includes("rollcall import --pick\n")) return;
          const named = [...soFar.matchAll(/^ {2}export (\w+)="(.*)"$/gm)].map(([, key, value]) => [
            key!,
            value!,
          ]);
          tried = rollcall(["status", "--json"], Object.fromEntries(named));
          void tried.then(stop);
        },
      },
    );
    expect(status).toBe(0);
    expect(stdout).toContain("Look around:");
    const now = JSON.parse((await tried!).stdout);
    expect(now.phones).toMatchObject([{ name: "Demo iPhone", new: { items: 0 } }]);
    expect(now.lastRun.summary).toMatch(/^Nothing new/);
  });

  test("--stay is refused to a program: status 2", async () => {
    expect((await rollcall(["demo", "--stay", "--json"], {})).status).toBe(2);
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
