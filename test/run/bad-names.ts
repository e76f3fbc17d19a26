import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { jpeg, phoneWith } from "./small-phones.js";

/** File names that have broken scripts, shells and file systems. Each is one a phone or an app can make. */
export const badNames: readonly string[] = [
  `it's "quoted" and \`run\`.JPG`,
  "two\nlines.JPG",
  "tab\tand\rreturn.JPG",
  "party \u{1f389}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}.JPG",
  "Fri\u0301da.JPG", // decomposed
  "-rf.JPG",
  "\u202ERTL gpj.JPG",
  "back\\slash.JPG",
  "$(touch x);&|.JPG",
  "%s%n.JPG",
  " spaces at both ends .JPG",
  "line\u2028separator.JPG",
  `${"n".repeat(251)}.JPG`, // 255 bytes
];

export function phoneWithBadNames(): MemoryPhone {
  return phoneWith(Object.fromEntries(badNames.map((name, at) => [`/DCIM/100APPLE/${name}`, jpeg(at + 1)])));
}
