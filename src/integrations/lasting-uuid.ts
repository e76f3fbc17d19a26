import { createHash } from "node:crypto";

/** An upper-case UUID that follows from a name, so that the same file is made each time (form: RFC 9562, version 8). */
export function lastingUuid(name: string): string {
  const hex = createHash("sha256").update(`rollcall/${name}`).digest("hex").slice(0, 32).split("");
  hex[12] = "8";
  hex[16] = "a";
  const text = hex.join("").toUpperCase();
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20, 32),
  ].join("-");
}
