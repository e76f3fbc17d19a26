import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import { notSeenByItself } from "../import/not-seen-by-itself.js";
import type { FileFinding, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { advise, IMPORT_RETRY } from "../remedy.js";
import { compareItem } from "./compare-item.js";
import { type Evidence, together } from "./verdict.js";

/**
 * Trusts nothing that was not read back: compares items with what Photos lists and writes the verdicts
 * into the ledger.
 * @param items imported; those without a Photos id keep the answer they have
 * @param listed read from Photos after the import
 * @param albumEvidence true when "Last Import" has the length it should have
 */
export function verifyItems(
  items: readonly LedgerItem[],
  listed: readonly PhotosItem[],
  options: { readonly ledger: PhoneLedger; readonly clock: Clock; readonly albumEvidence: boolean },
): void {
  const observed = new Map(listed.map((photo) => [photo.id, photo]));
  const checkedAt = options.clock.now();
  for (const item of items) {
    const verdicts = compareItem(item, observed);
    const findings = item.files.flatMap((file): FileFinding[] => {
      const verdict = verdicts.get(file.path);
      if (verdict === undefined) return [];
      const { path, photosId } = file;
      // Its bytes were read meanwhile: that outweighs whatever a script says.
      if (file.answer === "proved") {
        const heard = verdict.kind === "present" ? verdict.evidence : [];
        const album = options.albumEvidence && verdict.kind === "present" ? ["album"] : [];
        const evidence = together(heard, album, file.evidence);
        return [{ path, photosId, answer: "proved", evidence, reason: file.reason, checkedAt }];
      }
      if (verdict.kind === "unknown") {
        const reason: Reason = {
          code: "NOT_LISTED",
          message: verdict.message,
          remedy: advise`Look for it in Photos by its name; if it is gone, ${IMPORT_RETRY} imports it again.`,
        };
        return [{ path, photosId, answer: "unknown", evidence: [], reason, checkedAt }];
      }
      const evidence: Evidence[] = [...verdict.evidence];
      if (options.albumEvidence) evidence.push("album");
      const reason = verdict.beside === null ? null : notSeenByItself(verdict.beside);
      return [{ path, photosId, answer: "present", evidence, reason, checkedAt }];
    });
    options.ledger.findings.recordOutcome(item.id, "imported", findings);
  }
}
