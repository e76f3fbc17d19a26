import { escapeControls } from "../../text/escape-controls.js";

/** Line ends and tabs of ours, and colours. */
const OURS = /(\n|\t|\u001b\[[0-9;]*m)/;
/** What moves about on the screen while progress is drawn. */
const DRAWN = /(\n|\t|\u001b\[[0-9;]*[mAJ])/;

/**
 * Text that may be seen on a terminal, or be read line by line: every control character and every mark that turns the
 * direction of text or ends a line for somebody is an escape, whatever name it came in. In JSON that is the same text,
 * since such characters stand within strings only.
 */
export function harmless(text: string, what: "text" | "drawing" = "text"): string {
  const parts = text.split(what === "text" ? OURS : DRAWN);
  return parts.map((part, at) => (at % 2 === 0 ? escapeControls(part) : part)).join("");
}
