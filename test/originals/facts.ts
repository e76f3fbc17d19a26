import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hasRealLibraries, realLibraries } from "./shared-data.js";

/** What somebody else measured in a real library: `NAME.facts.json` beside `NAME.photoslibrary`. */
export interface LibraryFacts {
  readonly library: string;
  readonly model_version: number;
  readonly orphan_files: readonly string[];
  readonly import_sessions: readonly {
    readonly uuid: string;
    readonly import_session_id: string | null;
    readonly members: readonly string[];
  }[];
  readonly counts: {
    readonly assets: number;
    readonly trashed: number;
    readonly hidden: number;
    readonly by_verdict: Readonly<Record<string, number>>;
    readonly ok_by_evidence: Readonly<Record<string, number>>;
  };
  readonly assets: readonly AssetFacts[];
  readonly package_files: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
  }[];
}

export interface AssetFacts {
  readonly uuid: string;
  readonly kind: "photo" | "video";
  readonly kind_subtype: number;
  readonly original_filename: string;
  readonly original_filesize: number;
  readonly fingerprint: string | null;
  readonly directory: string;
  readonly filename: string;
  readonly trashed: number;
  readonly hidden: number;
  readonly favorite: number;
  readonly visibility_state: number;
  readonly saved_asset_type: number;
  readonly adjusted: number;
  readonly burst_uuid: string | null;
  readonly burst_pick_type: number;
  readonly media_group_uuid: string | null;
  readonly import_session: string | null;
  readonly imported_by_bundle: string | null;
  readonly date_created: string | null;
  readonly date_added: string | null;
  readonly verdict: string;
  readonly evidence: string | null;
  readonly files: readonly FileFacts[];
}

export interface FileFacts {
  readonly role: string;
  readonly path: string;
  readonly present: boolean;
  readonly size?: number;
  readonly sha256?: string;
  readonly fingerprint?: string;
  readonly db_size?: number;
  readonly db_fingerprint?: string;
}

/** Every library that has facts. Empty in a lone clone. */
export const allFacts: readonly LibraryFacts[] = hasRealLibraries
  ? readdirSync(realLibraries)
      .filter((name) => name.endsWith(".facts.json"))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(realLibraries, name), "utf8")) as LibraryFacts)
  : [];

/** Every file below a folder, its bytes and its time: what a reader must leave as it was. */
export function imageOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = entry.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "-";
      return `${path} ${content}`;
    })
    .sort();
}
