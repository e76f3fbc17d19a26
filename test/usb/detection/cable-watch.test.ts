import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchCable } from "../../../src/usb/detection/cable-watch.js";
import { UsbmuxClient } from "../../../src/usb/usbmux/usbmux-client.js";
import { startVirtualUsbmuxd } from "../../../src/virtual/iphone/virtual-usbmuxd.js";

test("a usbmuxd that is not there is looked for after longer and longer pauses; one that goes is told once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-c-"));
  const socketPath = join(folder, "mux");
  const stop = new AbortController();
  const pauses: number[] = [];
  let changes = 0;
  let usbmuxd = await startVirtualUsbmuxd({ socketPath });
  const clock = {
    now: () => new Date(),
    async wait(ms: number) {
      pauses.push(ms);
      // Once it has been away long enough it is back, and goes again.
      if (pauses.length === 8) usbmuxd = await startVirtualUsbmuxd({ socketPath });
      if (pauses.length === 10) stop.abort();
    },
  };
  const onChange = () => {
    changes += 1;
    // Told of the agreement to listen; a moment later there is nobody to listen to.
    if (changes === 1 || changes === 3) void usbmuxd[Symbol.asyncDispose]();
  };
  const bus = { phones: async () => null };
  await watchCable(new UsbmuxClient({ path: socketPath }), bus, onChange, stop.signal, clock);
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 250, 500]);
  expect(changes).toBe(4);
  rmSync(folder, { recursive: true });
});
