import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import type { RunTextOptions } from "../../src/virtual/photos/virtual-photos.js";
import type { ImportHarness } from "./import-harness.js";

/**
 * Watches all that passes between the scripts and Photos. What is returned tells it, with what the library holds by
 * then and the time: a text that is the same for two runs in which Photos did the same.
 */
export function watchPhotos(harness: ImportHarness): () => string {
  const lines: string[] = [];
  const heard = (message: string, reply: string) => lines.push(message, reply);
  const runText = (text: string, options: RunTextOptions = {}) =>
    harness.photos.runText(text, { ...options, heard });
  harness.runScript = runInProcess({ ...harness.photos, runText }, harness.clock);
  return () => {
    const columns =
      "ZUUID, ZKINDSUBTYPE, ZSAVEDASSETTYPE, ZHIDDEN, ZVISIBILITYSTATE, ZADJUSTMENTSSTATE, ZADDEDDATE";
    const rows = harness.photos.library.database.prepare(`SELECT ${columns} FROM ZASSET ORDER BY Z_PK`).all();
    const ended = [harness.clock.now().getTime(), harness.photos.openLibraryPath(), ...rows];
    return withoutChance(lines.concat(ended.map((one) => JSON.stringify(one))).join("\n"), harness.folder);
  };
}

/** Ids and names that are drawn anew in each run, by the order in which they appear. */
function withoutChance(text: string, folder: string): string {
  const seen = new Map<string, number>();
  return text
    .replaceAll(folder, "DESK")
    .replaceAll(/[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|Rollcall [0-9a-z-]+/g, (drawn) => {
      if (!seen.has(drawn)) seen.set(drawn, seen.size);
      return `#${seen.get(drawn)}`;
    });
}
