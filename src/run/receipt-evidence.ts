import type { Destination } from "../ledger/ledger-entry.js";
import type { Answer } from "../receipt/answer.js";
import type { ReceiptHead } from "../receipt/receipt.js";
import { advise, type Remedy, VERIFY } from "../remedy.js";

/** How far a whole receipt's evidence reaches: as far as that of its weakest good answer. */
export class EvidenceCounter {
  #proved = 0;
  #inDatabase = 0;
  #listed = 0;

  add({ answer, evidence }: Pick<Answer, "answer" | "evidence">): void {
    if (answer === "proved") this.#proved += 1;
    else if (answer === "present" && evidence.includes("database")) this.#inDatabase += 1;
    else if (answer === "present") this.#listed += 1;
  }

  /** @param liftedBy what would take it further, as far as the run knows; undefined: it read no library */
  evidence(kind: Destination["kind"], liftedBy: Remedy | null | undefined): ReceiptHead["evidence"] {
    const isListed = this.#listed > 0;
    if (!isListed && this.#inDatabase === 0) return { rung: this.#proved > 0 ? 4 : 0, liftedBy: null };
    const verify = advise`${VERIFY} reads the bytes${kind === "photos" ? " inside the library" : ""}`;
    return { rung: isListed ? 2 : 3, liftedBy: liftedBy === undefined ? verify : liftedBy };
  }
}
