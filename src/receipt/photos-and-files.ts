/** Of how many photos and files something is said. */
export interface PhotosAndFiles {
  /** Photos and videos as a person counts them. */
  readonly items: number;
  readonly files: number;
}

/** "222 photos (296 files)"; "1 photo" where each is one file. What has no photo is told by its files: "3 files". */
export function photosAndFiles({ items, files }: PhotosAndFiles, one = "photo", many = `${one}s`): string {
  const inFiles = `${spaced(files)} ${files === 1 ? "file" : "files"}`;
  if (items === 0) return inFiles;
  const photos = `${spaced(items)} ${items === 1 ? one : many}`;
  return items === files ? photos : `${photos} (${inFiles})`;
}

function spaced(number: number): string {
  return number.toLocaleString("en-US");
}
