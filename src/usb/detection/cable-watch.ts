import { type Clock, systemClock } from "../../clock.js";
import type { UsbmuxClient } from "../usbmux/usbmux-client.js";
import type { UsbBus } from "./usb-bus.js";

/** usbmuxd may be restarted, and on Linux it runs only while a phone is plugged in. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 8_000;

/**
 * Hears of every coming and going, by usbmuxd and by the bus, until the signal aborts. Never rejects: where
 * usbmuxd goes away it is looked for again, each time after a longer pause.
 * @param onChange called for everything usbmuxd and the bus tell, and where usbmuxd itself went or came
 */
export async function watchCable(
  usbmux: UsbmuxClient,
  bus: UsbBus,
  onChange: () => void,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  await Promise.all([
    listenOn(usbmux, onChange, signal, clock),
    bus.watch?.(onChange, signal).catch(() => {}) ?? Promise.resolve(),
  ]);
}

async function listenOn(
  usbmux: UsbmuxClient,
  onChange: () => void,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  let pauseMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    let wasListening = false;
    const onListening = () => {
      wasListening = true;
      pauseMs = FIRST_RETRY_MS;
      onChange();
    };
    try {
      for await (const _ of usbmux.listen(signal, onListening)) onChange();
    } catch {
      // It was not there, or is not there any more; `look` says so to whoever asks.
    }
    if (signal.aborted) return;
    if (wasListening) onChange();
    await clock.wait(pauseMs, signal).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS);
  }
}
