import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ReconnectingPhone } from "../../src/phone/reconnecting-phone.js";
import { reconnectPolicy } from "../../src/run/reconnect-policy.js";
import type { RunEvent } from "../../src/run/run-events.js";
import { usbPhoneFinder } from "../../src/usb/detection/usb-phone-finder.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import type { IPhoneFault } from "../../src/virtual/iphone/iphone-fault.js";
import { startVirtualIPhone, type VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../src/virtual/iphone/virtual-usb-bus.js";
import { memoryDisk } from "../memory-disk.js";
import { QuickClock } from "../phone/quick-clock.js";

/** A busy machine that answers late is not taken for a phone that is silent. */
const SILENCE_MS = 20_000;

/** A virtual iPhone on a real socket, and the way to it that a command takes; a clock that nobody waits for. */
export class Cable implements AsyncDisposable {
  readonly folder = mkdtempSync(join(memoryDisk, "rc-c-"));
  readonly mediaFolder = join(this.folder, "media");
  readonly events: RunEvent[] = [];
  readonly stop = new AbortController();
  /** What somebody does while the phone is waited for. */
  onWaiting: (phone: VirtualIPhone) => unknown = () => {};
  waitMs = 120_000;
  /** Passes for real: short where a test waits for a phone that says nothing. */
  silenceMs = SILENCE_MS;
  #iphone: VirtualIPhone | null = null;

  constructor() {
    mkdirSync(join(this.mediaFolder, "DCIM"), { recursive: true });
  }

  /** @param path as on the phone */
  put(path: string, bytes: Uint8Array, modifiedAt = new Date("2026-11-01T10:00:00Z")): void {
    const place = join(this.mediaFolder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
    utimesSync(place, modifiedAt, modifiedAt);
  }

  remove(path: string): void {
    rmSync(join(this.mediaFolder, path), { force: true });
  }

  get iphone(): VirtualIPhone {
    if (this.#iphone === null) throw new Error("nothing is plugged in yet");
    return this.#iphone;
  }

  async plugIn(faults: readonly IPhoneFault[] = []): Promise<VirtualIPhone> {
    this.#iphone = await startVirtualIPhone({
      mediaFolder: this.mediaFolder,
      socketPath: join(this.folder, "mux"),
      name: "Anna's iPhone",
      faults,
    });
    return this.#iphone;
  }

  /** The phone as a run gets it. Dispose it. */
  async open(): Promise<ReconnectingPhone> {
    const { iphone } = this;
    const usbmux = new UsbmuxClient(usbmuxAddress(iphone.address));
    const phone = { afc: { silenceTimeoutMs: this.silenceMs } };
    const finder = usbPhoneFinder(usbmux, virtualUsbBus([iphone]), { phone });
    const done: unknown[] = [];
    const opened = await finder.open(iphone.udid);
    const reopen = reconnectPolicy(finder, opened.identity, {
      waitMs: this.waitMs,
      clock: new QuickClock(() => Promise.all(done)),
      signal: this.stop.signal,
      report: (event) => {
        this.events.push(event);
        if (event.type === "waiting") done.push(this.onWaiting(iphone));
      },
    });
    return new ReconnectingPhone(opened, reopen);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#iphone?.[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
