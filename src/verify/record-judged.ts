import type { Clock } from "../clock.js";
import { type FileFinding, NOT_IN_ALBUM } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { deleteProvedCopies } from "./delete-proved-copies.js";
import type { Judged } from "./judge-imported.js";
import type { Proofs } from "./proofs.js";
import { together } from "./verdict.js";

/**
 * The ledger first; then copies whose content was read inside the library go.
 * @returns the items that are proved by now and were not before, by their ids in the ledger
 */
export async function recordJudged(
  judged: readonly Judged[],
  proofs: Proofs,
  { ledger, clock }: { readonly ledger: PhoneLedger; readonly clock: Clock },
): Promise<number[]> {
  const checkedAt = clock.now();
  const findings: { itemId: number; finding: FileFinding }[] = [];
  for (const { item, verdicts, movedTo } of judged) {
    const now = ledger.items.get(item.id); // the script's word may have come in between
    for (const [path, { answer, evidence, reason }] of verdicts) {
      const file = now.files.find((one) => one.path === path);
      if (file === undefined) continue;
      const isGood = answer === "proved" || answer === "present";
      const all = isGood ? together(file.evidence, evidence) : [];
      const photosId = movedTo?.get(path) ?? file.photosId;
      // That no script sees it stays true when its bytes are read.
      const isInNoAlbum = isGood && file.reason?.code === NOT_IN_ALBUM;
      findings.push({
        itemId: item.id,
        finding: {
          path,
          photosId,
          answer,
          evidence: all,
          reason: reason ?? (isInNoAlbum ? file.reason : null),
          checkedAt,
        },
      });
    }
  }
  ledger.findings.recordFindings(findings);
  for (const { item } of judged) await deleteProvedCopies(ledger.items.get(item.id), proofs.readOf(item.id));
  const fresh = judged.filter(({ item }) => item.files.some(({ answer }) => answer !== "proved"));
  const isProved = (id: number) => ledger.items.get(id).files.every(({ answer }) => answer === "proved");
  return fresh.map(({ item }) => item.id).filter(isProved);
}
