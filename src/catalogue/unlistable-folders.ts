import { folderOf } from "./camera-file-names.js";
import { MUTATIONS, originalOfEdit, stemKey } from "./phone-edits.js";

/**
 * The test for a folder that the phone would not list: does one of these files lie in it, at any depth? The files are
 * gone through once, and only when the first folder is asked about, because there rarely is one.
 */
export function foldersAbove(files: () => Iterable<string>): (folder: string) => boolean {
  let above: Set<string> | null = null;
  return (folder) => {
    if (above === null) {
      above = new Set();
      for (const file of files())
        for (let each = folderOf(file); each !== "" && !above.has(each); each = folderOf(each))
          above.add(each);
    }
    return above.has(folder);
  };
}

/**
 * The same for what the phone rendered of edits: `.../IMG_0001` and `.../IMG_0001/Adjustments` too, however it
 * spells the stem there.
 * @param edited the originals, by {@link stemKey}
 */
export function foldersOfEdits(edited: ReadonlySet<string>): (folder: string) => boolean {
  const isAbove = foldersAbove(function* () {
    for (const original of edited) yield MUTATIONS + original;
  });
  const isOwn = (folder: string) =>
    edited.has(originalOfEdit(`${folder}/any`) ?? stemKey(folder.slice(MUTATIONS.length)));
  return (folder) => isAbove(folder) || isOwn(folder);
}
