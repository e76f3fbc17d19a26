import { escapeControls } from "../../../text/escape-controls.js";
import { lastName } from "../../../text/last-name.js";
import { bytes, counted } from "../../../words/wording.js";
import { inCommandWords } from "../../terminal/command-words.js";
import type { PlannedItem } from "./planned-items.js";

/** Why something that was imported before, or tried, is imported: of the rest nothing has to be said. */
const BECAUSE: Readonly<Record<string, string>> = {
  changed: "changed on the phone since it was imported",
  "edited-since": "edited since it was imported",
  again: "again, as you asked",
  begun: "begun by an earlier run",
  failed: "Photos refused it before",
};

/**
 * What `plan --list` says: what would come, by name, and then what would not, by reason. Ends with an empty line.
 * @param isForScreen a path that would fill a screen is shortened there; elsewhere it is whole
 */
export function* planList(items: Iterable<PlannedItem>, isForScreen = false): Generator<string> {
  const named = (files: readonly string[]) => namesOf(files, isForScreen ? MOST_ON_SCREEN : null);
  const staying = new Map<string, { readonly remedy: string; readonly files: string[]; isPhotos: boolean }>();
  let coming = 0;
  for (const { item, action, files, bytes: size, because, answer, reason } of items) {
    if (action === "import") {
      if (coming === 0) yield "To be imported:";
      coming += 1;
      const why = BECAUSE[because ?? ""];
      yield `  ${bytes(size ?? 0).padStart(8)}   ${named(files)}${why === undefined ? "" : `   (${why})`}`;
      continue;
    }
    const why = reason?.message ?? (action === "already" ? "imported before" : answer) ?? "";
    const group = staying.get(why) ?? {
      remedy: inCommandWords(reason?.remedy ?? ""),
      files: [],
      isPhotos: true,
    };
    staying.set(why, group);
    group.files.push(named(files));
    // A part that stays, and what is not a photo, are told by their files.
    if (answer === "set-aside" || !files.includes(item)) group.isPhotos = false;
  }
  if (coming > 0) yield "";
  if (staying.size > 0) yield "Not to be imported:";
  for (const [why, { remedy, files, isPhotos }] of staying) {
    // The reasons are said of one.
    const each = files.length === 1 ? "" : ", each";
    yield `  ${counted(files.length, isPhotos ? "photo" : "file")}${each}: ${[why, remedy]
      .filter((part) => part !== "")
      .map(sentence)
      .join(" ")}`;
    for (const file of files) yield `    ${file}`;
  }
  if (staying.size > 0) yield "";
}

/** Twice as long as any path of a camera. */
const MOST_ON_SCREEN = 100;

/** "/DCIM/100APPLE/IMG_0001.HEIC + IMG_0001.MOV" */
function namesOf([first = "", ...others]: readonly string[], most: number | null): string {
  return [first, ...others.map((path) => lastName(path))]
    .map((name) => shortened(escapeControls(name), most))
    .join(" + ");
}

/** Its beginning and its end: the folder, and the name's ending. */
function shortened(text: string, most: number | null): string {
  const letters = most === null || text.length <= most ? [] : [...text];
  if (most === null || letters.length <= most) return text;
  return `${letters.slice(0, most / 2).join("")}\u2026${letters.slice(-most / 2).join("")}`;
}

function sentence(text: string): string {
  return escapeControls(/[.!?]$/.test(text) ? text : `${text}.`);
}
