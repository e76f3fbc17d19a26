import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { stopped } from "../errors.js";

/** A smaller one is checked at once: that takes no time that a person would notice. */
const SMALL_BYTES = 64 * 1024 ** 2;
/** A slow disk reads more than this in a millisecond. */
const LEAST_BYTES_PER_MS = 2_000;
const LEAST_MS = 120_000;

export interface JudgeOptions {
  /** The file that `database` was opened from. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** False where the pages were checked already; true unless given. */
  readonly isToCheck?: boolean | undefined;
  /** Another largest size for a check in this process. */
  readonly smallBytes?: number | undefined;
}

/**
 * Whether a stranger's database, just opened, can be asked at all, in a time that its length bounds. Nothing that its
 * maker wrote is computed: nobody can stop SQLite in the middle of an expression. The check of a large one runs in a
 * child process that can be ended.
 * @returns what is wrong with it, for a person; null where nothing is
 * @throws RollcallError STOPPED; the errors of SQLite
 */
export async function judgeDatabase(
  database: DatabaseSyncInstance,
  { path, signal, isToCheck = true, smallBytes = SMALL_BYTES }: JudgeOptions,
): Promise<string | null> {
  if (signal?.aborted) throw stopped(signal);
  const computing = tableThatComputes(database);
  if (computing !== null)
    return `Its table ${computing} computes columns, which no database of Photos does: that could take any time.`;
  if (!isToCheck) return null;
  const { size } = statSync(path);
  const found =
    size <= smallBytes
      ? String(database.prepare(CHECK).get()?.quick_check)
      : await checkInChild(path, Math.max(LEAST_MS, size / LEAST_BYTES_PER_MS), signal);
  return found === "ok" ? null : `Its database is damaged: ${found.slice(0, 200)}`;
}

const CHECK = "PRAGMA quick_check(1)";

/** Virtual tables have no page of their own, and are not asked for anything. */
function tableThatComputes(database: DatabaseSyncInstance): string | null {
  // Conditions of the maker's own are no damage, and would be computed by the check.
  database.exec("PRAGMA ignore_check_constraints = ON");
  const row = database
    .prepare(
      `SELECT substr(tables.name, 1, 100) AS name FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns
       WHERE tables.type = 'table' AND tables.rootpage > 0 AND columns.hidden IN (2, 3) LIMIT 1`,
    )
    .get() as { name: string } | undefined;
  return row?.name ?? null;
}

async function checkInChild(
  path: string,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const sqlite = createRequire(import.meta.url).resolve("@photostructure/sqlite");
  const text =
    "const [sqlite, path] = process.argv.slice(1); const load = require; const { DatabaseSync } = load(sqlite);" +
    'process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));' +
    "const database = new DatabaseSync(path, { readOnly: true, defensive: true });" +
    'database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA ignore_check_constraints = ON");' +
    `process.send(String(database.prepare(${JSON.stringify(CHECK)}).get()?.quick_check), () => process.exit(0));`;
  const child = spawn(process.execPath, ["--input-type=commonjs", "-e", text, sqlite, path], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const onAbort = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await answerOf(child, () => (signal?.aborted ? stopped(signal) : null));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    child.kill("SIGKILL");
  }
}

async function answerOf(child: ChildProcess, whyEnded: () => Error | null): Promise<string> {
  let answer: string | null = null;
  child.on("message", (message) => {
    answer = String(message);
  });
  await once(child, "close");
  const why = whyEnded();
  if (why !== null) throw why;
  return answer ?? "its check did not finish";
}
