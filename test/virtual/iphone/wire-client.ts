import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { parseAfcFileInfo, parseNames } from "../../../src/usb/afc/afc-file-info.js";
import {
  AFC_HEADER_BYTES,
  type AfcAnswer,
  type AfcRequest,
  decodeAfcAnswer,
  decodeAfcHeader,
  encodeAfcRequest,
} from "../../../src/usb/afc/afc-packet.js";
import {
  decodeLockdownBody,
  decodeLockdownHeader,
  encodeLockdownPacket,
  LOCKDOWN_HEADER_BYTES,
  LOCKDOWN_PORT,
} from "../../../src/usb/lockdown/lockdown-packet.js";
import {
  decodeUsbmuxBody,
  decodeUsbmuxHeader,
  encodeUsbmuxPacket,
  swappedPort,
  USBMUX_HEADER_BYTES,
} from "../../../src/usb/usbmux/usbmux-packet.js";
import { ExactReader } from "../../../src/usb/wire/exact-reader.js";
import {
  dataAt,
  type PropertyDictionary,
  parseDictionary,
  textAt,
} from "../../../src/usb/wire/property-list.js";

/** A client made of the codecs and nothing else: it sends what it is told to, right or wrong. */
export class Wire<T extends Duplex = Socket> implements Disposable {
  readonly stream: T;
  readonly reader: ExactReader;
  #packetNumber = 0;

  constructor(stream: T) {
    this.stream = stream;
    this.reader = new ExactReader(stream);
  }

  async usbmux(body: PropertyDictionary): Promise<PropertyDictionary> {
    this.stream.write(encodeUsbmuxPacket({ tag: 7, body }));
    return this.usbmuxMessage();
  }

  async usbmuxMessage(): Promise<PropertyDictionary> {
    const header = decodeUsbmuxHeader(await this.reader.read(USBMUX_HEADER_BYTES));
    return decodeUsbmuxBody(header, await this.reader.read(header.bodyBytes)).body;
  }

  async lockdown(body: PropertyDictionary): Promise<PropertyDictionary> {
    this.stream.write(encodeLockdownPacket(body));
    const length = decodeLockdownHeader(await this.reader.read(LOCKDOWN_HEADER_BYTES));
    return decodeLockdownBody(await this.reader.read(length));
  }

  /** Sends without waiting. @returns the packet number */
  send(request: AfcRequest): number {
    this.#packetNumber += 1;
    this.stream.write(encodeAfcRequest(this.#packetNumber, request));
    return this.#packetNumber;
  }

  /** The next answer, whichever request it belongs to. */
  async next(): Promise<AfcAnswer & { packetNumber: number; bytes: Buffer }> {
    const header = decodeAfcHeader(await this.reader.read(AFC_HEADER_BYTES));
    const args = await this.reader.read(header.argumentBytes);
    const bytes = await this.reader.read(header.dataBytes);
    return { ...decodeAfcAnswer(header, args), packetNumber: header.packetNumber, bytes };
  }

  async afc(request: AfcRequest): Promise<AfcAnswer & { bytes: Buffer }> {
    this.send(request);
    return this.next();
  }

  /** The status that a refused request comes back with. */
  async afcStatus(request: AfcRequest): Promise<number | string> {
    const answer = await this.afc(request);
    return answer.type === "status" ? answer.status : `no status but ${answer.type}`;
  }

  async open(path: string): Promise<bigint> {
    const answer = await this.afc({ operation: "file-open", mode: 1n, path });
    if (answer.type !== "handle") throw new Error(`${path} was not opened`);
    return answer.handle;
  }

  async names(path: string): Promise<string[]> {
    return parseNames((await this.afc({ operation: "read-dir", path })).bytes);
  }

  async describe(path: string) {
    return parseAfcFileInfo((await this.afc({ operation: "get-file-info", path })).bytes);
  }

  /** Resolves once the other side has closed. */
  async closed(): Promise<void> {
    if (this.stream.closed) return;
    this.stream.resume();
    await new Promise<void>((resolve) => this.stream.once("close", () => resolve()));
  }

  [Symbol.dispose](): void {
    this.stream.destroy();
  }
}

export async function dial(socketPath: string): Promise<Wire> {
  const socket = connect(socketPath);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return new Wire(socket);
}

/** One usbmux request on a connection of its own. */
export async function askUsbmux(socketPath: string, body: PropertyDictionary): Promise<PropertyDictionary> {
  using wire = await dial(socketPath);
  return await wire.usbmux(body);
}

export async function deviceIds(socketPath: string): Promise<number[]> {
  const { DeviceList } = await askUsbmux(socketPath, { MessageType: "ListDevices" });
  return (DeviceList as PropertyDictionary[]).map((device) => device.DeviceID as number);
}

/** A connection to a port of the only phone; throws the usbmux result where it is refused. */
export async function dialPort(socketPath: string, port = LOCKDOWN_PORT): Promise<Wire> {
  const [deviceId] = await deviceIds(socketPath);
  const wire = await dial(socketPath);
  const answer = await wire.usbmux({
    MessageType: "Connect",
    DeviceID: deviceId!,
    PortNumber: swappedPort(port),
  });
  if (answer.Number === 0) return wire;
  wire.stream.destroy();
  throw new Error(`result ${String(answer.Number)}`);
}

export async function readPairRecord(socketPath: string, udid: string): Promise<PropertyDictionary> {
  const answer = await askUsbmux(socketPath, { MessageType: "ReadPairRecord", PairRecordID: udid });
  const record = dataAt(answer, "PairRecordData");
  if (record === null) throw new Error(`result ${String(answer.Number)}`);
  return parseDictionary(record);
}

export type ShownCertificate = "host" | "root" | "none" | { key: string; cert: string };

/** A lockdown session over TLS. */
export async function startSession(
  socketPath: string,
  udid: string,
  shown: ShownCertificate = "host",
): Promise<Wire<TLSSocket>> {
  const record = await readPairRecord(socketPath, udid);
  const wire = await dialPort(socketPath);
  const { HostID, SystemBUID } = record;
  const answer = await wire.lockdown({ Request: "StartSession", HostID, SystemBUID });
  if (answer.EnableSessionSSL !== true) throw new Error(String(answer.Error));
  return secure(wire, record, shown);
}

export function secure(
  wire: Wire,
  record: PropertyDictionary,
  shown: ShownCertificate = "host",
): Wire<TLSSocket> {
  const text = (key: string) => Buffer.from(dataAt(record, key)!).toString();
  const identities = {
    host: () => ({ key: text("HostPrivateKey"), cert: text("HostCertificate") }),
    root: () => ({ key: text("RootPrivateKey"), cert: text("RootCertificate") }),
    none: () => ({}),
  };
  const identity = typeof shown === "string" ? identities[shown]() : shown;
  return new Wire(connectTls({ socket: wire.stream, rejectUnauthorized: false, ...identity }));
}

/** A connection to AFC, the long way round: session, service, port, TLS. */
export async function startAfc(socketPath: string, udid: string): Promise<Wire<TLSSocket>> {
  using session = await startSession(socketPath, udid);
  const answer = await session.lockdown({ Request: "StartService", Service: "com.apple.afc" });
  if (textAt(answer, "Service") === null) throw new Error(String(answer.Error));
  const port = await dialPort(socketPath, answer.Port as number);
  return secure(port, await readPairRecord(socketPath, udid));
}
