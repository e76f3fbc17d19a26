import { fstatSync, readSync } from "node:fs";
import type { Duplex } from "node:stream";
import {
  type AfcFileInfo,
  buildAfcFileInfo,
  buildKeyValueText,
  buildNames,
} from "../../usb/afc/afc-file-info.js";
import {
  AFC_HEADER_BYTES,
  AFC_OPEN_TO_READ,
  AFC_STATUS,
  type AfcHeader,
  type AfcRequest,
  decodeAfcHeader,
  decodeAfcRequest,
  encodeAfcDataHeader,
  encodeAfcHandle,
  encodeAfcStatus,
} from "../../usb/afc/afc-packet.js";
import { AfcSender } from "./afc-sender.js";
import type { IPhoneBehavior } from "./iphone-behavior.js";
import type { IPhoneCounters } from "./iphone-counters.js";
import { ReadBuffers } from "./read-buffers.js";
import { AfcRefusal, asRefusal, plainPath, type ServedFolder } from "./served-folder.js";
import type { VirtualCable } from "./virtual-cable.js";

/** What every AFC connection of one phone shares. */
export interface AfcService {
  readonly folder: ServedFolder;
  readonly behavior: IPhoneBehavior;
  readonly cable: VirtualCable;
  readonly counters: IPhoneCounters;
  /** "iPhone17,3" */
  readonly model: string;
}

/** The largest read that is known to work on a phone; longer ones are answered short. */
const maxReadBytes = 4 * 1024 * 1024;
/** A path and two numbers fit many times over. */
const maxArgumentBytes = 64 * 1024;
/** What a refused WRITE may carry. */
const maxDataBytes = 4 * 1024 * 1024;
const maxWaitingRequests = 1024;

/**
 * afcd on one connection: answers each request in its turn, one answer a request, until the stream ends.
 * Behaves as facts from libimobiledevice's afc.h and reports about real phones say; all writing is refused.
 */
export function serveAfc(stream: Duplex, service: AfcService): void {
  new AfcConnection(stream, service);
}

interface AfcOpenFile {
  readonly descriptor: number;
  readonly path: string;
  position: number;
}

interface PendingRequest {
  readonly header: AfcHeader;
  readonly body: Buffer;
  readonly receivedAtMs: number;
}

class AfcConnection {
  readonly #stream: Duplex;
  readonly #service: AfcService;
  readonly #sender: AfcSender;
  readonly #buffers = new ReadBuffers(AFC_HEADER_BYTES);
  readonly #files = new Map<bigint, AfcOpenFile>();
  readonly #waiting: PendingRequest[] = [];
  #nextHandle = 1n;
  #unread: Buffer = Buffer.alloc(0);
  #isWorking = false;
  #isClosed = false;

