import type { UsbBus } from "../../usb/detection/usb-bus.js";
import type { VirtualIPhone } from "./virtual-iphone.js";

/** A USB bus on which these phones are seen while they are plugged in, as node-usb would show them. */
export function virtualUsbBus(phones: readonly VirtualIPhone[]): UsbBus {
  return {
    phones: async () =>
      phones
        .filter((phone) => phone.isAttached)
        .map((phone) => ({
          serialNumber: phone.udid.replace("-", ""),
          productId: 0x12a8,
          bitsPerSecond: 480_000_000,
        })),
  };
}
