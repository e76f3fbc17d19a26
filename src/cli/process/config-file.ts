import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasErrno, RollcallError } from "../../errors.js";
import { inTheWay, makeItYours, whatItIs, writeOwnFile } from "../../owned-file.js";
import { explainWriteError } from "../../transfer/write-errors.js";
import { icloudNow, nameNow } from "../former-words.js";
import { nearest } from "../terminal/did-you-mean.js";
import { claimDataFolder, lookAtDataFolder } from "./folders.js";

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
  icloud: z.enum(["skip", "import"]).optional(),
  favorites: z.boolean().optional(),
  "include-hidden": z.boolean().optional(),
  "reimport-edited": z.boolean().optional(),
  "keep-albums": z.boolean().optional(),
  "restart-photos": z.boolean().optional(),
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
export type ConfigName = keyof Config;

/** Every name that the file may hold: flags, without their dashes. */
export const CONFIG_NAMES = Object.keys(configSchema.shape) as ConfigName[];

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
    if (!found.isFile() || found.size > LARGEST_BYTES) throw bad(path, "it is not a file of a few lines");
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    if (hasErrno(error, "ENOENT", "ENOTDIR")) return {};
    // Whose folder it is says more than that a file in it cannot be read.
    if (hasErrno(error, "EACCES", "EPERM")) {
      await lookAtDataFolder(dataFolder);
      if (makeItYours(path) !== null) throw inTheWay(path, whatItIs(path));
    }
    throw bad(path, error instanceof Error ? error.message : String(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(path, "it is not JSON", error);
  }
  const checked = configSchema.safeParse(inWordsOfNow(value));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const keys = issue.keys.slice(0, MOST_NAMED);
    const meant = keys.length === 1 ? nearest(keys[0]!, CONFIG_NAMES) : null;
    const instead = meant === null ? `one of ${CONFIG_NAMES.join(", ")}` : `did you mean "${meant}"?`;
    const named = keys.map((key) => JSON.stringify(key)).join(", ");
    throw bad(path, `${named} is not a name that it may hold; ${instead}`);
  }
  throw bad(path, `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "not what it should be"}`);
}

/** Names and values that were renamed since the file was written. */
function inWordsOfNow(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      nameNow(name),
      name === "icloud" && typeof one === "string" ? icloudNow(one) : one,
    ]),
  );
}

/** @param why without a full stop */
export function bad(path: string, why: string, cause?: unknown): RollcallError {
  const line = why.replaceAll(/\s+/g, " ");
  return new RollcallError("BAD_CONFIG", {
    message: `${path}: ${/[.?]$/.test(line) ? line : `${line}.`}`,
    remedy: "Correct the file, or rename it.",
    cause,
  });
}

/**
 * The value that a person typed for a name of the file, of the kind that the name takes.
 * @returns undefined where it is of none
 */
export function configValue(name: ConfigName, typed: string): Config[ConfigName] | undefined {
  const word = typed.trim().toLowerCase();
  const candidates: unknown[] = [name === "icloud" ? icloudNow(word) : typed];
  if (/^\d{1,15}$/.test(word)) candidates.push(Number(word));
  if (YES.includes(word)) candidates.push(true);
  if (NO.includes(word)) candidates.push(false);
  const fitting = candidates.find((value) => configSchema.safeParse({ [name]: value }).success);
  return fitting as Config[ConfigName] | undefined;
}

const YES: readonly string[] = ["yes", "true", "on"];
const NO: readonly string[] = ["no", "false", "off"];

/** What a name takes, in words: for a message. */
export function configTakes(name: ConfigName): string {
  const accepts = (value: unknown) => configSchema.safeParse({ [name]: value }).success;
  if (accepts(true)) return "yes or no";
  if (accepts(1)) return `a whole number of ${accepts(0) ? 0 : 1} or more`;
  const schema = configSchema.shape[name].unwrap();
  return schema instanceof z.ZodEnum ? schema.options.join(" or ") : "a text";
}

/**
 * Writes the config file, whole or not at all.
 * @throws RollcallError FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE, DISK_FULL
 */
export async function writeConfig(dataFolder: string, config: Config): Promise<void> {
  await claimDataFolder(dataFolder);
  const path = configPath(dataFolder);
  try {
    // A person may have written it by hand: it was read and understood just now, and all of it is kept.
    writeOwnFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, mayReplace: () => true });
  } catch (error) {
    throw explainWriteError(error, path);
  }
}
