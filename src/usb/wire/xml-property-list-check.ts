import { WireFormatError } from "./wire-format-error.js";

const CONTAINERS = new Set(["plist", "dict", "array"]);
const LEAVES = new Set(["key", "string", "integer", "real", "data", "date", "true", "false"]);
const MAX_DEPTH = 64;

/** One piece at a time: comment, closing tag, opening tag (attributes, slash), or text. */
const PIECE =
  /<!--(?:(?!--)[\s\S])*-->|<\/([a-z]+)\s*>|<([a-z]+)((?:\s+[A-Za-z]+\s*=\s*"[^"<&]*")*)\s*(\/?)>|([^<]+)/y;
const PROLOG =
  /^\uFEFF?\s*(?:<\?xml[^?<>]*\?>\s*)?(?:<!--(?:(?!--)[\s\S])*-->\s*)*(?:<!DOCTYPE\s+plist[^[\]<>]*>\s*)?/;
const BAD_REFERENCE = /&(?!(?:lt|gt|amp|quot|apos);)/;
const NUMBER_REFERENCE = /&#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});/g;
const BAD_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * The `<plist>` element of an XML property list, checked to be well formed and of the few elements that
 * property lists have (Apple's PropertyList-1.0.dtd). The prolog is left out, so no entity can be declared.
 * @throws WireFormatError
 */
export function elementTextOf(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WireFormatError("a property list is not UTF-8");
  }
  const element = text.slice(PROLOG.exec(text)?.[0].length ?? 0).replace(/[\s\0]+$/, "");
  const trouble = troubleIn(element);
  if (trouble !== null) throw new WireFormatError(`a property list is malformed: ${trouble}`);
  // The parser takes a replacement character for a sign of a wrong encoding and writes that to the console.
  return element.replaceAll("\uFFFD", "&#xFFFD;");
}

function troubleIn(element: string): string | null {
  if (!/^<plist[\s>]/.test(element)) return "it does not begin with its element";
  const open: string[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < element.length) {
    if (PIECE.lastIndex > 0 && open.length === 0) return "something follows its element";
    const piece = PIECE.exec(element);
    if (piece === null) return "a tag cannot be read";
    const [, closing, opening, attributes, isEmpty, words] = piece;
    const parent = open.at(-1);
    if (closing !== undefined) {
      if (open.pop() !== closing) return "a tag is not closed in its turn";
    } else if (opening !== undefined) {
      const isContainer = CONTAINERS.has(opening);
      if (!isContainer && !LEAVES.has(opening)) return "it has an element of another kind";
      if ((opening === "plist") !== (parent === undefined)) return "an element is out of place";
      if (parent !== undefined && !CONTAINERS.has(parent)) return "an element is out of place";
      if (opening !== "plist" && attributes !== "") return "an element has attributes";
      if (isEmpty === "") open.push(opening);
      if (open.length > MAX_DEPTH) return "it is nested too deeply";
    } else if (words !== undefined) {
      if (parent !== undefined && CONTAINERS.has(parent) && words.trim() !== "")
        return "text is out of place";
      if (BAD_CHARACTER.test(words) || BAD_REFERENCE.test(words.replace(NUMBER_REFERENCE, ""))) {
        return "a character is not allowed";
      }
    }
  }
  return open.length === 0 ? null : "it ends too early";
}
