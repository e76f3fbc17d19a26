import { type AlbumFault, albumFaults } from "./faults/album-faults.js";
import { type EditFault, editFaults } from "./faults/edit-faults.js";
import type { Fault, FaultTable, Hook } from "./faults/fault.js";
import { type HandBuiltFault, handBuiltFaults } from "./faults/hand-built-faults.js";
import { type ImportAnswerFault, importAnswerFaults } from "./faults/import-answer-faults.js";
import { type ImportEndingFault, importEndingFaults } from "./faults/import-ending-faults.js";
import { type ImportFileFault, importFileFaults } from "./faults/import-file-faults.js";
import { type LibraryFault, libraryFaults } from "./faults/library-faults.js";
import { type OpenFault, openFaults } from "./faults/open-faults.js";
import { type PermissionFault, permissionFaults } from "./faults/permission-faults.js";
import { type ProgramFault, programFaults } from "./faults/program-faults.js";
import { type StartFault, startFaults } from "./faults/start-faults.js";

/**
 * One thing that Photos was seen to do wrong, or might do, switched on by a test; plain JSON, so that it is kept in
 * the package. Most take `atEvent`, `times`, `chance` and `seed` (`Occasion` in `faults/fault.ts`).
 */
export type PhotosFault =
  | PermissionFault
  | StartFault
  | ImportEndingFault
  | ImportAnswerFault
  | ImportFileFault
  | EditFault
  | HandBuiltFault
  | AlbumFault
  | ProgramFault
  | LibraryFault
  | OpenFault;

/** What stands between a sender and a Photos that listens. */
const admissionFaults = { ...permissionFaults, ...startFaults, ...programFaults };

/**
 * In the order in which an event meets them: what was refused at the door is never carried out, and how an event ends
 * comes after what it did.
 */
const faults: FaultTable<PhotosFault> = {
  ...admissionFaults,
  ...libraryFaults,
  ...albumFaults,
  ...importFileFaults,
  ...editFaults,
  ...handBuiltFaults,
  ...importAnswerFaults,
  ...importEndingFaults,
  ...openFaults,
};
const ranks = new Map(Object.keys(faults).map((name, rank) => [name, rank]));

interface FaultDescription {
  readonly name: PhotosFault["name"];
  /** One sentence: what the person at the Mac would see. */
  readonly seen: string;
  /** Who saw or documented it (`#n` is an issue of the repository named); "open" where no public source settles it. */
  readonly source: string;
  /** One for each manner of it that makes a difference. */
  readonly examples: readonly PhotosFault[];
}

/** All of them, for tests that play each in turn. */
export const photosFaults: readonly FaultDescription[] = Object.entries(faults).map(([key, fault]) => {
  const name = key as PhotosFault["name"];
  const examples = fault.examples.map((example) => ({ name, ...example }) as PhotosFault);
  return { name, seen: fault.seen, source: fault.source, examples };
});

/** Where a fault stands in the way of an event: lower comes first. */
export function rankOf({ name }: PhotosFault): number {
  return ranks.get(name) ?? 0;
}

/** Does it stand before anything that covers Photos' window? */
export function isAdmission({ name }: PhotosFault): boolean {
  return Object.hasOwn(admissionFaults, name);
}

/** @throws TypeError for a name that there is not, which only a package made by another version can hold */
export function hookFor(chosen: PhotosFault): Hook {
  if (!Object.hasOwn(faults, chosen.name)) throw new TypeError(`no fault ${chosen.name}`);
  // The table pairs every name with its own kind; the compiler cannot follow that through a lookup.
  const fault = faults[chosen.name] as Fault<PhotosFault>;
  return fault.hook(chosen);
}
