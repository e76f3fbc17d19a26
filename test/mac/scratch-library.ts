import { basename } from "node:path";
import { countItems } from "../../src/jxa/scripts/count-items.js";
import { isScratchName } from "../contracts/scratch-media.js";
import type { Mac } from "./experiment.js";
import { libraryFilenames } from "./scripts.js";

/** A library of more items is not read at all, only counted. */
const MOST_ITEMS = 50_000;
/** Photos may put a sample or two into a new library. */
const MOST_STRANGERS = 5;

export const HOW_TO_MAKE_ONE = `How to make a scratch library:
  1. Quit Photos.
  2. Hold Option (Alt) and open Photos.
  3. Choose "Create New...", name it "Rollcall Scratch", and save it in your Pictures folder.
  4. Leave iCloud Photos off for it, leave Photos open with it, and run this again.
Afterwards open your own library the same way, and drag "Rollcall Scratch" into the Trash.`;

/** Nothing was changed, and nothing will be. */
export class Refusal extends Error {
  /** The same for the file of findings, where no library is named. */
  readonly forFile: string;

  constructor(message: string, forFile = message) {
    super(message);
    this.forFile = forFile;
  }
}

/**
 * The package that Photos has open, if it may be written to.
 * @throws Refusal where it cannot be found out, or has not the name of a scratch library
 */
export async function openScratchLibrary({ process }: Pick<Mac, "process">): Promise<string> {
  const running = await process.running();
  if (running === null)
    throw new Refusal("Photos is not open, so there is no telling which library it would open.");
  const path = await process.openLibrary();
  if (path === null)
    throw new Refusal(
      "Which library Photos has open cannot be found out here, so none is touched. " +
        "That itself is worth a report: please send it in with the version of macOS.",
    );
  if (!/^Rollcall Scratch\b.*\.photoslibrary$/i.test(basename(path)))
    throw new Refusal(
      `Photos has ${path} open. Only a library whose name begins with "Rollcall Scratch" is used.`,
      "Photos has a library open that is no scratch library by its name.",
    );
  return path;
}

/** @throws Refusal where the library holds more than a handful of items that were not made here */
export async function holdsScratchItemsOnly(mac: Pick<Mac, "run">): Promise<void> {
  const count = await mac.run(countItems, undefined);
  if (!count.ok) throw new Refusal(`Photos does not say how many items it holds (${count.number}).`);
  if (count.value > MOST_ITEMS)
    throw new Refusal(`That library holds ${count.value} items: it is no scratch library.`);
  // Filenames of no items are an error or an empty list; nobody knows which.
  const names = count.value === 0 ? { ok: true as const, value: [] } : await mac.run(libraryFilenames, null);
  if (!names.ok) throw new Refusal(`Photos does not say what it holds (${names.number}).`);
  const strangers = names.value.filter((name) => !isScratchName(name)).length;
  if (strangers > MOST_STRANGERS)
    throw new Refusal(
      `That library holds ${strangers} items that were not made here: it is no scratch library.`,
    );
}
