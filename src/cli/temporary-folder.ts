import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RollcallError } from "../errors.js";

/** A private folder for copies that nobody needs afterwards. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes one. It is gone when it is disposed of, and also when the process is ended by a second Ctrl-C.
 * @throws RollcallError FOLDER_NOT_WRITABLE
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "rollcall-")).catch((error: unknown) => {
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${tmpdir()} could not be written.`,
      remedy: "Make it writable, or name another folder with TMPDIR, then run the same command again.",
      cause: error,
    });
  });
  const removeNow = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", removeNow);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true });
      process.off("exit", removeNow);
    },
  };
}
