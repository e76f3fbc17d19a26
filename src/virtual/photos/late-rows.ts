import type { VirtualLibrary } from "./virtual-library.js";

/** Rows of items that scripts see already, and whoever reads the package does not. In no real library. */
const WAITING = "ROLLCALL_LATE_ASSET";

interface LateRow {
  readonly pk: number;
  /** Milliseconds since 1970. */
  readonly dueAtMs: number;
}

const stateName = "lateRows";

/** What scripts see of `ZASSET`: SQL for a FROM clause. */
export function seenByScripts(library: VirtualLibrary): string {
  return isWaiting(library) ? `(SELECT * FROM ZASSET UNION ALL SELECT * FROM ${WAITING})` : "ZASSET";
}

/** Takes the row of an item out of the package's table until it is due; what belongs to it stays. */
export function rowComesLater(library: VirtualLibrary, pk: number, dueAtMs: number): void {
  const { database, application } = library;
  library.inTransaction(() => {
    if (!isWaiting(library)) database.exec(`CREATE TABLE ${WAITING} AS SELECT * FROM ZASSET WHERE 0`);
    move(library, pk, "ZASSET", WAITING);
  });
  const waiting = application.recall<LateRow[]>(stateName) ?? [];
  application.remember(stateName, [...waiting, { pk, dueAtMs }]);
}

/** Puts into the package what is due; all that waits where `now` is null. */
export function letLateRowsCome(library: VirtualLibrary, now: Date | null): void {
  if (!isWaiting(library)) return;
  const { database, application } = library;
  const waiting = application.recall<LateRow[]>(stateName) ?? [];
  const due = waiting.filter(({ dueAtMs }) => now === null || dueAtMs <= now.getTime());
  if (due.length === 0) return;
  const left = waiting.filter((one) => !due.includes(one));
  library.inTransaction(() => {
    for (const { pk } of due) move(library, pk, WAITING, "ZASSET");
    if (left.length === 0) database.exec(`DROP TABLE ${WAITING}`);
  });
  application.remember(stateName, left);
}

function move({ database }: VirtualLibrary, pk: number, from: string, to: string): void {
  database.prepare(`INSERT INTO ${to} SELECT * FROM ${from} WHERE Z_PK = ?`).run(pk);
  database.prepare(`DELETE FROM ${from} WHERE Z_PK = ?`).run(pk);
}

function isWaiting({ database }: VirtualLibrary): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(WAITING) !== undefined;
}
