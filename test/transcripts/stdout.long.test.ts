import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { slowAnswers } from "../../src/virtual/iphone/iphone-fault.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { isBuilt, rollcall } from "./command.js";

const FULL = { file: "/dev/full" };

let folder: string;
let env: Record<string, string>;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
  await makeCameraRoll({ folder: inFolder("iphone") });
  env = { USBMUXD_SOCKET_ADDRESS: inFolder("s"), ROLLCALL_HOME: inFolder("home") };
});
afterAll(() => rmSync(folder, { recursive: true }));

const phoneOn = (socket: string, ...faults: Parameters<typeof slowAnswers>) =>
  startVirtualIPhone({
    mediaFolder: inFolder("iphone"),
    socketPath: inFolder(socket),
    faults: [slowAnswers(...faults)],
  });
const names = (top: string) => readdirSync(join(top, "DCIM"), { recursive: true, encoding: "utf8" }).sort();

describe.skipIf(!isBuilt)("stdout that ends first (built command needed: npm run build)", () => {
  test("a reader that leaves after the first line (| head -1) does not end the run: every file is copied", async () => {
    await using phone = await phoneOn("s1", 20);
    const copyEnv = { ...env, USBMUXD_SOCKET_ADDRESS: phone.address };
    const ended = await rollcall(["copy", inFolder("copy1"), "--events"], copyEnv, {
      stdout: "leaves after the first piece",
    });
    expect(ended.status).toBe(0);
    expect(ended.stderr).not.toContain("error");
    expect(names(inFolder("copy1"))).toEqual(names(inFolder("iphone")));
  });

  test("the status is that of the command, not 0, where nobody reads what is wrong", async () => {
    const copy = inFolder("copy2");
    {
      await using phone = await phoneOn("s2", 0);
      const { status } = await rollcall(["copy", copy], { ...env, USBMUXD_SOCKET_ADDRESS: phone.address });
      expect(status).toBe(0);
    }
    const lost = readdirSync(join(copy, "DCIM", "100APPLE")).find((name) => name.endsWith(".JPG"))!;
    rmSync(join(copy, "DCIM", "100APPLE", lost));
    for (const flags of [[], ["--json"]]) {
      const ended = await rollcall(["verify", copy, ...flags], env, { stdout: "leaves" });
      expect(ended.status).toBe(3);
      expect(ended.stderr).not.toContain("written");
    }
  });

  test.skipIf(!existsSync(FULL.file))(
    "a full disk below it (/dev/full): the run ends, it is said once, and the status is no success",
    async () => {
      await using phone = await phoneOn("s3", 0);
      const copyEnv = { ...env, USBMUXD_SOCKET_ADDRESS: phone.address };
      const ended = await rollcall(["copy", inFolder("copy3"), "--events"], copyEnv, { stdout: FULL });
      expect(ended.status).toBe(1);
      expect(ended.stderr.match(/^error: .*standard output.*ENOSPC.*\ndo: .+$/gm)).toHaveLength(1);
      expect(names(inFolder("copy3"))).toEqual(names(inFolder("iphone")));
      const asked = await rollcall(["receipts", "--json", "--exit-zero"], env, { stdout: FULL });
      expect(asked.status).toBe(1);
      const help = await rollcall(["--help"], env, { stdout: FULL });
      expect(help.status).toBe(1);
      const refused = await rollcall(["imprt", "--json"], env, { stdout: FULL });
      expect(refused.status).toBe(2);
    },
  );

  test("whoever waits for a slow reader goes on when it leaves", async () => {
    const writer = new URL("../../dist/cli/terminal/standard-output.js", import.meta.url).href;
    const program = `
      const { writeOut, outputWritten } = await import(${JSON.stringify(writer)});
      for (let piece = 0; piece < 5; piece += 1) await writeOut("x".repeat(1 << 20));
      await outputWritten();
      process.stderr.write("ended");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.once("data", () => child.stdout.destroy());
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "ended" });
  });
});
