import { readFile } from "node:fs/promises";

const LARGEST_BYTES = 1 << 20;

/**
 * A version that a property list of the system names, such as the Info.plist of an app: reading it starts nothing.
 * @returns null where the file is not there, cannot be read, or says nothing of the kind
 */
export async function versionIn(path: string, key: string): Promise<string | null> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_BYTES) return null;
    const { parseDictionary } = await import("../../usb/wire/property-list.js");
    const version = parseDictionary(bytes)[key];
    return typeof version === "string" && version !== "" ? version : null;
  } catch {
    return null;
  }
}
