import { readUint64, toSafeNumber, writeUint64 } from "../wire/uint64.js";
import { WireFormatError } from "../wire/wire-format-error.js";

/*
 * AFC: a header of 40 bytes (magic, entire length, length without data, packet number, operation, all
 * 64-bit little endian), arguments, data. Source: libimobiledevice src/afc.h and src/afc.c.
 */

export const AFC_HEADER_BYTES = 40;
/** "CFA6LPAA", read as one little-endian 64-bit number. */
const AFC_MAGIC = Buffer.from("CFA6LPAA", "latin1");
const MAGIC = readUint64(AFC_MAGIC);

/** Operation numbers; the first two and the last are answers. */
const AFC_OPERATION = {
  status: 0x01,
  data: 0x02,
  readDir: 0x03,
  getFileInfo: 0x0a,
  getDeviceInfo: 0x0b,
  fileOpen: 0x0d,
  fileOpenResult: 0x0e,
  read: 0x0f,
  seek: 0x11,
  close: 0x14,
  lock: 0x1b,
} as const;

export const AFC_STATUS = {
  ok: 0,
  unknownError: 1,
  headerInvalid: 2,
  noResources: 3,
  readError: 4,
  writeError: 5,
  unknownPacket: 6,
  invalidArgument: 7,
  notFound: 8,
  isFolder: 9,
  permissionDenied: 10,
  notConnected: 11,
  timedOut: 12,
  tooMuchData: 13,
  endOfData: 14,
  unsupported: 15,
  exists: 16,
  busy: 17,
  noSpace: 18,
  wouldBlock: 19,
  inputOutput: 20,
  interrupted: 21,
  inProgress: 22,
  internal: 23,
} as const;

/** FILE_OPEN's mode for reading; Rollcall knows no other. */
export const AFC_OPEN_TO_READ = 1n;

export interface AfcHeader {
  /** Header, arguments and data. */
  readonly entireBytes: number;
  readonly argumentBytes: number;
  readonly dataBytes: number;
  readonly packetNumber: number;
  readonly operation: number;
}

export type AfcRequest =
  | { readonly operation: "read-dir" | "get-file-info"; readonly path: string }
  | { readonly operation: "get-device-info" }
  | { readonly operation: "file-open"; readonly mode: bigint; readonly path: string }
  | { readonly operation: "read"; readonly handle: bigint; readonly sizeBytes: number }
  | {
      readonly operation: "seek";
      readonly handle: bigint;
      /** 0 from the start, 1 from here, 2 from the end. */
      readonly whence: number;
      readonly offsetBytes: bigint;
    }
  | { readonly operation: "close"; readonly handle: bigint }
  | { readonly operation: "lock"; readonly handle: bigint; readonly kind: bigint }
  /** Anything else; a server refuses it, a client never sends it. */
  | { readonly operation: "other"; readonly code: number };

export type AfcAnswer =
  | { readonly type: "status"; readonly status: number }
  | { readonly type: "handle"; readonly handle: bigint }
  /** The length of the data is in the header; the bytes follow. */
  | { readonly type: "data" };

/** The 40 bytes that stand before `argumentBytes` of arguments and `dataBytes` of data. */
export function encodeAfcHeader(parts: {
  packetNumber: number;
  operation: number;
  argumentBytes: number;
  dataBytes?: number;
}): Buffer {
  const thisBytes = AFC_HEADER_BYTES + parts.argumentBytes;
  const header = Buffer.allocUnsafe(AFC_HEADER_BYTES);
  AFC_MAGIC.copy(header);
  writeUint64(header, BigInt(thisBytes + (parts.dataBytes ?? 0)), 8);
  writeUint64(header, BigInt(thisBytes), 16);
  writeUint64(header, BigInt(parts.packetNumber), 24);
  writeUint64(header, BigInt(parts.operation), 32);
  return header;
}

/**
 * Checks magic and lengths; whether the lengths suit the request is for the reader of the packet to say.
 * @throws WireFormatError
 */
export function decodeAfcHeader(bytes: Uint8Array): AfcHeader {
  if (bytes.byteLength < AFC_HEADER_BYTES) throw new WireFormatError("an AFC header is cut short");
  if (readUint64(bytes, 0) !== MAGIC) throw new WireFormatError("an AFC header does not begin with CFA6LPAA");
  const entireBytes = toSafeNumber(readUint64(bytes, 8), "an AFC packet's entire length");
  const thisBytes = toSafeNumber(readUint64(bytes, 16), "an AFC packet's own length");
  if (thisBytes < AFC_HEADER_BYTES || entireBytes < thisBytes) {
    throw new WireFormatError(`an AFC packet says that it has ${thisBytes} of ${entireBytes} bytes`);
  }
  return {
    entireBytes,
    argumentBytes: thisBytes - AFC_HEADER_BYTES,
    dataBytes: entireBytes - thisBytes,
    packetNumber: toSafeNumber(readUint64(bytes, 24), "an AFC packet number"),
    operation: toSafeNumber(readUint64(bytes, 32), "an AFC operation"),
  };
}

