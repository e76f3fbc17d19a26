import { readFileSync } from "node:fs";
import { join } from "node:path";
import { advise } from "../../remedy.js";
import type { MacProgram } from "../mac-programs.js";
import { readPropertyList } from "../property-list.js";
import { type RunProgram, succeeded, whyNot } from "../run-program.js";
import { isThere, setUpFailed, writeSetUpFile } from "../set-up-files.js";

/** One key of an Info.plist, in the words of plutil. */
export type InfoEntry = readonly [key: string, type: "-string" | "-bool", value: string];

interface BundleRequest {
  /** JavaScript for Automation, ASCII. */
  readonly script: string;
  /** What is changed in the Info.plist that osacompile writes. */
  readonly info: readonly InfoEntry[];
  /** A folder in which nothing is. Absolute. */
  readonly workshop: string;
  /** Without ".app". */
  readonly name: string;
}

/**
 * Makes an app that stays open, with this Mac's own compiler: compiled, its Info.plist changed and read back, sealed, and
 * the seal verified.
 * @returns the bundle, in the workshop
 * @throws RollcallError SETUP_FAILED where one of these did not happen
 */
export async function buildBundle(
  { script, info, workshop, name }: BundleRequest,
  parts: { readonly run: RunProgram; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const source = join(workshop, `${name}.js`);
  const bundle = join(workshop, `${name}.app`);
  writeSetUpFile({ path: source, text: script });
  // Where the app is there already, osacompile passes over -s without a word (seen by others): it is not there.
  await must("osacompile", ["-l", "JavaScript", "-s", "-o", bundle, source], parts);
  const plist = join(bundle, "Contents", "Info.plist");
  if (!isThere(plist)) throw notBuilt("osacompile said that it compiled it, and wrote nothing.");
  for (const [key, type, value] of info) await must("plutil", ["-replace", key, type, value, plist], parts);
  const written = readPropertyList(readFileSync(plist));
  for (const [key, type, value] of info) {
    if (written?.[key] !== (type === "-bool" ? value === "YES" : value))
      throw notBuilt(`plutil said that it changed ${key}, and did not.`);
  }
  // What was changed since osacompile signed it has to be signed again; "-" is no identity, just a seal.
  await must("codesign", ["--force", "--sign", "-", bundle], parts);
  await must("codesign", ["--verify", "--strict", bundle], parts);
  return bundle;
}

async function must(
  program: MacProgram,
  args: readonly string[],
  { run, signal }: { readonly run: RunProgram; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const end = await run(program, args, { signal });
  if (!succeeded(end)) throw notBuilt(whyNot(program, end));
}

function notBuilt(why: string) {
  return setUpFailed(
    "Rollcall.app could not be built.",
    why,
    advise`Nothing was installed. Run it again; if it stays like this, use ${{ action: "setup", what: "shortcuts" }}, and please report it.`,
  );
}
