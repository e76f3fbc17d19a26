import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { hasErrno } from "../errors.js";
import { approvedNames } from "./approved-phones.js";
import { type EditedBatchProof, proofOf } from "./ledger-edited-batches.js";
import { type ICloudChoice, icloudChoiceOf } from "./ledger-entry.js";
import { explainLedgerTrouble, ledgerDamaged } from "./ledger-trouble.js";
import { requireKnownVersion } from "./open-ledger-database.js";

/**
 * Looks whether the ledger could be opened, without writing anything: neither a lock nor a side file. Only while no
 * other Rollcall is at work, since nothing keeps one from changing the file meanwhile.
 *
 * Where a run that was cut off left its log (`-wal`), only the head of the file is looked at: the rest would have to
 * be written to be read.
 * @returns false where there is no ledger yet
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function lookAtLedger(path: string): Promise<boolean> {
  try {
    const sizeBytes = await sizeOf(path);
    if (sizeBytes === null) return false;
    if (sizeBytes === 0) return true; // made, and never written to
    requireKnownVersion(path, await versionInHead(path));
    if (((await sizeOf(`${path}-wal`)) ?? 0) === 0) await checkWhole(path);
    return true;
  } catch (error) {
    throw explainLedgerTrouble(path, error);
  }
}

/** The statements that make the tables are kept as text, at the beginning of the file; of a new one, of its log. */
const OWN_TABLES = ["CREATE TABLE item_file (", "CREATE TABLE sighting ("];
const BEGINNING_BYTES = 1 << 20;

/** Whether it is a ledger that Rollcall wrote, and not another program's file of that name. Never throws. */
export function isRollcallsLedger(path: string): boolean {
  return [path, `${path}-wal`].some((file) => {
    const text = beginningOf(file);
    return OWN_TABLES.every((table) => text.includes(table));
  });
}

function beginningOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(BEGINNING_BYTES);
      return buffer.toString("latin1", 0, readSync(file, buffer, 0, BEGINNING_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

/** Null where there is nothing. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const file = await open(path, "r");
    try {
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
}

/** Format: sqlite.org/fileformat2.html, "user version" at byte 60 of the header. */
async function versionInHead(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0);
    const isDatabase = bytesRead === 100 && buffer.toString("latin1", 0, 16) === "SQLite format 3\0";
    if (!isDatabase) throw ledgerDamaged(path, "it is not a database");
    return buffer.readUInt32BE(60);
  } finally {
    await file.close();
  }
}

async function checkWhole(path: string): Promise<void> {
  const database = await openUnchanging(path);
  try {
    const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw ledgerDamaged(path, String(check));
  } finally {
    database.close();
  }
}

/**
 * What the phones are called that a person approved, sorted. As {@link lookAtLedger}, it writes nothing, and is only for
 * while no other Rollcall is at work.
 * @returns null where that cannot be told without writing: a run that was cut off left its log
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function lookAtApproved(path: string): Promise<readonly string[] | null> {
  return await lookInto(path, 1, approvedNames);
}

/** What a person answered, when asked about photos that a phone keeps in iCloud Photos. */
export interface ICloudAnswer {
  /** Name of the phone when it was last seen. */
  readonly phone: string;
  /** Path of the package; "" where Photos would not name it. */
  readonly library: string;
  readonly choice: ICloudChoice;
}

/**
 * These answers, by phone and library. As {@link lookAtLedger}, it writes nothing, and is only for while no other
 * Rollcall is at work.
 * @returns null where that cannot be told without writing: a run that was cut off left its log
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function lookAtICloudAnswers(path: string): Promise<readonly ICloudAnswer[] | null> {
  return await lookInto(path, 1, (database) =>
    database
      .prepare(
        `SELECT phone.name AS phone, destination.key AS library, choice.value AS choice
         FROM choice JOIN destination ON destination.id = choice.destination JOIN phone ON phone.udid = choice.phone
         WHERE choice.name = 'icloud' ORDER BY 1, 2`,
      )
      .all()
      .map(({ phone, library, choice }) => ({
        phone: String(phone),
        library: String(library),
        choice: icloudChoiceOf(String(choice)) ?? "skip",
      })),
  );
}

/** What one library, under one version of Photos, has shown of batches of edited photos. */
export interface EditedBatchesSeen extends EditedBatchProof {
  /** Path of the package; "" where Photos would not name it. */
  readonly library: string;
  readonly photosVersion: string;
}

/**
 * How many edited photos go into one import event, for each library and version of Photos, the newest last. As
 * {@link lookAtLedger}, it writes nothing, and is only for while no other Rollcall is at work.
 * @returns null where that cannot be told without writing: a run that was cut off left its log
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function lookAtEditedBatches(path: string): Promise<readonly EditedBatchesSeen[] | null> {
  return await lookInto(path, 4, (database) =>
    database
      .prepare(
        `SELECT edited_batches.*, key FROM edited_batches JOIN destination ON destination.id = destination
         ORDER BY max(coalesce(proved_ms, 0), coalesce(ended_ms, 0))`,
      )
      .all()
      .map((row) => ({
        ...proofOf(row),
        library: String(row.key),
        photosVersion: String(row.photos_version),
      })),
  );
}

/**
 * What the albums of every phone are called that its library was read of, sorted. As {@link lookAtLedger}, it writes
 * nothing, and is only for while no other Rollcall is at work.
 * @returns null where that cannot be told without writing: a run that was cut off left its log
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
 */
export async function lookAtPhoneAlbums(path: string): Promise<readonly string[] | null> {
  return await lookInto(path, 7, (database) =>
    database
      .prepare("SELECT DISTINCT title FROM phone_album ORDER BY title")
      .all()
      .map(({ title }) => String(title)),
  );
}

/** @param from the first format that has it; before that there is nothing */
async function lookInto<Row>(
  path: string,
  from: number,
  look: (database: DatabaseSyncInstance) => readonly Row[],
): Promise<readonly Row[] | null> {
  try {
    if (((await sizeOf(path)) ?? 0) === 0) return [];
    const version = await versionInHead(path);
    requireKnownVersion(path, version);
    if (((await sizeOf(`${path}-wal`)) ?? 0) > 0) return null;
    if (version < from) return [];
    const database = await openUnchanging(path);
    try {
      return look(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw explainLedgerTrouble(path, error);
  }
}

async function openUnchanging(path: string): Promise<DatabaseSyncInstance> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  // Immutable: SQLite then makes no -shm beside a file that is only read (sqlite.org/uri.html).
  const url = pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true });
}
