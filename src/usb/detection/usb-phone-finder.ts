import { setMaxListeners } from "node:events";
import { RollcallError, stopped } from "../../errors.js";
import { type Phone, type PhoneIdentity, type PhoneKey, sameUdid } from "../../phone/phone.js";
import type { NotReady, PhoneFinder, PhoneState, SeenPhone } from "../../phone/phone-watch.js";
import { type AskedTrust, PhoneLink } from "../phone-link.js";
import { openUsbPhone, type UsbPhoneOptions } from "../usb-phone.js";
import type { UsbmuxClient } from "../usbmux/usbmux-client.js";
import type { UsbmuxDevice } from "../usbmux/usbmux-device.js";
import { withDeadline } from "../wire/deadline.js";
import { isPhoneProduct, isPhoneType } from "./apple-devices.js";
import { watchCable } from "./cable-watch.js";
import type { PhoneOnBus, UsbBus } from "./usb-bus.js";

interface UsbPhoneFinderOptions {
  /** How long one phone may take to say who it is and whether it lets us in. */
  probeTimeoutMs?: number;
  /** How long the bus may take to be listed; without it the look goes on. */
  busTimeoutMs?: number;
  phone?: Omit<UsbPhoneOptions, "signal">;
  /** True where the system does not pair with phones by itself, so that Rollcall has to: on Linux, never on a Mac. */
  pairs?: boolean;
}

/** Phones on the cable, by two witnesses: the USB bus, and usbmuxd. */
export function usbPhoneFinder(
  usbmux: UsbmuxClient,
  bus: UsbBus,
  options: UsbPhoneFinderOptions = {},
): PhoneFinder {
  const { probeTimeoutMs = 10_000, busTimeoutMs = 3_000, pairs = false } = options;
  const asked = new Map<string, AskedTrust>();

  return {
    async look(signal?: AbortSignal): Promise<SeenPhone[]> {
      const [listed, onBus] = await Promise.allSettled([
        usbmux.listDevices(signal),
        withDeadline(bus.phones(), { timeoutMs: busTimeoutMs, signal, cancel: () => {} }),
      ]);
      if (signal?.aborted) throw stopped(signal);
      const usbPhones = (onBus.status === "fulfilled" ? onBus.value : null) ?? [];
      if (listed.status === "rejected" && usbPhones.length === 0) throw listed.reason;

      const devices = listed.status === "fulfilled" ? listed.value.filter(mayBePhone) : [];
      const { pairs, alone } = matched(devices, usbPhones);
      const looking = signal === undefined ? undefined : AbortSignal.any([signal]);
      if (looking !== undefined) setMaxListeners(0, looking); // some for each phone
      const seen = await Promise.all(
        pairs.map(([device, usbPhone]) => probed(usbmux, device, usbPhone, probeTimeoutMs, looking)),
      );
      if (signal?.aborted) throw stopped(signal);
      const trouble = listed.status === "rejected" ? listed.reason : null;
      return [...seen.filter((phone) => phone !== null), ...alone.map((phone) => cableOnly(phone, trouble))];
    },

    async open(udid: string, signal?: AbortSignal): Promise<Phone> {
      return await openUsbPhone(usbmux, udid, { ...options.phone, signal });
    },

    watch: (onChange, signal) => watchCable(usbmux, bus, onChange, signal),

    ...(pairs && {
      async askTrust(udid: string, signal?: AbortSignal): Promise<void> {
        const memory = asked.get(udid) ?? { offer: null, refusal: null };
        asked.set(udid, memory);
        await new PhoneLink(usbmux, udid).askTrust(memory, { signal, timeoutMs: probeTimeoutMs });
      },
    }),
  };
}

function mayBePhone(device: UsbmuxDevice): boolean {
  return device.productId === null || isPhoneProduct(device.productId);
}

