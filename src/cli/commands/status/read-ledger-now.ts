import { join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { LedgerDatabase } from "../../../ledger/ledger-database.js";
import { explainLedgerTrouble } from "../../../ledger/ledger-trouble.js";
import { isRollcallsLedger, lookAtLedger } from "../../../ledger/look-at-ledger.js";
import { lockDataFolder, processAtWork } from "../../process/data-folder-lock.js";
import { lookAtDataFolder } from "../../process/folders.js";

/** The ledger in memory, with no other Rollcall at work while it is open; or why there is none. */
export interface LedgerNow extends Disposable {
  /** An empty one where none was begun. Null where it could not be read, or another Rollcall is running. */
  readonly ledgerDatabase: LedgerDatabase | null;
  readonly atWork: RollcallError | null;
  readonly trouble: RollcallError | null;
}

/** Reads the ledger and changes nothing: where there is no data folder, none is made. */
export async function readLedgerNow(dataFolder: string): Promise<LedgerNow> {
  const path = join(dataFolder, "ledger.sqlite");
  let lock: Disposable | null = null;
  try {
    const { is } = await lookAtDataFolder(dataFolder);
    if (is === "absent" || !isRollcallsLedger(path)) {
      const pid = await processAtWork(dataFolder);
      if (pid !== null) throw justBegun(pid);
      await lookAtLedger(path); // a file that is no ledger is trouble, none is not
      return opened(await LedgerDatabase.open(":memory:"), null);
    }
    lock = await lockDataFolder(dataFolder);
    return opened(await LedgerDatabase.openInMemory(path), lock);
  } catch (error) {
    lock?.[Symbol.dispose]();
    const explained = error instanceof RollcallError ? error : explainLedgerTrouble(path, error);
    const isAtWork = explained.code === "ANOTHER_ROLLCALL";
    return {
      ledgerDatabase: null,
      atWork: isAtWork ? explained : null,
      trouble: isAtWork ? null : explained,
      [Symbol.dispose]: () => {},
    };
  }
}

function opened(ledgerDatabase: LedgerDatabase, lock: Disposable | null): LedgerNow {
  const dispose = () => {
    ledgerDatabase[Symbol.dispose]();
    lock?.[Symbol.dispose]();
  };
  return { ledgerDatabase, atWork: null, trouble: null, [Symbol.dispose]: dispose };
}

/** Its ledger is not there yet. */
function justBegun(pid: number): RollcallError {
  return new RollcallError("ANOTHER_ROLLCALL", {
    message: `Another Rollcall is running here (process ${pid}).`,
    remedy: "Wait until it has ended, then run this again.",
  });
}
