import { shown } from "../../receipt/shown.js";
import { lastName } from "../../text/last-name.js";
import type { PlannedItem } from "./planned-items.js";
import { bytes, counted } from "./wording.js";

/** Why something that was brought before, or tried, is brought: of the rest nothing has to be said. */
const BECAUSE: Readonly<Record<string, string>> = {
  changed: "changed on the phone since it was brought",
  "edited-since": "edited since it was brought",
  again: "again, as you asked",
  begun: "begun by an earlier run",
  failed: "Photos refused it before",
};

/** What `plan --list` says: what would come, by name, and then what would not, by reason. Ends with an empty line. */
export function* planList(items: Iterable<PlannedItem>): Generator<string> {
  const staying = new Map<string, { readonly remedy: string; readonly files: string[]; isPhotos: boolean }>();
  let coming = 0;
  for (const { item, action, files, bytes: size, because, answer, reason } of items) {
    if (action === "bring") {
      if (coming === 0) yield "To be brought:";
      coming += 1;
      const why = BECAUSE[because ?? ""];
      yield `  ${bytes(size ?? 0).padStart(8)}   ${named(files)}${why === undefined ? "" : `   (${why})`}`;
      continue;
    }
    const why = reason?.message ?? (action === "already" ? "brought before" : answer) ?? "";
    const group = staying.get(why) ?? { remedy: reason?.remedy ?? "", files: [], isPhotos: true };
    staying.set(why, group);
    group.files.push(named(files));
    // A part that stays, and what is not a photo, are told by their files.
    if (answer === "set-aside" || !files.includes(item)) group.isPhotos = false;
  }
  if (coming > 0) yield "";
  if (staying.size > 0) yield "Not to be brought:";
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

/** "/DCIM/100APPLE/IMG_0001.HEIC + IMG_0001.MOV" */
function named([first = "", ...others]: readonly string[]): string {
  return [first, ...others.map((path) => lastName(path))].map(shown).join(" + ");
}

function sentence(text: string): string {
  return shown(/[.!?]$/.test(text) ? text : `${text}.`);
}
