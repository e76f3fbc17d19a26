import { WireFormatError } from "./wire-format-error.js";

const CONTAINERS = new Set(["plist", "dict", "array"]);
const LEAVES = new Set(["key", "string", "integer", "real", "data", "date", "true", "false"]);
const MAX_DEPTH = 64;
/** Elements and comments together: 500 phones are half of it, and the parser takes 25 microseconds for each. */
const MAX_NODES = 20_000;

// Each is tried at one place only (`y`), and none can read the same characters in two ways.
const BLANKS = /\s*/y;
const XML_DECLARATION = /<\?xml[^?<>]*\?>/y;
const DOCUMENT_TYPE = /<!DOCTYPE\s+plist[^[\]<>]*>/y;
const CLOSING_TAG = /<\/([a-z]{1,64})\s*>/y;
const OPENING_TAG = /<([a-z]{1,64})(\s+[A-Za-z]+\s*=\s*"[^"<&]*")*\s*(\/?)>/y;
const BAD_REFERENCE = /&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;
const BAD_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * The `<plist>` element of an XML property list, checked to be well formed and of the few elements that
 * property lists have (Apple's PropertyList-1.0.dtd). The prolog is left out, so no entity can be declared.
 * Takes time in proportion to the bytes, whatever they are.
 * @throws WireFormatError
 */
export function elementTextOf(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WireFormatError("a property list is not UTF-8");
  }
  const element = text.slice(endOfProlog(text), endWithoutPadding(text));
  const trouble = troubleIn(element);
  if (trouble !== null) throw new WireFormatError(`a property list is malformed: ${trouble}`);
  // The parser writes to the console about an attribute that comes twice, and about a replacement character, which
  // it takes for a sign of a wrong encoding.
  return withoutAttributes(element).replaceAll("\uFFFD", "&#xFFFD;");
}

/** Its version says nothing. @param element one that has been checked */
function withoutAttributes(element: string): string {
  OPENING_TAG.lastIndex = 0;
  const [tag = "", , , slash = ""] = OPENING_TAG.exec(element) ?? [];
  return `<plist${slash}>${element.slice(tag.length)}`;
}

/** Where the declaration, comments and document type end, of which each may be absent. */
function endOfProlog(text: string): number {
  let at = endOf(BLANKS, text, text.startsWith("\uFEFF") ? 1 : 0);
  at = endOf(BLANKS, text, endOf(XML_DECLARATION, text, at));
  for (let end = endOfComment(text, at); end !== null; end = endOfComment(text, at)) {
    at = endOf(BLANKS, text, end);
  }
  return endOf(BLANKS, text, endOf(DOCUMENT_TYPE, text, at));
}

/** Daemons written in C may send the NUL that ends their text, and some a newline. */
function endWithoutPadding(text: string): number {
  let end = text.length;
  while (end > 0 && " \t\r\n\0".includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** Where what matches at `at` ends; `at` itself where nothing does. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Null where no whole comment begins at `at`. Two hyphens inside of one are not allowed (XML 1.0, 2.5). */
function endOfComment(text: string, at: number): number | null {
  if (!text.startsWith("<!--", at)) return null;
  const hyphens = text.indexOf("--", at + 4);
  return hyphens >= 0 && text.charAt(hyphens + 2) === ">" ? hyphens + 3 : null;
}

function troubleIn(element: string): string | null {
  if (!element.startsWith("<plist")) return "it does not begin with its element";
  const open: string[] = [];
  let nodes = 0;
  let at = 0;
  while (at < element.length) {
    if (at > 0 && open.length === 0) return "something follows its element";
    if (!element.startsWith("<", at)) {
      const next = element.indexOf("<", at);
      const words = element.slice(at, next < 0 ? element.length : next);
      const trouble = troubleInText(words, open.at(-1));
      if (trouble !== null) return trouble;
      at += words.length;
      continue;
    }
    if (element.startsWith("</", at)) {
      CLOSING_TAG.lastIndex = at;
      const tag = CLOSING_TAG.exec(element);
      if (tag === null) return "a tag cannot be read";
      if (open.pop() !== tag[1]) return "a tag is not closed in its turn";
      at += tag[0].length;
      continue;
    }
    if (++nodes > MAX_NODES) return "it has too many elements";
    const comment = endOfComment(element, at);
    if (comment !== null) {
      at = comment;
      continue;
    }
    OPENING_TAG.lastIndex = at;
    const tag = OPENING_TAG.exec(element);
    if (tag === null) return "a tag cannot be read";
    const [whole, name = "", attribute, slash] = tag;
    const trouble = troubleInTag(name, attribute !== undefined, open.at(-1));
    if (trouble !== null) return trouble;
    if (slash === "") open.push(name);
    if (open.length > MAX_DEPTH) return "it is nested too deeply";
    at += whole.length;
  }
  return open.length === 0 ? null : "it ends too early";
}

function troubleInTag(name: string, hasAttributes: boolean, parent: string | undefined): string | null {
  if (!CONTAINERS.has(name) && !LEAVES.has(name)) return "it has an element of another kind";
  if ((name === "plist") !== (parent === undefined)) return "an element is out of place";
  if (parent !== undefined && !CONTAINERS.has(parent)) return "an element is out of place";
  return name !== "plist" && hasAttributes ? "an element has attributes" : null;
}

function troubleInText(words: string, parent: string | undefined): string | null {
  if (parent !== undefined && CONTAINERS.has(parent) && words.trim() !== "") return "text is out of place";
  return BAD_CHARACTER.test(words) || BAD_REFERENCE.test(words) ? "a character is not allowed" : null;
}