/** Null where it turns out to be no phone. Never rejects: one bad phone must not hide the others. */
async function probed(
  usbmux: UsbmuxClient,
  device: UsbmuxDevice,
  usbPhone: PhoneOnBus | null,
  probeTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<SeenPhone | null> {
  const facts = {
    udid: device.udid,
    cableBitsPerSecond: usbPhone?.bitsPerSecond ?? device.bitsPerSecond,
    seenBy: { usb: usbPhone !== null, usbmuxd: true },
    deviceId: device.deviceId,
  };
  if (device.connection === "Network") {
    return { ...facts, identity: null, state: "network-only", reason: NETWORK_ONLY };
  }
  const link = new PhoneLink(usbmux, device.udid);
  const ending = new AbortController();
  const cancel = (why: Error) => ending.abort(why);
  const either = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  let identity: PhoneIdentity | null = null;
  let key: PhoneKey | null = null;
  const probe = async () => {
    identity = await link.identify({ signal: either, timeoutMs: probeTimeoutMs });
    if (isIgnored(identity)) return;
    key = await link.checkAccess({ signal: either, timeoutMs: probeTimeoutMs });
  };
  try {
    await withDeadline(probe(), { timeoutMs: probeTimeoutMs, signal, cancel });
    if (isIgnored(identity)) return null;
    return { ...facts, identity, state: "ready", reason: null, ...(isOther(key) && { hasOtherKey: true }) };
  } catch (error) {
    if (isIgnored(identity)) return null;
    return { ...facts, identity, state: stateOf(error), reason: reasonOf(error) };
  }
}

function isOther(key: PhoneKey | null): boolean {
  return key !== null && !key.isOfRecord;
}

function isIgnored(identity: PhoneIdentity | null): boolean {
  const type = identity?.productType ?? "";
  return type !== "" && !isPhoneType(type);
}

const STATES: Readonly<Partial<Record<RollcallError["code"], PhoneState>>> = {
  PHONE_LOCKED: "locked",
  PHONE_NOT_TRUSTED: "not-trusted",
  PHONE_TRUST_PENDING: "not-trusted",
  PHONE_TRUST_REFUSED: "not-trusted",
  PHONE_TRUST_LOST: "not-trusted",
  PHONE_BUSY: "busy",
};

function stateOf(error: unknown): PhoneState {
  if (!(error instanceof RollcallError)) return "trouble";
  return STATES[error.code] ?? "trouble";
}

function reasonOf(error: unknown): NotReady {
  if (error instanceof RollcallError && error.code !== "STOPPED") {
    const { code, message, why, remedy } = error;
    return { code, message, ...(why === undefined ? {} : { why }), remedy };
  }
  return {
    code: "PHONE_SILENT",
    message: "The iPhone is listed, and did not answer in time.",
    remedy: "Unlock it, unplug it, and plug it in again. If that does not help, restart it.",
  };
}

const NETWORK_ONLY: NotReady = {
  code: "PHONE_NETWORK_ONLY",
  message: "The iPhone is reachable over Wi-Fi only.",
  why: "Rollcall uses the cable.",
  remedy: "Connect it with a cable. If it is connected: use another cable or port, and unlock it.",
};

function cableOnly(phone: PhoneOnBus, trouble: RollcallError | null): SeenPhone {
  const reason: NotReady =
    trouble === null
      ? {
          code: "PHONE_CABLE_ONLY",
          message: "An Apple phone is on the cable, and it was not let in.",
          remedy:
            "Unlock it, and allow the accessory to connect if the iPhone or the Mac asks. Then unplug it and plug it in again.",
        }
      : { code: trouble.code, message: trouble.message, remedy: trouble.remedy };
  return {
    udid: phone.serialNumber,
    identity: null,
    state: "cable-only",
    reason,
    cableBitsPerSecond: phone.bitsPerSecond,
    seenBy: { usb: true, usbmuxd: false },
  };
}

/** Which phone on the bus is which at usbmuxd: by UDID, else by product where the bus has no serial number. */
function matched(devices: readonly UsbmuxDevice[], usbPhones: readonly PhoneOnBus[]) {
  const left = new Set(usbPhones);
  const takeOne = (isIt: (phone: PhoneOnBus) => boolean): PhoneOnBus | null => {
    const found = [...left].find(isIt) ?? null;
    if (found !== null) left.delete(found);
    return found;
  };
  const bySerial = devices.map((device) => {
    const isIt = (phone: PhoneOnBus) =>
      phone.serialNumber !== null && sameUdid(phone.serialNumber, device.udid);
    return [device, takeOne(isIt)] as const;
  });
  const pairs = bySerial.map(([device, found]) => {
    if (found !== null || device.connection !== "USB") return [device, found] as const;
    const isIt = (phone: PhoneOnBus) => phone.serialNumber === null && phone.productId === device.productId;
    return [device, takeOne(isIt)] as const;
  });
  return { pairs, alone: [...left] };
}
