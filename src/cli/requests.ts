import type { LibraryAccess } from "../photos/library-access.js";
import { ORDINARY_IMPORT } from "../run/ordinary-import.js";
import type { ImportRequest, PlanRequest } from "../run/run-parts.js";
import type { CommandContext } from "./command-context.js";
import type { ImportFlags } from "./commands/import/command.js";
import { existingLibrary } from "./compose/existing-library.js";
import type { KnownPhotosFlags } from "./flags/library.js";
import type { PhoneFlags } from "./flags/phone.js";
import { type SelectionFlags, selectionOf } from "./flags/selection.js";
import { pickOf } from "./terminal/interactive-selection.js";

/**
 * What a plan is asked for by its flags.
 * @throws RollcallError BAD_USAGE, STOPPED
 */
export async function planRequest(
  context: CommandContext,
  flags: SelectionFlags & PhoneFlags & KnownPhotosFlags,
  access: LibraryAccess,
): Promise<PlanRequest> {
  return {
    selection: selectionOf(flags),
    pick: pickOf(context, flags),
    edits: flags.reimportEdited === true,
    again: flags.retry === true,
    icloud: flags.icloud,
    withoutPhoneLibrary: flags.withoutPhoneLibrary === true,
    libraryPath:
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, access, context.signal),
  };
}

/**
 * What an import is asked for by its flags; those that are left out are as not given.
 * @throws RollcallError BAD_USAGE, STOPPED
 */
export async function importRequest(
  context: CommandContext,
  flags: Partial<ImportFlags>,
  access: LibraryAccess,
): Promise<ImportRequest> {
  return {
    ...(await planRequest(context, flags, access)),
    ...(flags.unattended === true && { approvedOnly: true, withoutPhoneLibrary: false, again: false }),
    keepAlbums: flags.keepAlbums === true,
    mayRelaunch: flags.restartPhotos === true,
    batchLimits: {
      items: flags.batchItems ?? ORDINARY_IMPORT.batchLimits.items,
      bytes: flags.batchBytes ?? ORDINARY_IMPORT.batchLimits.bytes,
    },
    editedBatchItems: flags.editedBatchItems,
    stagedBytesLimit: flags.stagedBytes ?? ORDINARY_IMPORT.stagedBytesLimit,
  };
}
