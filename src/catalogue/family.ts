import { fileKind } from "../media/file-kinds.js";
import { lastName } from "../text/last-name.js";
import { cameraNameOf, fileNameOf, foldedStem, folderOf } from "./camera-file-names.js";

/**
 * What the files that may belong to one photo have in common: its folder and its stem, folded, without the E or O of an
 * edit. `/DCIM/100APPLE/img_0001` of `IMG_0001.HEIC`, `img_0001.mov`, `IMG_E0001.JPG`, `IMG_O0001.AAE`, `IMG_0001.HEIC.xmp`,
 * `._IMG_0001.HEIC`, and of `/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.heic`. Two photos may
 * share it, so it says what could belong together, and never what does.
 */
export function familyOf(path: string): string {
  const original = /^\/PhotoData\/Mutations(\/(?:DCIM|PhotoData\/[^/]+)\/.+)\/Adjustments(?:\/|$)/.exec(path);
  if (original !== null) return familyOfStem(original[1]!);
  const { stem } = fileNameOf(lastName(path).replace(/^\.[._]*/, ""));
  const inner = fileNameOf(stem);
  const isWholeName = inner.extension !== "" && fileKind(inner.extension) !== "unknown";
  return familyOfStem(`${folderOf(path)}/${isWholeName ? inner.stem : stem}`);
}

function familyOfStem(path: string): string {
  const folded = foldedStem(lastName(path));
  return `${folderOf(path)}/${cameraNameOf(folded)?.plain ?? folded}`;
}
