import { ORDINARY_BATCH } from "../import/batches.js";
import type { ImportRequest } from "./run-parts.js";

/** Everything new, by the safe defaults: what `rollcall import` does without a flag. */
export const ORDINARY_IMPORT: ImportRequest = {
  selection: {},
  edits: false,
  again: false,
  withoutPhoneLibrary: false,
  keepAlbums: false,
  mayRelaunch: false,
  batchLimits: ORDINARY_BATCH,
  stagedBytesLimit: 8 * 1024 ** 3,
};
