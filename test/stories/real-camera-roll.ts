import { copyFileSync, existsSync, mkdirSync, readFileSync, utimesSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";

/** Where real libraries and media are kept, beside a checkout that has them. */
export const realData = process.env.ROLLCALL_TEST_DATA ?? join(import.meta.dirname, "../../../shared/data");

/** Why the tests that read real data are skipped; undefined where the data is there. */
export const whyNoRealData = existsSync(join(realData, "photoslibrary"))
  ? undefined
  : "real libraries and media are not beside this clone (../shared/data, or ROLLCALL_TEST_DATA)";

export interface RealFile {
  /** On the phone that serves it. */
  readonly path: string;
  /** As the documentation of the data gives it, not computed from the file. */
  readonly sha256: string;
}

interface Facts {
  assets: {
    original_filename: string;
    date_created: string;
    files: { role: string; path: string; present: boolean; sha256?: string }[];
  }[];
}

/**
 * Lays real iPhone files out as an iPhone would: a folder under DCIM for each library, under the names they
 * had on the phone; sidecars of the camera as IMG_O1234.AAE, and the AAE of an edit beside its Live Photo.
 */
export async function layOutRealCameraRoll(folder: string): Promise<RealFile[]> {
  const files: RealFile[] = [];
  const rows: PhoneDatabaseRow[] = [];
  const put = (source: string, directory: string, name: string, sha256: string) => {
    mkdirSync(join(folder, directory), { recursive: true });
    const target = join(folder, directory, name);
    copyFileSync(source, target);
    utimesSync(target, new Date("2025-12-18T21:49:33Z"), new Date("2025-12-18T21:49:33Z"));
    files.push({ path: `/${directory}/${name}`, sha256 });
  };

  const libraries = ["media-types-macos15.7.2", "photos5-macos10.15.1", "shared-macos10.15.1"];
  for (const [at, library] of libraries.entries()) {
    const directory = `DCIM/${100 + at}APPLE`;
    const facts = JSON.parse(
      readFileSync(join(realData, "photoslibrary", `${library}.facts.json`), "utf8"),
    ) as Facts;
    for (const { original_filename: name, date_created, files: parts } of facts.assets) {
      const stem = name.slice(0, -extname(name).length);
      for (const part of parts) {
        if (!part.present || part.sha256 === undefined || !part.path.startsWith("originals/")) continue;
        const names: Record<string, string> = {
          primary: name,
          "live-video": `${stem}.MOV`,
          sidecar: `${stem.replace("_", "_O")}.AAE`,
        };
        const nameOnPhone = names[part.role];
        if (nameOnPhone === undefined) continue;
        const source = join(realData, "photoslibrary", `${library}.photoslibrary`, part.path);
        put(source, directory, nameOnPhone, part.sha256);
        if (part.role !== "primary") continue;
        const kind = /\.mov$/i.test(name) ? "video" : "photo";
        rows.push({ directory, filename: name, kind, createdAt: new Date(date_created) });
      }
    }
  }

  const readme = readFileSync(join(realData, "README.md"), "utf8");
  const documented = (path: string) => {
    const sha256 = new RegExp(`\\| \`${path}\` \\| [\\d,]+ \\| \`([0-9a-f]{64})\``).exec(readme)?.[1];
    if (sha256 === undefined) throw new Error(`${path} is not in the README of the data`);
    return sha256;
  };
  for (const [path, name] of [
    ["media/aae/IMG_3582.AAE", "DCIM/100APPLE/IMG_3582.AAE"],
    ["media/heic/elodie-photo.heic", "DCIM/103APPLE/IMG_0001.HEIC"],
  ] as const) {
    put(join(realData, path), join(name, ".."), basename(name), documented(path));
    if (!name.endsWith(".AAE"))
      rows.push({
        directory: join(name, ".."),
        filename: basename(name),
        kind: "photo",
        createdAt: new Date(0),
      });
  }
  await writePhoneDatabase(folder, rows);
  return files;
}
