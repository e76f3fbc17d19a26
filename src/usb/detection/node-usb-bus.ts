import { APPLE_VENDOR_ID, isApplePhone } from "./apple-devices.js";
import type { PhoneOnBus, UsbBus } from "./usb-bus.js";

/** What of a device of npm `usb` is looked at. Ids and speed are plain; strings may open the device. */
export interface BusDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly speed?: string | undefined;
  readonly serialNumber?: string | null | undefined;
}

/** Gives the devices on the bus; rejects where there is no bus. */
type ListBusDevices = () => Promise<readonly BusDevice[]>;
/** Tells of every device that comes or goes, until the returned function is called. */
type ListenToBus = (onPlug: (device: BusDevice) => void) => Promise<() => void>;

const BITS_PER_SECOND: Readonly<Record<string, number>> = {
  low: 1_500_000,
  full: 12_000_000,
  high: 480_000_000,
  super: 5_000_000_000,
  superplus: 10_000_000_000,
};

/**
 * The USB bus through npm `usb` 3, which is loaded at the first question: a machine without its binary, or
 * without a bus, has no bus to ask and is otherwise well.
 * @param list for tests, as is `listen`
 */
export function nodeUsbBus(
  list: ListBusDevices = listWithNodeUsb,
  listen: ListenToBus = listenWithNodeUsb,
): UsbBus {
  return {
    async phones(): Promise<PhoneOnBus[] | null> {
      let devices: readonly BusDevice[];
      try {
        devices = await list();
      } catch {
        return null;
      }
      return devices
        .filter(({ vendorId, productId }) => isApplePhone(vendorId, productId))
        .map((device) => ({
          serialNumber: serialNumberOf(device),
          productId: device.productId,
          bitsPerSecond: BITS_PER_SECOND[(device.speed ?? "").toLowerCase()] ?? null,
        }));
    },

    async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
      // Where listing fails, listening in the package ends in a rejection that nobody can catch.
      const isThere = await list().then(
        () => true,
        () => false,
      );
      if (!isThere || signal.aborted) return;
      const stop = await listen((device) => {
        if (device.vendorId === APPLE_VENDOR_ID) onChange();
      });
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
      }
      stop();
    },
  };
}

async function listWithNodeUsb(): Promise<readonly BusDevice[]> {
  const { usb } = await import("usb");
  return await usb.getDevices();
}

async function listenWithNodeUsb(onPlug: (device: BusDevice) => void): Promise<() => void> {
  const { usb } = await import("usb");
  const hear = ({ device }: { device: BusDevice }) => onPlug(device);
  usb.addEventListener("connect", hear);
  usb.addEventListener("disconnect", hear);
  return () => {
    usb.removeEventListener("connect", hear);
    usb.removeEventListener("disconnect", hear);
  };
}

/** The getter opens the device, blocks, or throws where the system does not hold the string. */
function serialNumberOf(device: BusDevice): string | null {
  try {
    const serial = device.serialNumber?.replaceAll("\0", "").trim();
    return serial && /^[0-9A-Za-z-]{8,64}$/.test(serial) ? serial : null;
  } catch {
    return null;
  }
}
