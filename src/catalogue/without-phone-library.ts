import type { Reason } from "../errors.js";
import type { Phone, PhoneEntry } from "../phone/phone.js";
import { advise, COPY, choose } from "../remedy.js";
import { MUTATIONS } from "./phone-edits.js";

/**
 * Where photos lie outside DCIM: originals that came down from iCloud Photos, photos synced from a computer. Nobody but
 * the phone's library tells which of them are in it, in Recently Deleted, hidden, or left behind.
 */
const ORIGINALS = ["/PhotoData/CPLAssets", "/PhotoData/Sync"];

/**
 * What becomes of them where the library could not be read. `take`: a copy of files takes them all, edits too. `import`:
 * originals come, for a person who said that photos from iCloud are to come. `name`: each stays, and answers so.
 */
export type OutsideDcim = "take" | "import" | "name";

/** Lists these files by their folders alone; what stays behind is `unreadable`, with the reason. */
export async function* filesOutsideDcim(
  phone: Phone,
  what: OutsideDcim,
  signal?: AbortSignal,
): AsyncGenerator<PhoneEntry> {
  for (const folder of [...ORIGINALS, MUTATIONS]) {
    const isEdit = folder === MUTATIONS;
    const comes = what === "take" || (what === "import" && !isEdit);
    for await (const entry of phone.list(folder, signal)) {
      if (entry.type !== "file" || comes) yield entry;
      else yield { type: "unreadable", path: entry.file.path, reason: isEdit ? EDIT_STAYS : ORIGINAL_STAYS };
    }
  }
}

const ORIGINAL_STAYS: Reason = {
  code: "LIBRARY_NOT_READ",
  message:
    "It stays on the phone: it lies outside DCIM, and without the phone's library nobody can tell whether it is deleted, hidden, or in iCloud Photos.",
  remedy: advise`${COPY} copies it as a file; ${choose("icloud-import")} imports it as it is.`,
};

const EDIT_STAYS: Reason = {
  code: "LIBRARY_NOT_READ",
  message:
    "It stays on the phone: it belongs to an edit, and without the phone's library nobody can tell whether the edit was undone.",
  remedy: advise`${COPY} copies it as a file.`,
};
