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
 * Copies a data folder to a small disk, fills the disk but for so many bytes, runs a command, and where that ends with
 * trouble frees the space and runs it again. The disk is gone with its namespace.
 */
const ON_A_FULL_DISK = `
  set -e; disk="$1"; data="$2"; free="$3"; shift 3
  mount -t tmpfs -o size=4m none "$disk"
  cp -a "$data" "$disk/data"
  left=$(( $(df --output=avail -k "$disk" | tail -1) - free ))
  head -c "\${left}k" /dev/zero > "$disk/ballast"
  set +e; ROLLCALL_HOME="$disk/data" "$@"; status=$?
  if [ $status != 0 ]; then
    rm "$disk/ballast"; echo "$ROOM_MADE"; ROLLCALL_HOME="$disk/data" "$@" 2>&1; echo "status $?"
  fi; exit $status`;
const ROOM_MADE = "== room was made";

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
    const script = ["-m", "sh", "-c", ON_A_FULL_DISK, "sh", disk, data, String(kilobytes)];
    const env = { ...harness.environment, ROLLCALL_STAGING: join(harness.folder, "staging"), ROOM_MADE };
    const ended = await execa("unshare", [...script, process.execPath, main, ...args], {
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    const [before, after] = ended.stdout.split(ROOM_MADE);
    return { status: ended.exitCode, said: `${before}\n${ended.stderr}`, after: after ?? "" };
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

  test.each([
    { command: "plan", afterwards: "already in Photos" },
    { command: "import", afterwards: "Nothing new" },
    { command: "verify", afterwards: "proved to the byte" },
  ])(
    "rollcall $command says that the disk is full; with room made, the same command works",
    async ({ command, afterwards }) => {
      const statuses = new Set<number | undefined>();
      for (const free of FREE) {
        const { status, said, after } = await withFree(free, [command]);
        statuses.add(status);
        if (status === 0) continue;
        expect(said, `${free} KB free`).toMatch(
          /error: The disk is full\.\nwhy: .*\ndo: {4}(Free some space|Make room), then run the same command again/,
        );
        expect(after, `${free} KB free, and room after that`).toMatch(/\nstatus 0$/);
        expect(after, `${free} KB free, and room after that`).toContain(afterwards);
      }
      expect(statuses).toContain(6);
    },
  );
});
