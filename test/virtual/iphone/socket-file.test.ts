import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startVirtualUsbmuxd } from "../../../src/virtual/iphone/virtual-usbmuxd.js";

test("a file of somebody's in the place of the socket is refused, and is still there afterwards", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-socket-"));
  const socketPath = join(folder, "notes.txt");
  writeFileSync(socketPath, "mine");
  await expect(startVirtualUsbmuxd({ socketPath })).rejects.toMatchObject({ code: "BAD_USAGE" });
  expect(readFileSync(socketPath, "utf8")).toBe("mine");
  rmSync(folder, { recursive: true });
});
