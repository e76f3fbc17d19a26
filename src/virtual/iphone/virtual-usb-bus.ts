import type { UsbBus } from "../../usb/detection/usb-bus.js";
import type { VirtualIPhone } from "./virtual-iphone.js";

/** A USB bus on which these phones are seen while their cable carries data, as node-usb would show them. */
export function virtualUsbBus(phones: readonly VirtualIPhone[]): UsbBus {
  return {
    phones: async () =>
      phones
        .filter((phone) => phone.isOnBus)
        .map((phone) => ({
          serialNumber: phone.udid.replace("-", ""),
          productId: 0x12a8,
          bitsPerSecond: 480_000_000,
        })),

    async watch(onChange, signal) {
      const stop = phones.map((phone) => phone.onPlug(onChange));
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
      }
      for (const one of stop) one();
    },
  };
}
