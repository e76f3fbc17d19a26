import { RollcallError } from "../errors.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { Plan } from "../plan/decision.js";
import { advise, choose, IMPORT } from "../remedy.js";
import { notApproved } from "./not-approved.js";
import type { ImportParts } from "./run-parts.js";

/**
 * Where nobody is there to ask, a person has agreed to this phone and this library before.
 * @throws RollcallError PHONE_NOT_APPROVED, PHOTOS_LIBRARY_SWITCHED
 */
export function requireApproval(
  ledger: PhoneLedger,
  { ledgerDatabase, phone }: Pick<ImportParts, "ledgerDatabase" | "phone">,
): void {
  if (ledger.choices.get("confirmed") === "yes") return;
  const { udid, name } = phone.identity;
  if (ledgerDatabase.isApproved(udid)) {
    throw new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
      message: `Photos has another library open than the one that ${name || "this iPhone"} was approved for.`,
      remedy: advise`Nothing was imported. Open the usual library, or run ${IMPORT} in a terminal for this one: it asks.`,
    });
  }
  throw notApproved(phone.identity);
}

/**
 * Asks a person once for a phone and a library, before anything is imported.
 * @returns whether the person was asked now
 * @throws RollcallError DECLINED
 */
export async function confirmOnce(
  plan: Plan,
  ledger: PhoneLedger,
  questions: ImportParts["questions"],
): Promise<boolean> {
  if (questions === null || ledger.choices.get("confirmed") !== null || plan.toImport.items === 0)
    return false;
  const library = ledger.destinationKey === "" ? null : ledger.destinationKey;
  if (!(await questions.confirmFirstRun(plan, library))) {
    throw new RollcallError("DECLINED", {
      message: "Nothing was imported, as you chose.",
      remedy: advise`${{ action: "plan" }} shows what would come; ${choose("since")}, ${choose("kind")} and ${choose("limit")} import less.`,
    });
  }
  ledger.choices.record("confirmed", "yes");
  return true;
}
