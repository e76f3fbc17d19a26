import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasErrno, RollcallError } from "../errors.js";
import { lookAtDataFolder } from "./folders.js";

/** `config.json` in the data folder: flags that a person would otherwise repeat, under their own names. */
const configSchema = z.strictObject({
  phone: z.string().optional(),
  library: z.string().optional(),
  since: z.string().optional(),
  until: z.string().optional(),
  "taken-since": z.string().optional(),
  kind: z.union([z.string(), z.array(z.string())]).optional(),
  name: z.string().optional(),
  folder: z.string().optional(),
  album: z.string().optional(),
  limit: z.int().positive().optional(),
  wait: z.int().nonnegative().optional(),
  icloud: z.enum(["skip", "bring"]).optional(),
  favorites: z.boolean().optional(),
  "include-hidden": z.boolean().optional(),
  edits: z.boolean().optional(),
  "keep-albums": z.boolean().optional(),
  relaunch: z.boolean().optional(),
  "without-phone-library": z.boolean().optional(),
  yes: z.boolean().optional(),
  quiet: z.boolean().optional(),
  verbose: z.boolean().optional(),
  "no-input": z.boolean().optional(),
  "batch-items": z.int().positive().optional(),
  "edited-batch-items": z.int().positive().optional(),
  "min-interval": z.int().nonnegative().optional(),
});

const LARGEST_BYTES = 1024 * 1024;
const MOST_NAMED = 5;

export type Config = z.infer<typeof configSchema>;

export function configPath(dataFolder: string): string {
  return join(dataFolder, "config.json");
}

/**
 * Reads the config file; without one nothing is configured.
 * @throws RollcallError FOLDER_NOT_OURS, BAD_CONFIG for an unknown name or a bad value, in one line
 */
export async function readConfig(dataFolder: string): Promise<Config> {
  const path = configPath(dataFolder);
  let text: string;
  try {
    const found = await stat(path);
    // A pipe would be waited for, and a device read for ever.
    if (!found.isFile() || found.size > LARGEST_BYTES) throw bad(path, "it is no file of a few lines");
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    if (hasErrno(error, "ENOENT", "ENOTDIR")) return {};
    // Whose folder it is says more than that a file in it cannot be read.
    if (hasErrno(error, "EACCES", "EPERM")) await lookAtDataFolder(dataFolder);
    throw bad(path, error instanceof Error ? error.message : String(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(path, "it is not JSON", error);
  }
  const checked = configSchema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const keys = issue.keys
      .slice(0, MOST_NAMED)
      .map((key) => JSON.stringify(key))
      .join(", ");
    throw bad(path, `${keys} is no name it may hold (${Object.keys(configSchema.shape).join(", ")})`);
  }
  throw bad(path, `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "not what it should be"}`);
}

/** @param why without a full stop */
export function bad(path: string, why: string, cause?: unknown): RollcallError {
  const line = why.replaceAll(/\s+/g, " ");
  return new RollcallError("BAD_CONFIG", {
    message: `${path}: ${line}.`,
    remedy: "Mend the file, or move it away.",
    cause,
  });
}