  constructor(stream: Duplex, service: AfcService) {
    this.#stream = stream;
    this.#service = service;
    this.#sender = new AfcSender(stream, service.cable, service.behavior.answersReversedBy, () =>
      this.#work(),
    );
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => stream.end());
    stream.on("error", () => stream.destroy());
    stream.on("close", () => this.#close());
  }

  #receive(chunk: Buffer): void {
    const receivedAtMs = performance.now();
    let bytes = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    while (bytes.length >= AFC_HEADER_BYTES) {
      const header = this.#header(bytes);
      if (header === null) return;
      if (bytes.length < header.entireBytes) break;
      const body = bytes.subarray(AFC_HEADER_BYTES, header.entireBytes);
      this.#waiting.push({ header, body, receivedAtMs });
      bytes = bytes.subarray(header.entireBytes);
    }
    this.#unread = bytes;
    this.#work();
    if (this.#waiting.length > maxWaitingRequests) this.#stream.pause();
  }

  /** Null after ending a connection that is out of step: nothing that follows can be understood. */
  #header(bytes: Buffer): AfcHeader | null {
    try {
      const header = decodeAfcHeader(bytes);
      if (header.argumentBytes <= maxArgumentBytes && header.dataBytes <= maxDataBytes) return header;
      this.#endWith(encodeAfcStatus(header.packetNumber, AFC_STATUS.tooMuchData));
    } catch {
      this.#endWith(encodeAfcStatus(0, AFC_STATUS.headerInvalid));
    }
    return null;
  }

  #endWith(lastWord: Buffer): void {
    this.#isClosed = true;
    this.#stream.pause();
    this.#stream.end(lastWord, () => this.#stream.destroy());
  }

  /** Answers what is waiting, as long as the answers are taken. An answer that leaves at once calls this again. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (!this.#isClosed && !this.#stream.destroyed && !this.#sender.isFull) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const hasMore = this.#waiting.length > 0;
      this.#answer(next, hasMore);
    }
    this.#isWorking = false;
    if (this.#waiting.length === 0 && this.#stream.isPaused() && !this.#isClosed) this.#stream.resume();
  }

  #answer({ header, body, receivedAtMs }: PendingRequest, hasMore: boolean): void {
    const { packetNumber } = header;
    let packet: Buffer;
    let contentBytes = 0;
    let done: (() => void) | undefined;
    try {
      const request = asRequest(header, body);
      this.#service.counters.afc.add(request.operation);
      if (request.operation === "read") {
        const read = this.#read(request.handle, request.sizeBytes, packetNumber);
        ({ packet, contentBytes } = read);
        done = () => this.#buffers.release(read.buffer);
      } else {
        packet = this.#perform(request, packetNumber);
      }
    } catch (error) {
      if (!(error instanceof AfcRefusal)) throw error;
      packet = encodeAfcStatus(packetNumber, error.status);
    }
    this.#sender.send({ packet, contentBytes, receivedAtMs, done }, hasMore);
  }

  #perform(request: Exclude<AfcRequest, { operation: "read" }>, packetNumber: number): Buffer {
    const { folder, behavior, counters } = this.#service;
    switch (request.operation) {
      case "read-dir":
        this.#refuseIfFaulty("read-dir", request.path);
        return data(
          packetNumber,
          buildNames([...this.#namesIn(request.path), ...behavior.namesBeside(plainPath(request.path))]),
        );
      case "get-file-info": {
        this.#refuseIfFaulty("get-file-info", request.path);
        return data(packetNumber, buildAfcFileInfo(this.#describe(request.path)));
      }
      case "get-device-info":
        return data(packetNumber, this.#deviceInfo());
      case "file-open": {
        if (request.mode !== AFC_OPEN_TO_READ) throw new AfcRefusal(AFC_STATUS.permissionDenied);
        this.#refuseIfFaulty("file-open", request.path);
        if (counters.openHandles >= behavior.maxOpenHandles) throw new AfcRefusal(AFC_STATUS.noResources);
        const descriptor = folder.open(request.path, behavior.refusesHardLinks);
        const handle = this.#nextHandle++;
        this.#files.set(handle, { descriptor, path: plainPath(request.path), position: 0 });
        counters.handleOpened();
        return encodeAfcHandle(packetNumber, handle);
      }
      case "seek":
        this.#seek(this.#file(request.handle), request.whence, request.offsetBytes);
        return encodeAfcStatus(packetNumber, AFC_STATUS.ok);
      case "close":
        this.#closeFile(request.handle, this.#file(request.handle));
        return encodeAfcStatus(packetNumber, AFC_STATUS.ok);
      case "lock": {
        this.#file(request.handle);
        const isKnown = lockKinds.has(request.kind);
        return encodeAfcStatus(packetNumber, isKnown ? AFC_STATUS.ok : AFC_STATUS.invalidArgument);
      }
      case "other":
        throw new AfcRefusal(
          writingOperations.has(request.code) ? AFC_STATUS.permissionDenied : AFC_STATUS.unknownPacket,
        );
    }
  }

  /** The bytes are read behind room for the header, so that an answer is one buffer and one write. */
  #read(handle: bigint, sizeBytes: number, packetNumber: number) {
    const { behavior, counters } = this.#service;
    const file = this.#file(handle);
    const status = behavior.statusWhenRead(file.path, file.position);
    if (status !== null) throw new AfcRefusal(status);
    return asRefusal(() => {
      const end = behavior.sizeWhenRead(file.path, fstatSync(file.descriptor).size);
      const wantedBytes = Math.min(sizeBytes, maxReadBytes, Math.max(0, end - file.position));
      const roomBytes = wantedBytes === 0 ? 0 : Math.min(wantedBytes, behavior.readLimit(wantedBytes));
      const buffer = this.#buffers.take(roomBytes);
      let readBytes =
        roomBytes === 0 ? 0 : readSync(file.descriptor, buffer, AFC_HEADER_BYTES, roomBytes, file.position);
      if (readBytes < roomBytes && file.position + readBytes < end) {
        buffer.fill(0, AFC_HEADER_BYTES + readBytes, AFC_HEADER_BYTES + roomBytes);
        readBytes = roomBytes;
      }
      if (behavior.isRewritten(file.path))
        for (let at = AFC_HEADER_BYTES; at < AFC_HEADER_BYTES + readBytes; at += 1) buffer[at]! ^= 0xff;
      file.position += readBytes;
      counters.bytesRead += readBytes;
      encodeAfcDataHeader(packetNumber, readBytes).copy(buffer);
      return { buffer, packet: buffer.subarray(0, AFC_HEADER_BYTES + readBytes), contentBytes: readBytes };
    });
  }

  #seek(file: AfcOpenFile, whence: number, offsetBytes: bigint): void {
    const end = this.#service.behavior.sizeWhenRead(
      file.path,
      asRefusal(() => fstatSync(file.descriptor).size),
    );
    const base = [0, file.position, end][whence];
    const position = base === undefined ? -1 : base + Number(offsetBytes);
    if (!Number.isSafeInteger(position) || position < 0) throw new AfcRefusal(AFC_STATUS.invalidArgument);
    file.position = position;
  }

  #namesIn(path: string): string[] {
    const { folder, behavior } = this.#service;
    const above = plainPath(path);
    return folder.list(path).filter((name) => !behavior.isAbsent(`${above === "/" ? "" : above}/${name}`));
  }

  #describe(path: string): AfcFileInfo {
    const info = this.#service.folder.describe(path);
    if (!this.#service.behavior.isRewritten(plainPath(path))) return info;
    return { ...info, modifiedAtNs: info.modifiedAtNs + 1_000_000_000n };
  }

  #refuseIfFaulty(operation: "read-dir" | "get-file-info" | "file-open", path: string): void {
    const { behavior } = this.#service;
    const plain = plainPath(path);
    if (behavior.isAbsent(plain)) throw new AfcRefusal(AFC_STATUS.notFound);
    const status = behavior.statusFor(operation, plain);
    if (status !== null) throw new AfcRefusal(status);
  }

  #file(handle: bigint): AfcOpenFile {
    const file = this.#files.get(handle);
    if (file === undefined) throw new AfcRefusal(AFC_STATUS.invalidArgument);
    return file;
  }

  #closeFile(handle: bigint, file: AfcOpenFile): void {
    this.#files.delete(handle);
    this.#service.folder.close(file.descriptor);
    this.#service.counters.handleClosed();
  }

  #deviceInfo(): Buffer {
    const { totalBytes, freeBytes, blockBytes } = asRefusal(() => this.#service.folder.space());
    return buildKeyValueText([
      ["Model", this.#service.model],
      ["FSTotalBytes", String(totalBytes)],
      ["FSFreeBytes", String(freeBytes)],
      ["FSBlockSize", String(blockBytes)],
    ]);
  }

  #close(): void {
    this.#isClosed = true;
    this.#sender.stop();
    for (const [handle, file] of this.#files) this.#closeFile(handle, file);
    this.#waiting.length = 0;
  }
}

function asRequest(header: AfcHeader, body: Buffer): AfcRequest {
  try {
    return decodeAfcRequest(header, body);
  } catch {
    throw new AfcRefusal(AFC_STATUS.invalidArgument);
  }
}

function data(packetNumber: number, bytes: Buffer): Buffer {
  return Buffer.concat([encodeAfcDataHeader(packetNumber, bytes.length), bytes]);
}

/** Shared, exclusive, unlock. */
const lockKinds = new Set([5n, 6n, 12n]);

/** Remove, make folder, write, truncate, set size, rename, link, set times, remove a tree, write at (afc.h). */
const writingOperations = new Set([0x08, 0x09, 0x10, 0x07, 0x15, 0x18, 0x1c, 0x1e, 0x22, 0x28]);
