import { execFileSync, spawnSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Receipt } from "../../src/receipt/receipt.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { jpeg } from "../run/small-phones.js";
import { CommandHarness, main } from "./command-harness.js";

/** A disk of its own needs root, a loop device, and the exFAT of FUSE. */
const trial = spawnSync("sh", [
  "-c",
  "command -v mkfs.exfat mount.exfat-fuse unshare && test -w /dev/fuse && losetup -f && grep -q fuseblk /proc/filesystems",
]);
const isThere = process.geteuid?.() === 0 && trial.status === 0;

/** An exFAT disk of the given size; it is there only while one of its commands runs. */
class Exfat implements Disposable {
  readonly place: string;
  readonly #device: string;

  constructor(folder: string, megabytes: number) {
    const image = join(folder, "disk.img");
    this.place = join(folder, "disk");
    execFileSync("mkdir", [this.place]);
    writeFileSync(image, "");
    truncateSync(image, megabytes * 1024 ** 2);
    execFileSync("mkfs.exfat", [image]);
    this.#device = execFileSync("losetup", ["-f", "--show", image], { encoding: "utf8" }).trim();
  }

  /** Runs `rollcall ...` with the disk mounted, in a mount namespace of its own. */
  async rollcall(harness: CommandHarness, args: readonly string[], env: Record<string, string> = {}) {
    const script =
      'mount.exfat-fuse "$1" "$2" >&2 && { shift 2; "$@"; status=$?; umount "$DISK"; exit $status; }';
    const command = ["-c", script, "sh", this.#device, this.place, process.execPath, main, ...args];
    const { stdout, stderr, exitCode } = await execa("unshare", ["-m", "sh", ...command], {
      env: { ...harness.environment, ...env, DISK: this.place },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    return { stdout, stderr, exitCode };
  }

  [Symbol.dispose](): void {
    execFileSync("losetup", ["-d", this.#device]);
  }
}

describe.skipIf(!isThere)("exFAT (root, loop devices and exfat-fuse needed)", () => {
  let harness: CommandHarness;
  beforeEach(() => {
    harness = new CommandHarness();
  });
  afterEach(() => harness[Symbol.asyncDispose]());

  test("a name that exFAT refuses gets another one, which the receipt and verify know", async () => {
    const dcim = join(harness.mediaFolder, "DCIM/100APPLE");
    await mkdir(dcim);
    const names = ["1034:4677447615184994.MP4", "1034_4677447615184994.MP4", "IMG_0001.JPG", "img_0001.jpg"];
    for (const [at, name] of names.entries()) writeFileSync(join(dcim, name), jpeg(at + 1));
    await harness.plugIn();
    using disk = new Exfat(harness.folder, 512);
    const first = await disk.rollcall(harness, ["copy", disk.place, "--json"]);
    expect(first.exitCode, first.stderr).toBe(0);
    const receipt = JSON.parse(first.stdout) as Receipt;
    const told = receipt.answers.map(({ path, answer, reason }) => [path, answer, reason?.code ?? null]);
    expect(told).toEqual([
      ["/DCIM/100APPLE/1034:4677447615184994.MP4", "proved", "OTHER_NAME"],
      ["/DCIM/100APPLE/1034_4677447615184994.MP4", "proved", "OTHER_NAME"],
      ["/DCIM/100APPLE/IMG_0001.JPG", "proved", null],
      ["/DCIM/100APPLE/img_0001.jpg", "proved", "OTHER_NAME"],
    ]);
    const second = await disk.rollcall(harness, ["copy", disk.place]);
    expect(second.stdout).toContain("Nothing new");
    const verified = await disk.rollcall(harness, ["verify", disk.place]);
    expect(verified.exitCode, verified.stdout).toBe(0);
    expect(verified.stdout).toContain("4 photos proved to the byte.");
  });

  test("a full disk is told as a full one, also where the phone's database is to lie on it", async () => {
    await makeCameraRoll({ folder: harness.mediaFolder });
    truncateSync(join(harness.mediaFolder, "PhotoData/Photos.sqlite"), 64 * 1024 ** 2);
    await harness.plugIn();
    using disk = new Exfat(harness.folder, 16);
    const { exitCode, stderr } = await disk.rollcall(harness, ["plan"], {
      ROLLCALL_HOME: join(disk.place, "data"),
    });
    expect(stderr).toContain("error: The disk is full.");
    expect(exitCode).toBe(6);
  });
});