/** A whole request. Paths end in a NUL, as libimobiledevice sends them. */
export function encodeAfcRequest(packetNumber: number, request: AfcRequest): Buffer {
  const [operation, numbers, path] = requestParts(request);
  const text = path === undefined ? Buffer.alloc(0) : Buffer.from(`${path}\0`, "utf8");
  const fields = Buffer.alloc(numbers.length * 8);
  for (const [index, value] of numbers.entries()) writeUint64(fields, value, index * 8);
  const argumentBytes = fields.length + text.length;
  return Buffer.concat([encodeAfcHeader({ packetNumber, operation, argumentBytes }), fields, text]);
}

function requestParts(request: AfcRequest): [operation: number, numbers: bigint[], path?: string] {
  switch (request.operation) {
    case "read-dir":
      return [AFC_OPERATION.readDir, [], request.path];
    case "get-file-info":
      return [AFC_OPERATION.getFileInfo, [], request.path];
    case "get-device-info":
      return [AFC_OPERATION.getDeviceInfo, []];
    case "file-open":
      return [AFC_OPERATION.fileOpen, [request.mode], request.path];
    case "read":
      return [AFC_OPERATION.read, [request.handle, BigInt(request.sizeBytes)]];
    case "seek": {
      const offset = BigInt.asUintN(64, request.offsetBytes);
      return [AFC_OPERATION.seek, [request.handle, BigInt(request.whence), offset]];
    }
    case "close":
      return [AFC_OPERATION.close, [request.handle]];
    case "lock":
      return [AFC_OPERATION.lock, [request.handle, request.kind]];
    case "other":
      return [request.code, []];
  }
}

/**
 * The server's side of {@link encodeAfcRequest}. A path may come with its NUL or without: clients differ.
 * @param body the arguments, and the data if there is any
 * @throws WireFormatError where an argument is missing
 */
export function decodeAfcRequest(header: AfcHeader, body: Uint8Array): AfcRequest {
  const field = (index: number) => readUint64(body, index * 8);
  switch (header.operation) {
    case AFC_OPERATION.readDir:
      return { operation: "read-dir", path: pathIn(body) };
    case AFC_OPERATION.getFileInfo:
      return { operation: "get-file-info", path: pathIn(body) };
    case AFC_OPERATION.getDeviceInfo:
      return { operation: "get-device-info" };
    case AFC_OPERATION.fileOpen:
      return { operation: "file-open", mode: field(0), path: pathIn(body.subarray(8)) };
    case AFC_OPERATION.read:
      return { operation: "read", handle: field(0), sizeBytes: toSafeNumber(field(1), "a read's size") };
    case AFC_OPERATION.seek: {
      const whence = toSafeNumber(field(1), "a seek's origin");
      return { operation: "seek", handle: field(0), whence, offsetBytes: BigInt.asIntN(64, field(2)) };
    }
    case AFC_OPERATION.close:
      return { operation: "close", handle: field(0) };
    case AFC_OPERATION.lock:
      return { operation: "lock", handle: field(0), kind: field(1) };
    default:
      return { operation: "other", code: header.operation };
  }
}

function pathIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString("utf8");
}

/** A whole status packet: 48 bytes. */
export function encodeAfcStatus(packetNumber: number, status: number): Buffer {
  return withOneField(packetNumber, AFC_OPERATION.status, BigInt(status));
}

/** A whole answer to FILE_OPEN. Handle 0 means "no file" to libimobiledevice: count from 1. */
export function encodeAfcHandle(packetNumber: number, handle: bigint): Buffer {
  return withOneField(packetNumber, AFC_OPERATION.fileOpenResult, handle);
}

/** The header of a data answer; the `dataBytes` bytes follow it. None of them means the end of the file. */
export function encodeAfcDataHeader(packetNumber: number, dataBytes: number): Buffer {
  return encodeAfcHeader({ packetNumber, operation: AFC_OPERATION.data, argumentBytes: 0, dataBytes });
}

function withOneField(packetNumber: number, operation: number, value: bigint): Buffer {
  const field = Buffer.alloc(8);
  writeUint64(field, value);
  return Buffer.concat([encodeAfcHeader({ packetNumber, operation, argumentBytes: 8 }), field]);
}

/**
 * The client's side of the three answers.
 * @param args the `argumentBytes` bytes after the header
 * @throws WireFormatError where the operation is no answer, or its lengths are not those of that answer
 */
export function decodeAfcAnswer(header: AfcHeader, args: Uint8Array): AfcAnswer {
  const hasOneField = header.argumentBytes === 8 && header.dataBytes === 0;
  if (header.operation === AFC_OPERATION.status && hasOneField) {
    return { type: "status", status: toSafeNumber(readUint64(args), "an AFC status") };
  }
  if (header.operation === AFC_OPERATION.fileOpenResult && hasOneField) {
    return { type: "handle", handle: readUint64(args) };
  }
  if (header.operation === AFC_OPERATION.data && header.argumentBytes === 0) return { type: "data" };
  throw new WireFormatError(`an AFC answer has operation ${header.operation} and the wrong shape`);
}
