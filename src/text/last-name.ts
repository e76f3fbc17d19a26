/** The last part of a path, of a phone's or of this computer's: `IMG_0001.HEIC`. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
