import { randomUUID } from "node:crypto";
import { chmodSync, lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { hasErrno, RollcallError } from "../../errors.js";
import { isMine } from "../../owned-file.js";
import {
  decodeUsbmuxBody,
  decodeUsbmuxHeader,
  encodeUsbmuxPacket,
  swappedPort,
  USBMUX_HEADER_BYTES,
  USBMUX_MAX_REQUEST_BYTES,
  USBMUX_PLIST_MESSAGE,
  USBMUX_PLIST_VERSION,
} from "../../usb/usbmux/usbmux-packet.js";
import { ExactReader } from "../../usb/wire/exact-reader.js";
import { dataAt, integerAt, type PropertyDictionary, textAt } from "../../usb/wire/property-list.js";
import { Tally } from "./iphone-counters.js";

/** A phone as usbmuxd sees it. */
export interface PluggedPhone {
  /** Without DeviceID, which is new at every attach. */
  readonly properties: PropertyDictionary & { SerialNumber: string };
  /** Takes over a connection to `port`; null where nothing listens there. */
  connect(port: number): ((socket: Socket) => void) | null;
}

/** Result codes (libusbmuxd's usbmuxd-proto.h); pair-record calls give errno 2 and 22 instead. */
const result = { ok: 0, badCommand: 1, badDevice: 2, connectionRefused: 3, badVersion: 6 } as const;
const noSuchRecord = 2;
const invalidRecord = 22;

/** Starts to listen; a socket file that nobody serves any more is replaced. */
export async function startVirtualUsbmuxd(options: { socketPath: string }): Promise<VirtualUsbmuxd> {
  const { socketPath } = options;
  // The system's own limit for the name of a socket: 104 bytes on a Mac, NUL included.
  if (Buffer.byteLength(socketPath) > 103) {
    throw new RollcallError("BAD_USAGE", {
      message: `The path of the socket is too long: ${socketPath}`,
      why: "A socket's path can have 103 bytes.",
      remedy: "Choose a shorter one, for instance below /tmp.",
    });
  }
  const server = createServer();
  await listen(server, socketPath).catch(async (error: unknown) => {
    const isLeftOver = hasErrno(error, "EADDRINUSE") && isSocket(socketPath) && !(await isServed(socketPath));
    if (!isLeftOver) throw cannotListen(socketPath, error);
    rmSync(socketPath);
    await listen(server, socketPath).catch((again: unknown) => {
      throw cannotListen(socketPath, again);
    });
  });
  // Whoever may connect gets the pair record, private keys included.
  chmodSync(socketPath, 0o600);
  return new VirtualUsbmuxd(server, socketPath);
}

/** A file of somebody's that is no socket is never taken for one, and another user's socket is theirs. */
function isSocket(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSocket() === true && isMine(found);
}

/** usbmuxd as the Linux daemon behaves (usbmuxd src/client.c), over phones that are handed to it. */
export class VirtualUsbmuxd implements AsyncDisposable {
  readonly socketPath: string;
  readonly requests = new Tally();
  /** The name by which a phone knows this computer. */
  readonly systemBuid = randomUUID().toUpperCase();
  readonly #server: Server;
  readonly #phones = new Map<number, { phone: PluggedPhone; sockets: Set<Socket> }>();
  readonly #pairRecords = new Map<string, Buffer>();
  readonly #sockets = new Set<Socket>();
  readonly #listeners = new Set<Socket>();
  #lastDeviceId = 0;

  constructor(server: Server, socketPath: string) {
    this.#server = server;
    this.socketPath = socketPath;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#listeners.delete(socket);
      });
      void this.#serve(socket);
    });
  }

  /** Value of `USBMUXD_SOCKET_ADDRESS` for clients, in the one spelling that libimobiledevice takes. */
  get address(): string {
    return `UNIX:${this.socketPath}`;
  }

  /** Plugs a phone in. @returns its DeviceID until it is detached */
  attach(phone: PluggedPhone): number {
    this.#lastDeviceId += 1;
    this.#phones.set(this.#lastDeviceId, { phone, sockets: new Set() });
    this.#tellListeners(attachedMessage(this.#lastDeviceId, phone));
    return this.#lastDeviceId;
  }

  /** Pulls it out: its connections break off, and listeners are told. Unknown ids are ignored. */
  detach(deviceId: number): void {
    const plugged = this.#phones.get(deviceId);
    if (plugged === undefined) return;
    this.#phones.delete(deviceId);
    for (const socket of plugged.sockets) socket.destroy();
    this.#tellListeners({ MessageType: "Detached", DeviceID: deviceId });
  }

  /** As if the system had paired: keeps the record and tells listeners. */
  savePairRecord(id: string, record: Buffer): void {
    this.#pairRecords.set(id, record);
    for (const [deviceId, { phone }] of this.#phones) {
      if (phone.properties.SerialNumber !== id) continue;
      this.#tellListeners({ MessageType: "Paired", DeviceID: deviceId });
    }
  }

  deletePairRecord(id: string): boolean {
    return this.#pairRecords.delete(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const deviceId of [...this.#phones.keys()]) this.detach(deviceId);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (isSocket(this.socketPath)) rmSync(this.socketPath, { force: true });
  }

  /** One client: requests until it connects to a phone, listens, or goes away. Never throws. */
  async #serve(socket: Socket): Promise<void> {
    const reader = new ExactReader(socket);
    try {
      for (;;) {
        const header = decodeUsbmuxHeader(await reader.read(USBMUX_HEADER_BYTES), USBMUX_MAX_REQUEST_BYTES);
        const bytes = await reader.read(header.bodyBytes);
        const answer = (body: PropertyDictionary) =>
          socket.write(encodeUsbmuxPacket({ tag: header.tag, body }));
        if (header.version !== USBMUX_PLIST_VERSION || header.message !== USBMUX_PLIST_MESSAGE) {
          answer(withResult(header.version === USBMUX_PLIST_VERSION ? result.badCommand : result.badVersion));
          continue;
        }
        const { body } = decodeUsbmuxBody(header, bytes);
        const name = textAt(body, "MessageType") ?? "";
        this.requests.add(name);
        if (this.#listeners.has(socket)) {
          answer(withResult(result.badCommand));
          socket.end();
          return;
        }
        if (name === "Connect") {
          const takeOver = this.#connect(body, socket);
          answer(withResult(typeof takeOver === "number" ? takeOver : result.ok));
          if (typeof takeOver === "number") continue;
          takeOver();
          return;
        }
        answer(this.#answer(name, body));
        if (name === "Listen") this.#beginToListen(socket);
      }
    } catch {
      // The client went away, or sent what is no message.
      socket.destroy();
    }
  }

  #answer(name: string, body: PropertyDictionary): PropertyDictionary {
    switch (name) {
      case "ListDevices":
        return { DeviceList: [...this.#phones].map(([id, { phone }]) => attachedMessage(id, phone)) };
      case "Listen":
        return withResult(result.ok);
      case "ReadBUID":
        return { BUID: this.systemBuid };
      case "ReadPairRecord": {
        const record = this.#pairRecords.get(textAt(body, "PairRecordID") ?? "");
        return record === undefined ? withResult(noSuchRecord) : { PairRecordData: record };
      }
      case "SavePairRecord": {
        const id = textAt(body, "PairRecordID");
        const record = dataAt(body, "PairRecordData");
        if (id === null || record === null) return withResult(invalidRecord);
        this.savePairRecord(id, Buffer.from(record));
        return withResult(result.ok);
      }
      case "DeletePairRecord":
        return withResult(
          this.deletePairRecord(textAt(body, "PairRecordID") ?? "") ? result.ok : noSuchRecord,
        );
      default:
        return withResult(result.badCommand);
    }
  }

  /** A result code, or what happens after the client was told that it is connected. */
  #connect(body: PropertyDictionary, socket: Socket): number | (() => void) {
    const plugged = this.#phones.get(integerAt(body, "DeviceID") ?? 0);
    if (plugged === undefined) return result.badDevice;
    const swapped = integerAt(body, "PortNumber");
    if (swapped === null || swapped < 0 || swapped > 0xffff) return result.badCommand;
    const takeOver = plugged.phone.connect(swappedPort(swapped));
    if (takeOver === null) return result.connectionRefused;
    return () => {
      plugged.sockets.add(socket);
      socket.on("close", () => plugged.sockets.delete(socket));
      takeOver(socket);
    };
  }

  #beginToListen(socket: Socket): void {
    this.#listeners.add(socket);
    for (const [deviceId, { phone }] of this.#phones) {
      socket.write(encodeUsbmuxPacket({ tag: 0, body: attachedMessage(deviceId, phone) }));
    }
  }

  #tellListeners(body: PropertyDictionary): void {
    for (const socket of this.#listeners) socket.write(encodeUsbmuxPacket({ tag: 0, body }));
  }
}

function withResult(number: number): PropertyDictionary {
  return { MessageType: "Result", Number: number };
}

function attachedMessage(deviceId: number, phone: PluggedPhone): PropertyDictionary {
  const properties = { ...phone.properties, DeviceID: deviceId };
  return { MessageType: "Attached", DeviceID: deviceId, Properties: properties };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** True where somebody answers on the socket now. */
function isServed(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", (error) => resolve(!hasErrno(error, "ECONNREFUSED")));
  });
}

function cannotListen(socketPath: string, cause: unknown): RollcallError {
  const isTaken = hasErrno(cause, "EADDRINUSE");
  return new RollcallError("BAD_USAGE", {
    message: `The virtual iPhone cannot listen on ${socketPath}.`,
    why: isTaken ? "Something else is there." : cause instanceof Error ? cause.message : undefined,
    remedy: isTaken
      ? "Stop the other one, or choose another path."
      : "Choose a path in a folder that is yours.",
    cause,
  });
}
