import { fileNameOf, folderOf } from "../catalogue/camera-file-names.js";
import type { Catalogue } from "../catalogue/media-item.js";
import { originalOfEdit, stemKey } from "../catalogue/phone-edits.js";
import type { PhoneLibrary } from "../catalogue/phone-library.js";
import type { PhoneFile } from "../phone/phone.js";
import { COUNTED_EXTENSIONS, COUNTED_KINDS, type DeviceReport, rounded } from "./device-report.js";

/** What a catalogue holds, in numbers. */
export function countFiles(
  catalogue: Catalogue,
): Omit<DeviceReport["files"], "tookMs" | "filesPerSecond"> & Pick<DeviceReport, "items"> {
  const byExtension = zeros(COUNTED_EXTENSIONS);
  let [listed, sizeBytes, largestBytes] = [0, 0, 0];
  for (const file of filesOf(catalogue)) {
    listed += 1;
    sizeBytes += file.sizeBytes;
    largestBytes = Math.max(largestBytes, file.sizeBytes);
    byExtension[known(COUNTED_EXTENSIONS, fileNameOf(file.path).extension)] += 1;
  }
  const byKind = zeros(COUNTED_KINDS);
  const { items } = catalogue;
  for (const { kind } of items) byKind[known(COUNTED_KINDS, kind)] += 1;
  const many = (is: (item: (typeof items)[number]) => boolean) => items.filter(is).length;
  return {
    listed,
    sizeBytes: rounded(sizeBytes),
    largestBytes: rounded(largestBytes),
    folders: catalogue.folders.length,
    unreadable: catalogue.unreadable.length,
    setAside: catalogue.setAside.length,
    inICloudOnly:
      catalogue.cloudOnly.length +
      catalogue.awayParts.filter(({ declaredState }) => declaredState === "in-icloud").length,
    byExtension,
    items: {
      byKind,
      hidden: many(({ hidden }) => hidden),
      trashed: many(({ trashed }) => trashed),
      burstFrames: many(({ library }) => library?.burst != null),
      fromICloud: many(({ key }) => key.startsWith("/PhotoData/CPLAssets/")),
      inSharedLibrary: many(({ library }) => library?.inSharedLibrary === true),
    },
  };
}

/** What lies beside the photos that the phone's database calls edited. */
export function countEdits(catalogue: Catalogue, library: PhoneLibrary): NonNullable<DeviceReport["edits"]> {
  const [aae, plist, render] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { path } of filesOf(catalogue)) {
    const { stem, extension } = fileNameOf(path);
    const edited = originalOfEdit(path);
    if (edited === null && extension === "aae") aae.add(keyOf(path));
    else if (edited !== null && extension === "plist") plist.add(edited);
    else if (edited !== null && stem.toLowerCase() === "fullsizerender") render.add(edited);
  }
  const edits = { edited: 0, withAae: 0, withAdjustmentsPlist: 0, withRender: 0 };
  for (const row of library.rows()) {
    if (!row.edited) continue;
    const key = keyOf(row.path);
    edits.edited += 1;
    if (aae.has(key)) edits.withAae += 1;
    if (plist.has(key)) edits.withAdjustmentsPlist += 1;
    if (render.has(key)) edits.withRender += 1;
  }
  return edits;
}

function keyOf(path: string): string {
  return stemKey(`${folderOf(path)}/${fileNameOf(path).stem}`);
}

function* filesOf({ items, setAside }: Catalogue): Generator<PhoneFile> {
  for (const item of items) for (const { file } of item.files) yield file;
  for (const { file } of setAside) yield file;
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function known<Name extends string>(names: readonly Name[], text: string): Name | "other" {
  return names.find((name) => name === text) ?? "other";
}
