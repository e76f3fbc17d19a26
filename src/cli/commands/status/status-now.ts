import type { Finding } from "../../../doctor/finding.js";
import type { RollcallError } from "../../../errors.js";
import type { RunCutOff } from "../../../ledger/ledger-entry.js";
import type { SeenPhone } from "../../../phone/phone-watch.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import type { InShort } from "../../terminal/in-short.js";
import type { PlanTotals } from "../plan/lines.js";

/** A phone on the cable, and what is new on it. */
export interface PhoneNow {
  readonly seen: SeenPhone;
  /** Null where the phone was not read. */
  readonly totals: PlanTotals | null;
  /** Why it was not read; null where it was. */
  readonly trouble: RollcallError | null;
}

/** The newest receipt that can be read. */
export interface LastReceipt {
  readonly head: ReceiptHead;
  readonly path: string;
  readonly short: InShort;
}

/** How Rollcall stands now, as far as that can be told without changing anything. */
export interface StatusNow {
  /** Another Rollcall is running: no phone was read, and no ledger. */
  readonly atWork: RollcallError | null;
  readonly phones: readonly PhoneNow[];
  /** Why the cable could not be looked at. */
  readonly cableTrouble: RollcallError | null;
  /** Null where the ledger was not read. */
  readonly cutOff: readonly RunCutOff[] | null;
  readonly ledgerTrouble: RollcallError | null;
  readonly lastRun: LastReceipt | null;
  /** Why no receipt could be read, though there are some. */
  readonly receiptTrouble: RollcallError | null;
  readonly agent: readonly Finding[];
}
