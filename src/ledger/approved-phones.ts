import { statSync } from "node:fs";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { sameUdid } from "../phone/phone.js";
import { explainLedgerTrouble } from "./ledger-trouble.js";
import { requireKnownVersion } from "./open-ledger-database.js";

/** The phones of which a person has said, for any Photos library, that their photos belong there. */
const APPROVED = `SELECT DISTINCT choice.phone FROM choice JOIN destination ON destination.id = choice.destination
  WHERE destination.kind = 'photos' AND choice.name = 'confirmed' AND choice.value = 'yes'`;

/** Whether this phone is one of them. */
export function isApproved(database: DatabaseSyncInstance, udid: string): boolean {
  return database
    .prepare(APPROVED)
    .all()
    .some((row) => sameUdid(String(row.phone), udid));
}

/** Whether the phone had this key in a run at which a person was there. */
export function hasKey(database: DatabaseSyncInstance, udid: string, sha256: string): boolean {
  return database
    .prepare("SELECT phone FROM choice WHERE name = 'key' AND value = ?")
    .all(sha256)
    .some((row) => sameUdid(String(row.phone), udid));
}

/** What they are called, sorted. */
export function approvedNames(database: DatabaseSyncInstance): string[] {
  return database
    .prepare(`SELECT name FROM phone WHERE udid IN (${APPROVED}) ORDER BY name`)
    .all()
    .map(({ name }) => String(name));
}

/**
 * The same of a ledger's file, only reading it, also while another Rollcall writes; holds nothing open afterwards.
 * @returns false where there is no ledger yet
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function isApprovedIn(ledgerPath: string, udid: string): Promise<boolean> {
  const stats = statSync(ledgerPath, { throwIfNoEntry: false });
  if (stats === undefined || stats.size === 0) return false;
  try {
    const { DatabaseSync } = await import("@photostructure/sqlite");
    const database = new DatabaseSync(ledgerPath, { readOnly: true, timeout: 2000 });
    try {
      const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
      requireKnownVersion(ledgerPath, version);
      return version > 0 && isApproved(database, udid);
    } finally {
      database.close();
    }
  } catch (error) {
    throw explainLedgerTrouble(ledgerPath, error);
  }
}
