const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Names come from a phone: a newline or an escape sequence in one must not write on the screen. */
export function escapeControls(text: string): string {
  return text.replaceAll(CONTROLS, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * The same for a sentence that goes into JSON, a notification, or a window: each control is U+FFFD there, and no
 * reader has to undo an escape within an escape.
 */
export function replaceControls(text: string): string {
  return text.replaceAll(CONTROLS, "\ufffd");
}
