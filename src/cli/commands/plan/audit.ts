import { RollcallError } from "../../../errors.js";
import type { Phone } from "../../../phone/phone.js";
import type { LibraryPackages, LibraryTrouble } from "../../../photos/library-package.js";
import type { Plan } from "../../../plan/decision.js";
import { sentences } from "../../../remedy.js";
import { type AuditedItem, auditLibrary } from "../../../run/audit-library.js";
import type { CommandContext } from "../../command-context.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { auditLines } from "./audit-lines.js";

/**
 * `plan --audit`: what on this phone is not in this library? Imports nothing and changes nothing.
 * @param library the package; null where nobody knows which one is open
 * @returns how it is told, once the phone is closed
 * @throws RollcallError LIBRARY_UNREADABLE, LIBRARY_NOT_PERMITTED
 */
export async function auditPlan(
  { output, signal }: CommandContext,
  plan: Plan,
  phone: Phone,
  originals: LibraryPackages,
  libraryPath: string | null,
): Promise<() => Promise<ExitStatus>> {
  const library = await originals.open(libraryPath, signal);
  if ("code" in library) throw cannotAudit(library);
  const opened = await library.openRecords(signal);
  if ("code" in opened) throw cannotAudit(opened);
  await using records = opened;
  const audited: AuditedItem[] = [];
  for await (const one of auditLibrary(plan, { phone, library, records, signal })) audited.push(one);
  const { unsizedItems } = records;
  const identity = phone.identity;

  return async () => {
    if (output.isJson) {
      const items = audited.map(({ item, word, photosId }) => ({
        item: item.key,
        audit: word,
        photosId,
        files: item.files.map(({ file }) => file.path),
      }));
      await output.document({ phone: identity, library: library.path, unsizedItems, items }, EXIT.ok);
    } else {
      const { path } = library;
      const lines = auditLines(audited, { libraryPath: path, phoneName: identity.name, unsizedItems });
      await output.result(...lines, "", "Nothing was changed.");
    }
    return EXIT.ok;
  };
}

function cannotAudit({ code, message, remedy }: LibraryTrouble): RollcallError {
  const isUnanswered = code === "LIBRARY_NOT_ANSWERED";
  const isRefused = isUnanswered || code === "LIBRARY_NOT_PERMITTED";
  return new RollcallError(isRefused ? "LIBRARY_NOT_PERMITTED" : "LIBRARY_UNREADABLE", {
    message,
    remedy: isUnanswered ? sentences("Then run the same command again.", remedy) : remedy,
  });
}
