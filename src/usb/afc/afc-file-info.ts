import { toSafeNumber } from "../wire/uint64.js";
import { WireFormatError } from "../wire/wire-format-error.js";

/*
 * The data of GET_FILE_INFO and GET_DEVINFO is text: key NUL value NUL key NUL value NUL; that of READ_DIR
 * is name NUL name NUL. Keys: libimobiledevice src/afc.c; `LinkTarget` as ifuse reads it.
 */

export interface AfcFileInfo {
  /** "S_IFREG", "S_IFDIR", "S_IFLNK", ... */
  readonly fileType: string;
  readonly sizeBytes: number;
  /** Null where the phone does not say. */
  readonly blocks: number | null;
  /** Above 1 on a regular file: the phone refuses to open it since iOS 12.3.1. */
  readonly linkCount: number | null;
  readonly modifiedAtNs: bigint;
  readonly bornAtNs: bigint | null;
  readonly linkTarget: string | null;
}

/** @throws WireFormatError where a needed key is missing or no number */
export function parseAfcFileInfo(data: Uint8Array): AfcFileInfo {
  const pairs = parseKeyValueText(data);
  const fileType = pairs.get("st_ifmt");
  if (fileType === undefined) throw new WireFormatError("a file's description has no st_ifmt");
  const count = (key: string) => {
    const value = wholeNumber(pairs, key);
    return value === null ? null : toSafeNumber(value, key);
  };
  const sizeBytes = count("st_size");
  const modifiedAtNs = wholeNumber(pairs, "st_mtime");
  if (sizeBytes === null || sizeBytes < 0) throw new WireFormatError("a file's description has no st_size");
  if (modifiedAtNs === null) throw new WireFormatError("a file's description has no st_mtime");
  return {
    fileType,
    sizeBytes,
    blocks: orNull(() => count("st_blocks")),
    linkCount: orNull(() => count("st_nlink")),
    modifiedAtNs: asSigned(modifiedAtNs),
    bornAtNs: orNull(() => asSignedOrNull(wholeNumber(pairs, "st_birthtime"))),
    linkTarget: pairs.get("LinkTarget") ?? null,
  };
}

/** What copying does not need may be odd without costing the photo. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireFormatError) return null;
    throw error;
  }
}

export function buildAfcFileInfo(info: AfcFileInfo): Buffer {
  const pairs: [string, string][] = [["st_size", String(info.sizeBytes)]];
  if (info.blocks !== null) pairs.push(["st_blocks", String(info.blocks)]);
  if (info.linkCount !== null) pairs.push(["st_nlink", String(info.linkCount)]);
  pairs.push(["st_ifmt", info.fileType], ["st_mtime", String(info.modifiedAtNs)]);
  if (info.bornAtNs !== null) pairs.push(["st_birthtime", String(info.bornAtNs)]);
  if (info.linkTarget !== null) pairs.push(["LinkTarget", info.linkTarget]);
  return buildKeyValueText(pairs);
}

/** The time to the millisecond below it: the phone's nanoseconds do not fit into a number. */
export function millisecondsOf(nanoseconds: bigint): number {
  const remainder = ((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return Number((nanoseconds - remainder) / 1_000_000n);
}

/** A key that comes twice keeps its first value. @throws WireFormatError where a key has no value */
export function parseKeyValueText(data: Uint8Array): Map<string, string> {
  const words = parseNames(data);
  if (words.length % 2 !== 0) throw new WireFormatError("a description ends in a key without a value");
  const pairs = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) {
    const key = words[i] ?? "";
    if (!pairs.has(key)) pairs.set(key, words[i + 1] ?? "");
  }
  return pairs;
}

export function buildKeyValueText(pairs: Iterable<readonly [string, string]>): Buffer {
  return buildNames([...pairs].flat());
}

/** NUL-separated names in the phone's order, `.` and `..` included. The last NUL may be missing. */
export function parseNames(data: Uint8Array): string[] {
  if (data.byteLength === 0) return [];
  const names = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8").split("\0");
  if (names.at(-1) === "") names.pop();
  return names;
}

export function buildNames(names: readonly string[]): Buffer {
  return Buffer.from(names.map((name) => `${name}\0`).join(""), "utf8");
}

function wholeNumber(pairs: Map<string, string>, key: string): bigint | null {
  const text = pairs.get(key);
  if (text === undefined) return null;
  if (!/^-?[0-9]{1,20}$/.test(text)) throw new WireFormatError(`a file's ${key} is not a number`);
  return BigInt(text);
}

/** A time before 1970 may be printed as an unsigned number. */
function asSigned(nanoseconds: bigint): bigint {
  return BigInt.asIntN(64, nanoseconds);
}

function asSignedOrNull(nanoseconds: bigint | null): bigint | null {
  return nanoseconds === null ? null : asSigned(nanoseconds);
}
