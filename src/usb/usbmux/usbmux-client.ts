import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RollcallError } from "../../errors.js";
import { comparableUdid } from "../../phone/phone.js";
import { withDeadline } from "../wire/deadline.js";
import { ExactReader } from "../wire/exact-reader.js";
import { asDictionary, dataAt, integerAt, type PropertyDictionary, textAt } from "../wire/property-list.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import type { UsbmuxAddress } from "./usbmux-address.js";
import { otherSpelling, type UsbmuxDevice, usbmuxDevice } from "./usbmux-device.js";
import { USBMUX_RESULT, UsbmuxRefusal, usbmuxTrouble } from "./usbmux-errors.js";
import {
  decodeUsbmuxBody,
  decodeUsbmuxHeader,
  encodeUsbmuxPacket,
  swappedPort,
  USBMUX_HEADER_BYTES,
  USBMUX_MAX_ANSWER_BYTES,
  type UsbmuxPacket,
} from "./usbmux-packet.js";

type UsbmuxEvent =
  | { readonly type: "attached"; readonly device: UsbmuxDevice }
  | { readonly type: "detached"; readonly deviceId: number }
  /** A pair record was saved: trust was given. */
  | { readonly type: "paired"; readonly deviceId: number };

type UsbmuxRequest = PropertyDictionary & { MessageType: string };

const ANSWER_TIMEOUT_MS = 5_000;
/** A USB controller has 127 addresses; each phone may also be there over Wi-Fi. Every one of them is connected to. */
const MOST_DEVICES = 500;

/**
 * Asks usbmuxd. Every question has a connection of its own, as libusbmuxd does it: a listening or a
 * connected one takes no further command. Holds nothing open between calls.
 */
export class UsbmuxClient {
  readonly address: UsbmuxAddress;
  readonly #timeoutMs: number;

  constructor(address: UsbmuxAddress, options: { timeoutMs?: number } = {}) {
    this.address = address;
    this.#timeoutMs = options.timeoutMs ?? ANSWER_TIMEOUT_MS;
  }

  /**
   * One entry for each phone: the cable where the same one is also there over Wi-Fi.
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async listDevices(signal?: AbortSignal): Promise<UsbmuxDevice[]> {
    return await this.#asking(signal, async () => {
      const answer = await this.#ask({ MessageType: "ListDevices" }, signal);
      const list = answer.DeviceList;
      if (!Array.isArray(list)) throw new WireFormatError("usbmuxd's answer has no DeviceList");
      if (list.length > MOST_DEVICES) {
        throw new WireFormatError(
          `usbmuxd's answer lists ${list.length} devices, of ${MOST_DEVICES} at most`,
        );
      }
      const devices = list.flatMap((entry) => {
        const device = usbmuxDevice(asDictionary(entry) ?? {});
        return device === null ? [] : [device];
      });
      return cableFirst(devices);
    });
  }

  /**
   * The phones that are there, then what comes and goes, until the signal aborts or the loop is left.
   * Both ways of one phone, cable and Wi-Fi, are told apart here by `connection`.
   * @param onListening called once, when usbmuxd has agreed: from then on nothing is missed
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE; ends without an error when the signal aborts
   */
  async *listen(
    signal?: AbortSignal,
    onListening: () => void = () => {},
  ): AsyncGenerator<UsbmuxEvent, void, void> {
    let socket: Socket | undefined;
    const onAbort = () => socket?.destroy();
    try {
      socket = await this.#connected(signal);
      signal?.addEventListener("abort", onAbort, { once: true });
      const reader = new ExactReader(socket, USBMUX_MAX_ANSWER_BYTES);
      await this.#exchange(socket, reader, { MessageType: "Listen" }, signal);
      onListening();
      while (!signal?.aborted) {
        const event = eventOf((await readPacket(reader)).body);
        if (event !== null) yield event;
      }
    } catch (error) {
      if (!signal?.aborted) throw usbmuxTrouble(error, this.address);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      socket?.destroy();
    }
  }

