import { join } from "node:path";
import { isOwnFile, isPartialName } from "../../owned-file.js";
import { isOwnFolder, removeOwnTree, strangersIn } from "../../owned-folder.js";
import { advise } from "../../remedy.js";
import { type RunProgram, succeeded, whyNot } from "../run-program.js";
import {
  isThere,
  type PlannedFile,
  type SetUpFolders,
  setUpFailed,
  textOf,
  writeSetUpFile,
} from "../set-up-files.js";
import { MADE_BY_ROLLCALL, QUICK_ACTION, workflowPath } from "./workflow-bundle.js";

export interface InstallWorkflowDeps {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the bundle and has the Services menu read anew.
 * @returns why the menu may not show it yet, one sentence; null where nothing speaks against it
 * @throws RollcallError SETUP_FAILED where macOS does not take the bundle, or one that is not Rollcall's has its name
 */
export async function installWorkflow(
  files: readonly PlannedFile[],
  { run, folders, signal }: InstallWorkflowDeps,
): Promise<string | null> {
  const bundle = workflowPath(folders);
  requireOurs(bundle);
  removeOwnTree(bundle);
  for (const file of files) writeSetUpFile(file);
  for (const { path } of files) {
    const lint = await run("plutil", ["-lint", path], { signal });
    // Where the program that checks is not there, nothing is known against the file.
    if (lint.kind !== "ended" || lint.status === 0) continue;
    removeOwnTree(bundle);
    throw setUpFailed(
      `macOS does not take the Quick Action "${QUICK_ACTION}".`,
      whyNot("plutil", lint),
      advise`It was removed again. Use ${{ action: "setup", what: "shortcuts" }} instead, and please report this.`,
    );
  }
  const read = await run("pbs", ["-read_bundle", bundle], { signal });
  return (await refreshMenu({ run, signal })) ?? (succeeded(read) ? null : whyNot("pbs", read));
}

/**
 * Removes the bundle, if it is Rollcall's own.
 * @returns what was removed
 * @throws RollcallError SETUP_FAILED where one that is not Rollcall's has its name
 */
export async function removeWorkflow({ run, folders, signal }: InstallWorkflowDeps): Promise<string[]> {
  const bundle = workflowPath(folders);
  requireOurs(bundle);
  if (!removeOwnTree(bundle)) return [];
  await refreshMenu({ run, signal });
  return [bundle];
}

async function refreshMenu({
  run,
  signal,
}: Pick<InstallWorkflowDeps, "run" | "signal">): Promise<string | null> {
  const end = await run("pbs", ["-update"], { signal });
  return succeeded(end) ? null : whyNot("pbs", end);
}

function requireOurs(bundle: string): void {
  if (!isThere(bundle)) return;
  if (isOwnFolder(bundle)) {
    const contents = join(bundle, "Contents");
    const isOwn = isOwnFolder(contents) && isOwnFile(join(contents, "document.wflow"));
    if (isOwn && textOf(join(contents, "document.wflow"))?.includes(MADE_BY_ROLLCALL)) return;
    if (isHalfMade(bundle)) return;
  }
  throw setUpFailed(
    `There is a Quick Action "${QUICK_ACTION}" that Rollcall did not make.`,
    `It lies at ${bundle}.`,
    "Nothing was changed. Give it another name in the Finder, then run this again.",
  );
}

/** What a set-up that was cut off leaves: no document yet, and nothing that a set-up does not write before it. */
function isHalfMade(bundle: string): boolean {
  const contents = join(bundle, "Contents");
  const isWritten = ({ name }: { readonly name: string }) =>
    /^Info\.plist(\.partial)?$/.test(name) || isPartialName(name);
  if (strangersIn(bundle, ({ name }) => name === "Contents").length > 0) return false;
  return !isThere(contents) || (isOwnFolder(contents) && strangersIn(contents, isWritten).length === 0);
}
