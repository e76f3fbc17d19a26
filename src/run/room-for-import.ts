import { bytesOf } from "../plan/decide.js";
import { filesToImport, type Plan } from "../plan/decision.js";
import { freeSpace, requireSpace } from "../plan/space-needed.js";
import { advise, choose } from "../remedy.js";
import { resumableBytes } from "../transfer/resumable-copy.js";
import type { ImportParts } from "./run-parts.js";

/**
 * Room for the copies and for what Photos keeps of them, before the first byte.
 * @param library its path; "" where Photos would not name it
 * @throws RollcallError NOT_ENOUGH_SPACE
 */
export async function requireRoom(
  plan: Plan,
  library: string,
  {
    stagingFolder,
    phone,
    libraryAccess,
    report,
    signal,
  }: Pick<ImportParts, "stagingFolder" | "phone" | "libraryAccess" | "report" | "signal">,
): Promise<void> {
  const { bytes } = plan.toImport;
  const atLibrary = library === "" ? null : await libraryAccess.freeSpace(library, signal);
  if (library !== "" && atLibrary === null) {
    const message = `The free space for ${library} is not known: its disk did not answer.`;
    report({ type: "notice", code: "LIBRARY_SPACE_UNKNOWN", message });
  }
  const here =
    bytesInStaging(plan) + (await resumableBytes(stagingFolder, phone.identity, filesToImport(plan)));
  const elsewhere = "put staging on another volume with ROLLCALL_STAGING";
  await requireSpace(
    [
      { what: "the staging folder", folder: stagingFolder, bytes: bytes - here, elsewhere },
      ...(atLibrary === null ? [] : [{ what: "the Photos library", folder: library, bytes }]),
    ],
    advise`import less with ${choose("since")} or ${choose("limit")}`,
    async (at) => (at === library && atLibrary !== null ? atLibrary : await freeSpace(at)),
  );
}

/** Items that an interrupted run left whole in staging are not copied again. */
export function bytesInStaging(plan: Plan): number {
  return plan.decisions.reduce((sum, decision) => {
    const isStaged = decision.action === "import" && /^(begun|failed)$/.test(decision.cause);
    return isStaged ? sum + bytesOf(decision.item) : sum;
  }, 0);
}
