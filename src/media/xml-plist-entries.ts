import { LONGEST_READ, MOST_ENTRIES, type PlistEntry } from "./plist-entry.js";

/** Far more than any edit has, and few enough to walk. */
const DEEPEST = 64;
const NO_XML_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const NAMED_CHARACTERS: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * The entries of the dictionary at the top of an XML property list, which has to be well formed to its very end.
 * Every step moves forward over what it has read, so the time is linear in the length.
 * Elements: Apple's PropertyList-1.0.dtd. An internal subset is refused, so no entity can be declared.
 * @returns null where it is damaged, or its top is no dictionary, or one of too many keys; or a key occurs twice
 */
export function xmlEntries(bytes: Uint8Array): Map<string, PlistEntry> | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  if (NO_XML_CHARACTER.test(text)) return null;
  try {
    return new Reader(text).document();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

class Malformed extends Error {}

interface Tag {
  readonly name: string;
  readonly kind: "open" | "close" | "empty";
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Map<string, PlistEntry> {
    this.#skipBlanks();
    if (this.#startsWith("<?xml")) this.#pastOf("?>");
    this.#skipBlanksAndComments();
    if (this.#startsWith("<!DOCTYPE")) {
      const declaration = this.#pastOf(">");
      if (declaration.includes("[")) throw new Malformed();
    }
    if (this.#tag("plist").kind !== "open") throw new Malformed();
    const top = this.#tag("dict");
    if (top.kind === "close") throw new Malformed();
    const entries = top.kind === "empty" ? new Map<string, PlistEntry>() : this.#entries();
    if (this.#tag("plist").kind !== "close") throw new Malformed();
    this.#skipBlanksAndComments();
    if (this.#at < this.#text.length) throw new Malformed();
    return entries;
  }

  /** Up to and with `</dict>`. */
  #entries(): Map<string, PlistEntry> {
    const entries = new Map<string, PlistEntry>();
    for (;;) {
      const tag = this.#tag();
      if (tag.kind === "close" && tag.name === "dict") return entries;
      if (tag.name !== "key" || tag.kind !== "open") throw new Malformed();
      const key = this.#words("key");
      if (entries.has(key) || entries.size === MOST_ENTRIES) throw new Malformed();
      entries.set(key, this.#value());
    }
  }

  #value(): PlistEntry {
    const tag = this.#tag();
    if (tag.kind === "close") throw new Malformed();
    const words = tag.kind === "empty" ? "" : null;
    switch (tag.name) {
      case "string":
        return { type: "text", text: words ?? this.#words("string") };
      case "data":
        return { type: "data", sizeBytes: base64Bytes(words ?? this.#words("data")) };
      case "integer":
      case "real":
      case "date":
        if ((words ?? this.#words(tag.name)).trim() === "") throw new Malformed();
        return { type: "other" };
      case "true":
      case "false":
        if (words === null && this.#words(tag.name) !== "") throw new Malformed();
        return { type: "other" };
      case "array":
      case "dict":
        if (words === null) this.#skipContainer(tag.name);
        return { type: "other" };
      default:
        throw new Malformed();
    }
  }

  /** Over everything below a container, up to and with its closing tag. Only that tags close in their turn is asked. */
  #skipContainer(name: string): void {
    const open = [name];
    while (open.length > 0) {
      this.#pastWords();
      const tag = this.#tag();
      if (tag.kind === "close" && open.pop() !== tag.name) throw new Malformed();
      if (tag.kind === "open") open.push(tag.name);
      if (open.length > DEEPEST) throw new Malformed();
    }
  }

  /** The text of an element that holds nothing else, and its closing tag. */
  #words(name: string): string {
    const words = this.#pastWords();
    const tag = this.#tag();
    if (tag.kind !== "close" || tag.name !== name) throw new Malformed();
    return words;
  }

  /** With `name`, any other tag is wrong. */
  #tag(name?: string): Tag {
    this.#skipBlanksAndComments();
    if (!this.#startsWith("<")) throw new Malformed();
    const whole = this.#pastOf(">");
    const parts = /^<(\/?)([a-z]+)(?:\s[^<]*?)?(\/?)>$/.exec(whole);
    if (parts === null || (name !== undefined && parts[2] !== name)) throw new Malformed();
    const [, slash, found = "", isEmpty] = parts;
    if (slash !== "" && isEmpty !== "") throw new Malformed();
    return { name: found, kind: slash !== "" ? "close" : isEmpty !== "" ? "empty" : "open" };
  }

  #pastWords(): string {
    const end = this.#text.indexOf("<", this.#at);
    if (end < 0) throw new Malformed();
    const words = this.#text.slice(this.#at, end);
    this.#at = end;
    // What the references of a longer text stand for is not asked.
    const isRead = words.length <= LONGEST_READ && words.includes("&");
    return isRead ? withCharacters(words) : words;
  }

  #skipBlanksAndComments(): void {
    this.#skipBlanks();
    while (this.#startsWith("<!--")) {
      this.#pastOf("-->");
      this.#skipBlanks();
    }
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && " \t\r\n".includes(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #startsWith(start: string): boolean {
    return this.#text.startsWith(start, this.#at);
  }

  /** Moves behind the next `end`. @returns what was passed, `end` included */
  #pastOf(end: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new Malformed();
    const passed = this.#text.slice(this.#at, found + end.length);
    this.#at = found + end.length;
    return passed;
  }
}

function withCharacters(words: string): string {
  return words.replaceAll(/&([^;&]{0,8})(;?)/g, (_all, name: string, end: string) => {
    const number = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name);
    const code = number === null ? Number.NaN : Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : NAMED_CHARACTERS.get(name);
    if (end === "" || character === undefined) throw new Malformed();
    return character;
  });
}

/** How many bytes a text in base64 stands for. @throws Malformed where it is none */
function base64Bytes(words: string): number {
  let digits = 0;
  let padding = 0;
  for (let at = 0; at < words.length; at++) {
    const code = words.charCodeAt(at);
    if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) continue;
    if (code === 0x3d) padding += 1;
    else if (padding > 0 || !isBase64(code)) throw new Malformed();
    else digits += 1;
  }
  if (padding > 2 || (digits + padding) % 4 !== 0) throw new Malformed();
  return ((digits + padding) / 4) * 3 - padding;
}

function isBase64(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isDigit || isLetter || code === 0x2b || code === 0x2f;
}
