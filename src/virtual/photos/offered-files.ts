import { lastName } from "../../text/last-name.js";
import { type AppleEvent, isFileValue, isList } from "./apple-event.js";
import { EventFailure, fileNotFound } from "./event-failure.js";
import { groupForImport, type ImportGroup, oneOfEachStem } from "./import-grouping.js";
import { lookAt, type OfferedFile } from "./offered-file.js";

/** What faults ask of an import event: a fault that has nothing to act on does not strike. */

/** Does it carry a file whose name matches? */
export function hasFile(event: AppleEvent, names: string): boolean {
  const pattern = new RegExp(names, "iu");
  return pathsIn(event).some((path) => pattern.test(lastName(path)));
}

export function namesVanishedFile(event: AppleEvent): boolean {
  return pathsIn(event).some((path) => look(path) === "vanished");
}

export function hasLonelyAdjustments(event: AppleEvent): boolean {
  return groupForImport(filesIn(event)).lonelyAdjustments.length > 0;
}

export function hasOneStemTwice(event: AppleEvent): boolean {
  const groups = groupsIn(event);
  return oneOfEachStem(groups).length < groups.length;
}

/** A file that is no picture or video, or whose name matches. */
export function hasUnsupported(event: AppleEvent, names: string | undefined): boolean {
  return (
    groupForImport(filesIn(event)).unsupported.length > 0 || (names !== undefined && hasFile(event, names))
  );
}

export function hasTwoFramesOfOneBurst(event: AppleEvent): boolean {
  const bursts = groupsIn(event).flatMap(({ original }) => original.burstIdentifier ?? []);
  return new Set(bursts).size < bursts.length;
}

/** @param alone also one that is the only photo of its event */
export function hasEditedPhoto(event: AppleEvent, alone: boolean): boolean {
  const groups = groupsIn(event);
  return (alone || groups.length > 1) && groups.some(({ adjustments }) => adjustments !== null);
}

function groupsIn(event: AppleEvent): readonly ImportGroup[] {
  return groupForImport(filesIn(event)).groups;
}

/** Those that can be looked at. */
function filesIn(event: AppleEvent): OfferedFile[] {
  return pathsIn(event).flatMap((path) => {
    const file = look(path);
    return typeof file === "string" ? [] : [file];
  });
}

function look(path: string): OfferedFile | "vanished" | "unreadable" {
  try {
    return lookAt(path);
  } catch (error) {
    if (!(error instanceof EventFailure)) throw error;
    return error.number === fileNotFound ? "vanished" : "unreadable";
  }
}

function pathsIn({ event, direct }: AppleEvent): string[] {
  if (event !== "import") return [];
  return (isList(direct) ? direct : [direct]).flatMap((value) => (isFileValue(value) ? [value.file] : []));
}
