import { buildBinary, build as buildXml, parse } from "plist";
import { checkBinaryPropertyList } from "./binary-property-list-check.js";
import { WireFormatError } from "./wire-format-error.js";
import { elementTextOf } from "./xml-property-list-check.js";

/** What a property list can hold. Integers beyond 2^53 may be built, as `bigint`; they are never parsed. */
export type PropertyList =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | PropertyList[]
  | PropertyDictionary;

export interface PropertyDictionary {
  [key: string]: PropertyList | undefined;
}

/**
 * Reads an XML or a binary property list, whichever the bytes are.
 * Malformed input is found before npm `plist` sees it, because that writes to the console about it.
 * @throws WireFormatError always without a `cause` and without a piece of the input
 */
export function parsePropertyList(bytes: Uint8Array): PropertyList {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBinary = buffer.subarray(0, 6).toString("latin1") === "bplist";
  // A copy of its own: npm `plist` makes views over the whole ArrayBuffer, and a pooled one holds others' bytes.
  const input = isBinary ? checkBinaryPropertyList(new Uint8Array(buffer)) : elementTextOf(buffer);
  let value: unknown;
  try {
    value = parse(input);
  } catch {
    throw new WireFormatError("a property list could not be read");
  }
  if (value === null || value === undefined) throw new WireFormatError("a property list holds no value");
  return value as PropertyList;
}

/** The same as {@link parsePropertyList} where only a dictionary will do. */
export function parseDictionary(bytes: Uint8Array): PropertyDictionary {
  const dictionary = asDictionary(parsePropertyList(bytes));
  if (dictionary === null) throw new WireFormatError("a property list is not a dictionary");
  return dictionary;
}

/** Builds the XML form, which every daemon reads. Keys whose value is undefined are left out. */
export function buildPropertyList(value: PropertyList): Buffer {
  return Buffer.from(buildXml(value as Parameters<typeof buildXml>[0]), "utf8");
}

/** Builds the binary form: some daemons answer in it, so the virtual ones can too. */
export function buildBinaryPropertyList(value: PropertyList): Buffer {
  return Buffer.from(buildBinary(value as Parameters<typeof buildBinary>[0]));
}

export function asDictionary(value: PropertyList | undefined): PropertyDictionary | null {
  const isDictionary =
    typeof value === "object" &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array);
  return isDictionary ? value : null;
}

/** The text under `key`, or null where there is none or it is something else. */
export function textAt(dictionary: PropertyDictionary, key: string): string | null {
  const value = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
  return typeof value === "string" ? value : null;
}

/** The whole number under `key`, or null where there is none, it is something else, or not exact. */
export function integerAt(dictionary: PropertyDictionary, key: string): number | null {
  const value = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

/** The bytes under `key`, or null. */
export function dataAt(dictionary: PropertyDictionary, key: string): Uint8Array | null {
  const value = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
  return value instanceof Uint8Array ? value : null;
}
