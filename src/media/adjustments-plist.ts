import { binaryEntries } from "./binary-plist-entries.js";
import { xmlEntries } from "./xml-plist-entries.js";

/** What the property list of an edit says: an AAE, or the `Adjustments.plist` of a phone. */
interface Adjustments {
  /** `adjustmentFormatIdentifier`: `com.apple.photo`. Text of a stranger, at most 255 characters. */
  readonly formatIdentifier: string;
}

/** Bytes that are no property list of an edit, and why, for a sentence that begins with "it". */
interface NoAdjustments {
  readonly why: string;
}

/** More than the 2 MB that Photos gives an editor for its data make in an XML property list. */
export const MOST_ADJUSTMENTS_BYTES = 4 * 1024 * 1024;

const LONGEST_IDENTIFIER = 255;

/**
 * Reads the property list of an edit, XML or binary. Untrusted: the time is linear in the length, and whatever is cut
 * off, malformed, or of the wrong types is no edit. Keys as in the AAE of a phone on iOS 18.5 and in the
 * `Adjustments.plist` that is reported of iOS 26 and 27.
 */
export function readAdjustments(bytes: Uint8Array): Adjustments | NoAdjustments {
  if (bytes.byteLength === 0) return { why: "it is empty" };
  if (bytes.byteLength > MOST_ADJUSTMENTS_BYTES) return { why: "it is larger than any edit" };
  const entries = isBinary(bytes) ? binaryEntries(bytes) : xmlEntries(bytes);
  if (entries === null) return { why: "it is damaged, or not a property list" };
  const format = entries.get("adjustmentFormatIdentifier");
  if (format === undefined) return { why: "it does not name the format of its edit" };
  if (format.type !== "text" || format.text === "" || format.text.length > LONGEST_IDENTIFIER)
    return { why: "what it names as the format of its edit is not an identifier" };
  const data = entries.get("adjustmentData");
  if (data?.type !== "data" || data.sizeBytes === 0) return { why: "it holds no edit" };
  const version = entries.get("adjustmentFormatVersion");
  if (version !== undefined && version.type !== "text")
    return { why: "what it names as the version of its edit is not text" };
  return { formatIdentifier: format.text };
}

function isBinary(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 6)).toString("latin1") === "bplist"
  );
}
