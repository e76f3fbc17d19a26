import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ItemCheckUp } from "../../src/originals/check-item.js";
import { checkUp } from "../../src/originals/check-up.js";
import { openLibraryDatabase } from "../../src/originals/library-database.js";
import type { LibraryItem } from "../../src/originals/library-item.js";
import { allFacts, imageOf } from "./facts.js";
import { hasRealLibraries, needsRealLibraries, realLibraries } from "./shared-data.js";

let workFolder: string;
beforeAll(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-reader-"));
});
afterAll(() => rmSync(workFolder, { recursive: true }));

describe.skipIf(!hasRealLibraries)(`real libraries${needsRealLibraries}`, () => {
  it("are five at least, from macOS 10.15 to 26", () => {
    expect(allFacts.length).toBeGreaterThanOrEqual(5);
  });

  describe.each(allFacts)("$library", (facts) => {
    const path = join(realLibraries, facts.library);
    const items = new Map<string, LibraryItem>();
    const checked = new Map<string, ItemCheckUp>();

    it("is read to its end and left as it was, and the copy of its database is gone afterwards", async () => {
      const before = imageOf(path);
      {
        await using database = await openLibraryDatabase(path, { workFolder });
        expect(database.modelVersion).toBe(facts.model_version);
        expect(database.isKnownModel).toBe(true);
        expect(database.countItems()).toBe(facts.counts.assets);
        for (const item of database.items()) {
          items.set(item.uuid, item);
          expect(database.item(item.uuid)).toEqual(item);
          expect(database.item(`${item.uuid}/L0/001`)).toEqual(item);
        }
        const check = checkUp(database);
        for await (const one of check) checked.set(one.uuid, one);
        const { totals } = check;
        expect(totals.items).toBe(facts.counts.assets);
        expect(totals.trashed).toBe(facts.counts.trashed);
        expect(totals.hidden).toBe(facts.counts.hidden);
        expect(totals.sizeOnly).toBe(facts.counts.ok_by_evidence["size-only"] ?? 0);
        expect(totals.byVerdict).toMatchObject(facts.counts.by_verdict);
        expect(Object.values(totals.byVerdict).reduce((sum, count) => sum + count, 0)).toBe(
          facts.counts.assets,
        );
        expect(totals.orphanFiles).toEqual(facts.orphan_files);
      }
      expect(imageOf(path)).toEqual(before);
      expect(readdirSync(workFolder)).toEqual([]);
    });

    it.each(facts.assets)("has the same row for $original_filename ($uuid)", (asset) => {
      const item = items.get(asset.uuid);
      expect(item).toMatchObject({
        uuid: asset.uuid,
        name: asset.original_filename,
        sizeBytes: asset.original_filesize === 0 ? null : asset.original_filesize,
        kind: asset.kind,
        kindSubtype: asset.kind_subtype,
        isTrashed: asset.trashed === 1,
        isHidden: asset.hidden === 1,
        isFavorite: asset.favorite === 1,
        isVisible: asset.visibility_state === 0,
        isEdited: asset.adjusted !== 0,
        savedType: { 3: "copied", 4: "shared-album", 10: "referenced" }[asset.saved_asset_type],
        fingerprint: asset.fingerprint,
        burstIdentifier: asset.burst_uuid,
        contentIdentifier: asset.media_group_uuid,
        importSession:
          facts.import_sessions.find(({ members }) => members.includes(asset.uuid))?.uuid ?? null,
        trouble: null,
      });
      expect(isWithinOneMs(item?.addedAt, asset.date_added)).toBe(true);
      // A TIFF says 123456789012345 seconds.
      const isPossible = asset.date_created?.length === "2000-01-01T00:00:00.000Z".length;
      expect(isWithinOneMs(item?.createdAt, isPossible ? asset.date_created : null)).toBe(true);
      if (asset.burst_uuid !== null) expect(item?.isBurstPick).toBe((asset.burst_pick_type & 2) === 0);
    });

    it.each(facts.assets)(
      "gives $original_filename ($uuid) the verdict $verdict, with the same files",
      (asset) => {
        const found = checked.get(asset.uuid);
        expect(found).toMatchObject({ verdict: asset.verdict, evidence: asset.evidence });
        const files = found?.files
          .filter(({ role }) => role !== "edit")
          .map(({ role, path, sizeBytes, sha256, fingerprint, expectedBytes }) => ({
            role,
            path,
            sizeBytes,
            sha256,
            fingerprint,
            expectedBytes,
          }));
        expect(files).toEqual(
          asset.files.map((file) => ({
            role: file.role,
            path: file.path,
            sizeBytes: file.size ?? null,
            sha256: file.sha256 ?? null,
            fingerprint: file.fingerprint ?? null,
            expectedBytes: file.db_size ?? null,
          })),
        );
      },
    );

    it("knows where referenced files lie: folder, name, volume", () => {
      const referenced = facts.assets.filter(({ saved_asset_type }) => saved_asset_type === 10);
      for (const { uuid, directory, filename } of referenced)
        expect(items.get(uuid)?.referenced).toMatchObject({ folder: directory, name: filename });
      const onVolume = referenced.find(({ directory }) => directory.startsWith("/Volumes/"));
      if (onVolume !== undefined)
        expect(items.get(onVolume.uuid)?.referenced).toMatchObject({
          volumeName: "MacBook Mojave",
          pathOnVolume: "Users/Shared/Pumpkins4.jpg",
        });
      const others = [...items.values()].filter(({ savedType }) => savedType !== "referenced");
      expect(others.every((item) => item.referenced === null)).toBe(true);
    });

    it("has the edits that are in the package, with their bytes", () => {
      const inRenders = facts.package_files.filter(
        (file) => file.path.startsWith("resources/renders/") && !file.path.endsWith(".plist"),
      );
      const edits = [...checked.values()].flatMap(({ files }) =>
        files.filter(({ role, sha256 }) => role === "edit" && sha256 !== null),
      );
      expect(
        edits.map((file) => ({ path: file.path, size: file.sizeBytes, sha256: file.sha256 })).sort(byPath),
      ).toEqual([...inRenders].sort(byPath));
      for (const edit of edits) expect(edit.sizeBytes).toBe(edit.expectedBytes);
    });
  });
});

function byPath(one: { path: string | null }, other: { path: string | null }): number {
  return (one.path ?? "") < (other.path ?? "") ? -1 : 1;
}

/** The facts cut what they had of a millisecond. */
function isWithinOneMs(date: Date | null | undefined, text: string | null): boolean {
  if (date == null || text === null) return date === text;
  return Math.abs(date.getTime() - Date.parse(text)) <= 1;
}
