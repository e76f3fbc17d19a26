import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness, main } from "./command-harness.js";

/** A small disk of its own needs a mount namespace. */
const trial = spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]);

/**
 * Copies a data folder to a small disk, fills the disk but for so many bytes, runs a command, and copies the folder
 * back. The disk is gone with its namespace.
 */
const ON_A_FULL_DISK = `
  set -e; disk="$1"; data="$2"; back="$3"; free="$4"; shift 4
  mount -t tmpfs -o size=4m none "$disk"
  cp -a "$data" "$disk/data"
  left=$(( $(df --output=avail -k "$disk" | tail -1) - free ))
  head -c "\${left}k" /dev/zero > "$disk/ballast"
  set +e; ROLLCALL_HOME="$disk/data" "$@"; status=$?
  rm "$disk/ballast"; cp -a "$disk/data" "$back"; exit $status`;

describe.skipIf(trial.status !== 0)("a full disk (root and a mount namespace needed)", () => {
  let harness: CommandHarness;
  let [data, number] = ["", 0];
  beforeAll(async () => {
    harness = new CommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 12 });
    await harness.plugIn();
    const { exitCode, stderr } = await harness.rollcall(["import"]);
    expect(exitCode, stderr).toBe(0);
    data = harness.environment.ROLLCALL_HOME!;
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  async function withFree(kilobytes: number, args: readonly string[]) {
    const disk = join(harness.folder, `disk${(number += 1)}`);
    mkdirSync(disk);
    const back = join(harness.folder, `back${number}`);
    const script = ["-m", "sh", "-c", ON_A_FULL_DISK, "sh", disk, data, back, String(kilobytes)];
    const env = { ...harness.environment, ROLLCALL_STAGING: join(harness.folder, "staging") };
    const ended = await execa("unshare", [...script, process.execPath, main, ...args], {
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    return { status: ended.exitCode, said: `${ended.stdout}\n${ended.stderr}`, back };
  }

  const FREE = [0, 20, 100];

  test.each(["staging", "staging clear --yes", "receipts", "eject", "safe-to-remove"])(
    "rollcall %s works, however little is free",
    async (command) => {
      const args = command === "safe-to-remove" ? ["receipts", command] : command.split(" ");
      for (const free of FREE) {
        const { status, said } = await withFree(free, args);
        expect(status, `${free} KB free: ${said}`).toBe(0);
      }
    },
  );

  test.each(["plan", "import", "verify"])(
    "rollcall %s works, or says that the disk is full, and the ledger stays whole",
    async (command) => {
      for (const free of FREE) {
        const { status, said, back } = await withFree(free, [command]);
        if (status !== 0)
          expect(said, `${free} KB free`).toMatch(/error: The disk is full\.|Not enough space/);
        expect([0, 6], `${free} KB free: ${said}`).toContain(status);
        const after = await harness.rollcall(["plan"], { ROLLCALL_HOME: back });
        expect(after.exitCode, after.stderr).toBe(0);
        expect(after.stdout, `${free} KB free, and after that`).toContain("already in Photos");
      }
    },
  );
});
