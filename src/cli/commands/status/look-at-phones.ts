import { join } from "node:path";
import { systemClock } from "../../../clock.js";
import { RollcallError, stopped } from "../../../errors.js";
import type { LedgerDatabase } from "../../../ledger/ledger-database.js";
import { nameOf } from "../../../phone/choose-phone.js";
import type { PhoneFinder, SeenPhone } from "../../../phone/phone-watch.js";
import { ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { planForPhone } from "../../../run/plan-for-phone.js";
import type { PhotosParts, PlanRequest } from "../../../run/run-parts.js";
import { toolVersion } from "../../process/tool-version.js";
import { commandWords } from "../../terminal/command-words.js";
import { explainAnything } from "../../terminal/report-trouble.js";
import { type PlanTotals, planTotals } from "../plan/lines.js";
import type { PhoneNow } from "./status-now.js";

export interface PhoneLookDeps extends PhotosParts {
  readonly finder: PhoneFinder;
  /** In memory: a plan writes down which phone it is about. */
  readonly ledgerDatabase: LedgerDatabase;
  readonly request: PlanRequest;
  /** For copies of the phone's database. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
  /** Aborts when one phone was looked at for long enough; made anew for each. */
  readonly limit: () => AbortSignal;
}

/** What is new on each phone that is ready; the others say why they are not. A phone that cannot be read spares the others. */
export async function lookAtPhones(seen: readonly SeenPhone[], parts: PhoneLookDeps): Promise<PhoneNow[]> {
  const phones: PhoneNow[] = [];
  for (const phone of seen) {
    if (phone.state !== "ready" || phone.udid === null) {
      phones.push({ seen: phone, totals: null, trouble: null });
      continue;
    }
    const limit = parts.limit();
    try {
      const totals = await totalsOf(phone.udid, parts, AbortSignal.any([parts.signal, limit]));
      phones.push({ seen: phone, totals, trouble: null });
    } catch (error) {
      if (parts.signal.aborted) throw stopped(parts.signal);
      const trouble = limit.aborted ? tookTooLong(phone) : explainAnything(error, null);
      phones.push({ seen: phone, totals: null, trouble });
    }
  }
  return phones;
}

async function totalsOf(
  udid: string,
  { finder, ledgerDatabase, request, workFolder, ...photosParts }: PhoneLookDeps,
  signal: AbortSignal,
): Promise<PlanTotals> {
  await using phone = await finder.open(udid, signal);
  const parts = {
    ...photosParts,
    phone,
    ledgerDatabase,
    workFolder,
    signal,
    stagingFolder: workFolder,
    receipts: new ReceiptFolder(join(workFolder, "receipts"), commandWords),
    clock: systemClock,
    toolVersion: toolVersion(),
    report: () => {},
    questions: null,
  };
  return planTotals(await planForPhone(parts, request));
}

function tookTooLong(phone: SeenPhone): RollcallError {
  return new RollcallError("PHONE_SILENT", {
    message: `After 30 seconds it was not known what is new on ${nameOf(phone)}.`,
    remedy: "rollcall plan takes the time that it needs.",
  });
}
