import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasErrno, RollcallError } from "../../errors.js";
import { claimFolder, isMarked, makeTemporaryFolder, removeOwnTree } from "../../owned-folder.js";

/** A private folder for copies that nobody needs afterwards. */
interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** Says whose it is: a later run removes what a killed one left. */
const NAME = /^rollcall-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Makes one, and removes those of processes that were killed. It is gone when it is disposed of, and also when the
 * process is ended by a second Ctrl-C.
 * @throws RollcallError FOLDER_NOT_WRITABLE
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  removeLeftBehind(tmpdir());
  const made = makeOne();
  const removeNow = () => made.remove();
  process.once("exit", removeNow);
  return {
    path: made.path,
    [Symbol.asyncDispose]: async () => {
      made.remove();
      process.off("exit", removeNow);
    },
  };
}

function makeOne() {
  try {
    const made = makeTemporaryFolder(`rollcall-${process.pid}`);
    claimFolder(made.path, () => false);
    return made;
  } catch (error) {
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${tmpdir()} could not be written.`,
      remedy: "Make it writable, or name another folder with TMPDIR, then run the same command again.",
      cause: error,
    });
  }
}

/** What bears the mark, is this user's, and names a process that is no more. What is refused stays. */
function removeLeftBehind(parent: string): void {
  try {
    for (const name of readdirSync(parent)) {
      const pid = Number(NAME.exec(name)?.[1] ?? process.pid);
      const path = join(parent, name);
      if (hasEnded(pid) && isMarked(path)) removeOwnTree(path);
    }
  } catch {
    // it costs space, and nothing else
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasErrno(error, "ESRCH");
  }
}
