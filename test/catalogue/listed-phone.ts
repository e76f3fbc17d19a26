import type { Catalogue } from "../../src/catalogue/media-item.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { MemoryPhone, type MemoryPhoneOptions } from "../../src/virtual/iphone/memory-phone.js";

const BORN = new Date("2026-05-01T10:00:00Z");
const MODIFIED = new Date("2026-05-01T10:00:01Z");

/** A phone with these files: paths, or names that lie in /DCIM/100APPLE. Those named in `empty` have no bytes. */
export function phoneWith(
  names: readonly string[],
  options: MemoryPhoneOptions & { empty?: string[] } = {},
): MemoryPhone {
  const { empty = [], ...rest } = options;
  const files = names.map((name) => {
    const path = name.startsWith("/") ? name : `/DCIM/100APPLE/${name}`;
    return [
      path,
      { bytes: new Uint8Array(empty.includes(name) ? 0 : 1), bornAt: BORN, modifiedAt: MODIFIED },
    ] as const;
  });
  return new MemoryPhone(files, rest);
}

export async function catalogueOf(names: readonly string[], empty: string[] = []): Promise<Catalogue> {
  return await readCatalogue(phoneWith(names, { empty }), { phoneLibrary: null });
}

/** Each item as a person would write it down: `live: IMG_1.HEIC + IMG_1.MOV as live-movie`. */
export function itemsOf(catalogue: Catalogue): string[] {
  return catalogue.items.map(({ kind, files }) => {
    const parts = files.map(({ role, file }) =>
      role === "original" ? nameOf(file.path) : `${nameOf(file.path)} as ${role}`,
    );
    return `${kind}: ${parts.join(" + ")}`;
  });
}

export function setAsideOf(catalogue: Catalogue): string[] {
  return catalogue.setAside.map(({ file, code }) => `${nameOf(file.path)}: ${code}`);
}

export function nameOf(path: string): string {
  return path.replace("/DCIM/100APPLE/", "");
}
