/** A stretch of a file: its first byte, and how many. */
interface MediaRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * What a `Range` header asks for, of a file of `sizeBytes` (RFC 9110, 14.1.2). Several ranges in one request are answered
 * with the whole, which the RFC allows; so is a unit that is not bytes.
 * @returns null for the whole; "none" where nothing of the file is asked for
 */
export function mediaRange(header: string | undefined, sizeBytes: number): MediaRange | "none" | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (found === null) return null;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return null;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "none" : { offset: sizeBytes - length, length };
  }
  const offset = Number(first);
  const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== "" && Number(last) < offset) return null;
  return offset >= sizeBytes ? "none" : { offset, length: end - offset + 1 };
}