  /**
   * A raw stream to a port of the phone. The caller owns it and destroys it.
   * @throws UsbmuxRefusal with result 2 (no such device any more) or 3 (nothing on that port)
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async connect(deviceId: number, port: number, signal?: AbortSignal): Promise<Duplex> {
    return await this.#asking(signal, async () => {
      const socket = await this.#connected(signal);
      try {
        const reader = new ExactReader(socket, USBMUX_MAX_ANSWER_BYTES);
        const request = { MessageType: "Connect", DeviceID: deviceId, PortNumber: swappedPort(port) };
        await this.#exchange(socket, reader, request, signal);
        socket.setNoDelay(true);
        return socket;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    });
  }

  /**
   * The pair record as bytes, or null where this computer has none. It holds private keys: give it to
   * `PairRecord` and keep it nowhere else. The UDID's other spelling is tried before null is said.
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async readPairRecord(udid: string, signal?: AbortSignal): Promise<Uint8Array | null> {
    return await this.#asking(signal, async () => {
      for (const name of [udid, otherSpelling(udid)]) {
        if (name === null) continue;
        try {
          const answer = await this.#ask({ MessageType: "ReadPairRecord", PairRecordID: name }, signal);
          return dataAt(answer, "PairRecordData");
        } catch (error) {
          // Any refusal means the same: there is none to be had (2 no record, 22 invalid).
          if (!(error instanceof UsbmuxRefusal)) throw error;
        }
      }
      return null;
    });
  }

  /**
   * The id by which this computer names itself to phones.
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async readBuid(signal?: AbortSignal): Promise<string> {
    return await this.#asking(signal, async () => {
      const buid = textAt(await this.#ask({ MessageType: "ReadBUID" }, signal), "BUID");
      if (buid === null) throw new WireFormatError("usbmuxd's answer has no BUID");
      return buid;
    });
  }

  /**
   * Hands a pair record to usbmuxd, which keeps it for every program of this computer. Nothing of it is in any error.
   * @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE (also where it will not keep it), STOPPED
   */
  async savePairRecord(device: UsbmuxDevice, record: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { udid, deviceId } = device;
    await this.#asking(signal, async () => {
      const about = { PairRecordID: udid, PairRecordData: Buffer.from(record), DeviceID: deviceId };
      try {
        await this.#ask({ MessageType: "SavePairRecord", ...about }, signal);
      } catch (error) {
        if (!(error instanceof UsbmuxRefusal)) throw error;
        throw new RollcallError("USBMUXD_TROUBLE", {
          message: "The iPhone gave its trust, and the iPhone service of this computer did not keep it.",
          why: `usbmuxd answered with ${error.result}.`,
          remedy:
            "See that usbmuxd may write to its folder (/var/lib/lockdown), and run the same command again.",
        });
      }
    });
  }

  async #asking<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UsbmuxRefusal) throw error;
      throw usbmuxTrouble(error, this.address, signal);
    }
  }

  async #ask(request: UsbmuxRequest, signal: AbortSignal | undefined): Promise<PropertyDictionary> {
    const socket = await this.#connected(signal);
    try {
      return await this.#exchange(socket, new ExactReader(socket, USBMUX_MAX_ANSWER_BYTES), request, signal);
    } finally {
      socket.destroy();
    }
  }

  async #connected(signal: AbortSignal | undefined): Promise<Socket> {
    const socket = connect(this.address);
    const opened = new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the connection was closed")));
    });
    await withDeadline(opened, { timeoutMs: this.#timeoutMs, signal, cancel: () => socket.destroy() });
    return socket;
  }

  /** @throws UsbmuxRefusal where the answer is a Result other than 0 */
  async #exchange(
    socket: Socket,
    reader: ExactReader,
    request: UsbmuxRequest,
    signal: AbortSignal | undefined,
  ): Promise<PropertyDictionary> {
    socket.write(encodeUsbmuxPacket({ tag: 1, body: { ...request, ...WHO_ASKS } }));
    const limits = { timeoutMs: this.#timeoutMs, signal, cancel: () => socket.destroy() };
    const { body } = await withDeadline(readPacket(reader), limits);
    const result = textAt(body, "MessageType") === "Result" ? integerAt(body, "Number") : null;
    if (result !== null && result !== USBMUX_RESULT.ok) {
      throw new UsbmuxRefusal(request.MessageType, result);
    }
    return body;
  }
}

/** Keys that every request carries (libusbmuxd src/libusbmuxd.c: create_plist_message). */
const WHO_ASKS = { ClientVersionString: "rollcall", ProgName: "rollcall", kLibUSBMuxVersion: 3 };

async function readPacket(reader: ExactReader): Promise<UsbmuxPacket> {
  const header = decodeUsbmuxHeader(await reader.read(USBMUX_HEADER_BYTES));
  return decodeUsbmuxBody(header, await reader.read(header.bodyBytes));
}

function eventOf(body: PropertyDictionary): UsbmuxEvent | null {
  const deviceId = integerAt(body, "DeviceID");
  switch (textAt(body, "MessageType")) {
    case "Attached": {
      const device = usbmuxDevice(body);
      return device === null ? null : { type: "attached", device };
    }
    case "Detached":
      return deviceId === null ? null : { type: "detached", deviceId };
    case "Paired":
      return deviceId === null ? null : { type: "paired", deviceId };
    default:
      return null;
  }
}

/**
 * One entry for each phone: the way over the cable where there is one, and the newest of those, since a phone that was
 * just plugged in again may be listed twice.
 */
function cableFirst(devices: readonly UsbmuxDevice[]): UsbmuxDevice[] {
  const best = new Map<string, UsbmuxDevice>();
  for (const device of devices) {
    const key = comparableUdid(device.udid);
    const other = best.get(key);
    if (other === undefined || isBetter(device, other)) best.set(key, device);
  }
  return devices.filter((device) => best.get(comparableUdid(device.udid)) === device);
}

function isBetter(device: UsbmuxDevice, other: UsbmuxDevice): boolean {
  if (device.connection !== "USB") return false;
  return other.connection !== "USB" || device.deviceId > other.deviceId;
}
