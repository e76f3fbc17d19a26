import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Recordings of real exchanges lie beside the repository, never in it. */
const folder = join(process.env.ROLLCALL_TEST_DATA ?? join("..", "shared", "data"), "captures", "ios-wire");

export const hasRecordings = existsSync(folder);
export const whySkipped = `no recordings in ${folder}`;

export function recording(name: string): Buffer {
  return readFileSync(join(folder, name));
}
