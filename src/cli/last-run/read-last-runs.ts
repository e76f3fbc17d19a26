import { closeSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { type LastRun, RUNS } from "../../doctor/last-run.js";
import { STARTED_FROM, type StartedFrom } from "../../integrations/started-from.js";
import { lastRunPath } from "./last-run-file.js";

const LARGEST_BYTES = 1 << 16;
const text = z.string().max(4096);
const instant = z.iso.datetime().transform((one) => new Date(one));

const lastRunSchema = z.object({
  lastRun: z.literal(1),
  from: z.enum(STARTED_FROM),
  command: z.enum(RUNS),
  pid: z.int().positive(),
  startedAt: instant,
  endedAt: instant.nullable(),
  status: z.int().nullable(),
  nodePath: text,
  nodeVersion: text,
  programPath: text,
  version: text,
  failure: z.object({ code: text, message: text, why: text.nullable(), remedy: text }).nullable(),
  photos: z
    .object({
      control: z.enum(["allowed", "refused", "not-asked-yet", "photos-closed"]).nullable(),
      library: z.enum(["allowed", "refused", "not-asked-yet", "unknown"]).nullable(),
      libraryPath: text.nullable(),
    })
    .nullable(),
});

/** What the last runs from there left behind, one for each command, the youngest first. What cannot be read counts as none. */
export function readLastRuns(dataFolder: string, from: StartedFrom): LastRun[] {
  return RUNS.map((command) => readLastRun(lastRunPath(dataFolder, from, command)))
    .filter((run) => run !== null)
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}

function readLastRun(path: string): LastRun | null {
  try {
    const handle = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(LARGEST_BYTES);
      const bytes = readSync(handle, buffer, 0, LARGEST_BYTES, 0);
      const { lastRun: _, ...run } = lastRunSchema.parse(JSON.parse(buffer.toString("utf8", 0, bytes)));
      return run;
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}
