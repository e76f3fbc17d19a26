import { tmpdir } from "node:os";
import { RollcallError } from "../errors.js";
import { makeTemporaryFolder } from "../owned-folder.js";

/** A private folder for copies that nobody needs afterwards. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes one. It is gone when it is disposed of, and also when the process is ended by a second Ctrl-C.
 * @throws RollcallError FOLDER_NOT_WRITABLE
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
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
    return makeTemporaryFolder("rollcall");
  } catch (error) {
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${tmpdir()} could not be written.`,
      remedy: "Make it writable, or name another folder with TMPDIR, then run the same command again.",
      cause: error,
    });
  }
}
