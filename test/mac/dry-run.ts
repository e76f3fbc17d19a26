import { readdirSync } from "node:fs";
import { programText } from "../../dist/jxa/script-text.js";
import type { Script } from "../../src/jxa/run-script.js";
import { countItems } from "../../src/jxa/scripts/count-items.js";
import { photosLibraryContract } from "../contracts/photos-library-contract.js";
import type { Experiment } from "./experiment.js";
import { albumsBeginning, libraryFilenames } from "./scripts.js";

/** Everything that would be sent or run, as text. Sends nothing. */
export async function dryRun(experiments: readonly Experiment[]): Promise<string> {
  const printed = new Set<unknown>();
  const texts = (scripts: readonly Script<never, unknown>[]) =>
    scripts
      .filter((script) => !printed.has(script) && printed.add(script))
      .map(
        (script) =>
          `--- ${script.name}: osascript -l JavaScript -, with its input in it\n${programText(script.toString(), "argument")}`,
      );
  const sentences = photosLibraryContract.map(({ says }) => `  Photos ${says}`);
  const asked = experiments.flatMap(({ name, question, matters, scripts = [], programs = [], isLong }) => [
    `\n=== ${name}${isLong ? " (with --long only)" : ""}\n${question}\nIt matters: ${matters}`,
    ...programs.map((program) => `--- ${program}`),
    ...texts(scripts),
  ]);
  return [
    "Nothing is sent in a dry run. INPUT is one JSON value: paths of pictures made for the purpose, ids, names.",
    "\n=== Is it a scratch library? What did an earlier run leave?",
    "--- lsof -nP -Fn -p PID-OF-PHOTOS",
    ...texts([countItems, libraryFilenames, albumsBeginning]),
    `\n=== The contract, by Rollcall's own scripts\n${sentences.join("\n")}`,
    "--- open -gj -a Photos",
    ...texts(await productScripts()),
    ...asked,
    "",
  ].join("\n");
}

/** Those of src/jxa/scripts, as they are shipped. */
async function productScripts(): Promise<Script<never, unknown>[]> {
  const folder = new URL("../../dist/jxa/scripts/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const modules = await Promise.all(files.sort().map((name) => import(new URL(name, folder).href)));
  return modules.flatMap((module) => Object.values(module as Record<string, Script<never, unknown>>));
}
