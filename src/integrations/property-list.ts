import { build, buildBinary, parse } from "plist";

/** What the property lists of a set-up hold. */
export type PropertyList = string | number | boolean | readonly PropertyList[] | PropertyDictionary;

export interface PropertyDictionary {
  readonly [key: string]: PropertyList;
}

/** As XML, keys in the order given, tabs as in Apple's own files; the same bytes each time. */
export function propertyListText(value: PropertyDictionary): string {
  return `${build(value as Parameters<typeof build>[0], { pretty: true, indent: "\t" })}\n`;
}

/** The same in the binary form. */
export function propertyListBytes(value: PropertyDictionary): Uint8Array {
  return buildBinary(value as Parameters<typeof buildBinary>[0]);
}

/**
 * A property list of this Mac's own, such as the Info.plist that osacompile writes.
 * @returns null where it is no dictionary, in XML or binary
 */
export function readPropertyList(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const isBinary = bytes.toString("latin1", 0, 6) === "bplist";
    const value: unknown = parse(isBinary ? new Uint8Array(bytes) : bytes.toString("utf8"));
    const isDictionary = typeof value === "object" && value !== null && !Array.isArray(value);
    return isDictionary ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
