import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { partialCopyName } from "../../src/transfer/resumable-copy.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "./command.js";

const test = oneTestIn(2);

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** It gives the command a terminal of its own; the one of macOS takes other flags. */
const hasTerminal = /util-linux/.test(String(spawnSync("script", ["--version"]).stdout));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command at a terminal, and sends the signal to its process alone when it asks. */
async function stoppedAtQuestion(
  args: readonly string[],
  env: Record<string, string>,
  ask: { readonly text: string; readonly signal: NodeJS.Signals },
): Promise<{ status: number | null; screen: string }> {
  const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const child = spawn("script", ["-qefc", `stty cols 200 rows 50; exec ${words.join(" ")}`, "/dev/null"], {
    env: { PATH: process.env.PATH, HOME: folder, TERM: "xterm", NO_COLOR: "1", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  let isSent = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    if (isSent || !screen.includes(ask.text)) return;
    isSent = true;
    const note = JSON.parse(readFileSync(join(env.ROLLCALL_HOME!, "at-work.json"), "utf8")) as {
      pid: number;
    };
    process.kill(note.pid, ask.signal);
  });
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, screen };
}

describe.skipIf(!isBuilt || !hasTerminal)(
  "a question at the terminal (built command and script of util-linux needed)",
  () => {
    test.each([
      ["SIGTERM", 143],
      ["SIGINT", 130],
    ] as const)("%s while import asks ends it with %i, and nothing is imported", async (signal, expected) => {
      const mediaFolder = join(folder, `iphone-${signal}`);
      await makeCameraRoll({ folder: mediaFolder });
      await using phone = await startVirtualIPhone({ mediaFolder, socketPath: join(folder, `s-${signal}`) });
      const libraryPath = join(folder, `${signal}.photoslibrary`);
      const home = join(folder, `home-${signal}`);
      const printed = await rollcall(["demo", "photos", "--library", libraryPath], { ROLLCALL_HOME: home });
      const [, osascript] = /^export ROLLCALL_OSASCRIPT="(.*)"$/m.exec(printed.stdout)!;
      const env = {
        USBMUXD_SOCKET_ADDRESS: phone.address,
        ROLLCALL_HOME: home,
        ROLLCALL_OSASCRIPT: osascript!,
        ROLLCALL_PHOTOS_LIBRARY: libraryPath,
      };
      const text = "This is the first import from this iPhone";
      const { status, screen } = await stoppedAtQuestion(["import"], env, { text, signal });
      expect(status).toBe(expected);
      expect(screen).toMatch(/error: Stopped, as asked\.\s+do: {4}Nothing was imported\./);
      const photos = openVirtualPhotos(libraryPath);
      expect(photos.counters().total).toBe(0);
      photos.close();
    });

    test("SIGHUP while staging clear asks ends it with 143, and nothing is removed", async () => {
      const home = join(folder, "home-staging");
      const partial = join(home, "staging", randomUUID(), partialCopyName());
      mkdirSync(dirname(partial), { recursive: true });
      writeFileSync(partial, "half");
      const env = { ROLLCALL_HOME: home, USBMUXD_SOCKET_ADDRESS: join(folder, "nobody") };
      const ask = { text: "Remove 1 file", signal: "SIGHUP" } as const;
      const { status, screen } = await stoppedAtQuestion(["staging", "clear", "--library", folder], env, ask);
      expect(status).toBe(143);
      expect(screen).toMatch(/error: Stopped, as asked\.\s+do: {4}Nothing was removed\./);
      expect(existsSync(partial)).toBe(true);
    });
  },
);
