import { type AlbumFault, albumFaults } from "./misbehaviours/album-faults.js";
import { type EditFault, editFaults } from "./misbehaviours/edit-faults.js";
import type { Fault, FaultTable, Hook } from "./misbehaviours/fault.js";
import { type HandBuiltFault, handBuiltFaults } from "./misbehaviours/hand-built-faults.js";
import { type ImportAnswerFault, importAnswerFaults } from "./misbehaviours/import-answer-faults.js";
import { type ImportEndingFault, importEndingFaults } from "./misbehaviours/import-ending-faults.js";
import { type ImportFileFault, importFileFaults } from "./misbehaviours/import-file-faults.js";
import { type LibraryFault, libraryFaults } from "./misbehaviours/library-faults.js";
import { type OpenManner, openManners } from "./misbehaviours/open-manners.js";
import { type PermissionFault, permissionFaults } from "./misbehaviours/permission-faults.js";
import { type ProgramFault, programFaults } from "./misbehaviours/program-faults.js";
import { type StartFault, startFaults } from "./misbehaviours/start-faults.js";

/**
 * One thing that Photos was seen to do wrong, or might do, switched on by a test; plain JSON, so that it is kept in
 * the package. Most take `atEvent`, `times`, `chance` and `seed` (`Occasion` in `misbehaviours/fault.ts`).
 */
export type PhotosMisbehaviour =
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
  | OpenManner;

/** What stands between a sender and a Photos that listens. */
const admissionFaults = { ...permissionFaults, ...startFaults, ...programFaults };

/**
 * In the order in which an event meets them: what was refused at the door is never carried out, and how an event ends
 * comes after what it did.
 */
const faults: FaultTable<PhotosMisbehaviour> = {
  ...admissionFaults,
  ...libraryFaults,
  ...albumFaults,
  ...importFileFaults,
  ...editFaults,
  ...handBuiltFaults,
  ...importAnswerFaults,
  ...importEndingFaults,
  ...openManners,
};
const ranks = new Map(Object.keys(faults).map((name, rank) => [name, rank]));

export interface MisbehaviourDescription {
  readonly name: PhotosMisbehaviour["name"];
  /** One sentence: what the person at the Mac would see. */
  readonly seen: string;
  /** Who saw or documented it (`#n` is an issue of the repository named); "open" where no public source settles it. */
  readonly source: string;
  /** One for each manner of it that makes a difference. */
  readonly examples: readonly PhotosMisbehaviour[];
}

/** All of them, for tests that play each in turn. */
export const photosMisbehaviours: readonly MisbehaviourDescription[] = Object.entries(faults).map(
  ([key, fault]) => {
    const name = key as PhotosMisbehaviour["name"];
    const examples = fault.examples.map((example) => ({ name, ...example }) as PhotosMisbehaviour);
    return { name, seen: fault.seen, source: fault.source, examples };
  },
);

/** Where a fault stands in the way of an event: lower comes first. */
export function rankOf({ name }: PhotosMisbehaviour): number {
  return ranks.get(name) ?? 0;
}

/** Does it stand before anything that covers Photos' window? */
export function isAdmission({ name }: PhotosMisbehaviour): boolean {
  return Object.hasOwn(admissionFaults, name);
}

/** @throws TypeError for a name that there is not, which only a package made by another version can hold */
export function hookFor(misbehaviour: PhotosMisbehaviour): Hook {
  if (!Object.hasOwn(faults, misbehaviour.name)) throw new TypeError(`no misbehaviour ${misbehaviour.name}`);
  // The table pairs every name with its own kind; the compiler cannot follow that through a lookup.
  const fault = faults[misbehaviour.name] as Fault<PhotosMisbehaviour>;
  return fault.hook(misbehaviour);
}
