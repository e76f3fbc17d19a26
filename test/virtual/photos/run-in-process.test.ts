import { describe, expect, it } from "vitest";
import { ScriptDeadlineError } from "../../../src/jxa/run-script.js";
import { addToAlbum } from "../../../src/jxa/scripts/add-to-album.js";
import { albumContents } from "../../../src/jxa/scripts/album-contents.js";
import { createAlbum } from "../../../src/jxa/scripts/create-album.js";
import { deleteAlbum } from "../../../src/jxa/scripts/delete-album.js";
import { describeItems } from "../../../src/jxa/scripts/describe-items.js";
import { findAlbums } from "../../../src/jxa/scripts/find-albums.js";
import { importFiles } from "../../../src/jxa/scripts/import-files.js";
import { launchPhotos } from "../../../src/jxa/scripts/launch-photos.js";
import { renameAlbum } from "../../../src/jxa/scripts/rename-album.js";
import { runInProcess } from "../../../src/virtual/photos/run-in-process.js";
import { photosFixture } from "./photos-fixture.js";

const patient = { deadlineMs: 600_000 };

describe("Rollcall's own scripts, run in process", () => {
  it("launch, make an album, import into it, read it back, rename it, add to another and delete it", async () => {
    const { photos, time, media } = photosFixture();
    const run = runInProcess(photos, time);
    expect(await run(launchPhotos, { launch: true }, patient)).toEqual({
      ok: true,
      value: { version: "11.0" },
    });

    const made = await run(createAlbum, { name: "Journal 1" }, patient);
    if (!made.ok) throw new Error(made.message);
    const albumId = made.value.id;
    const paths = [
      media.jpeg("IMG_0001.JPG", "A-1"),
      media.video("IMG_0001.MOV", "A-1"),
      media.png("IMG_0002.PNG"),
    ];
    const imported = await run(importFiles, { paths, albumId }, patient);
    if (!imported.ok || imported.value.ids === null) throw new Error("the import gave no ids");
    const { ids } = imported.value;
    expect(ids).toHaveLength(2);

    const contents = await run(albumContents, { id: albumId }, patient);
    expect(contents).toMatchObject({ ok: true, value: { ids, filenames: ["IMG_0001.JPG", "IMG_0002.PNG"] } });
    expect(await run(describeItems, { ids }, patient)).toMatchObject({ ok: true });

    const other = await run(createAlbum, { name: "Other" }, patient);
    if (!other.ok) throw new Error(other.message);
    expect(await run(addToAlbum, { itemIds: ids, albumId: other.value.id }, patient)).toMatchObject({
      ok: true,
    });
    expect(await run(renameAlbum, { id: other.value.id, name: "Last Import" }, patient)).toMatchObject({
      ok: true,
    });
    expect(await run(deleteAlbum, { id: albumId }, patient)).toMatchObject({ ok: true });
    expect(await run(findAlbums, { name: "Last Import" }, patient)).toMatchObject({
      ok: true,
      value: [{ name: "Last Import", length: 2 }],
    });
    expect(await run(albumContents, { id: albumId }, patient)).toEqual({ ok: true, value: null });
  });

  it("ends a script whose deadline has passed, and Photos does what it was asked all the same", async () => {
    const { photos, time, media, script } = photosFixture();
    const run = runInProcess(photos, time);
    const made = await run(createAlbum, { name: "Journal 1" }, patient);
    if (!made.ok) throw new Error(made.message);
    photos.faults({ name: "import-times-out", lateByMs: 1000 });
    const input = { paths: [media.png("IMG_0001.PNG")], albumId: made.value.id };
    await expect(run(importFiles, input, { deadlineMs: 5000 })).rejects.toThrow(ScriptDeadlineError);
    expect(script("delay(2); return P.mediaItems.length")).toBe(1);
  });

  it("ends a script that waits for a Photos that never answers, when its deadline has passed and no later", async () => {
    const { photos, time } = photosFixture();
    photos.faults({ name: "stops-answering", manner: "blocks-for-good" });
    const before = time.now().getTime();
    const asked = runInProcess(photos, time)(launchPhotos, { launch: true }, { deadlineMs: 5000 });
    await expect(asked).rejects.toThrow(ScriptDeadlineError);
    expect(time.now().getTime() - before).toBe(5001);
  });

  it("runs nothing once its caller has stopped", async () => {
    const { photos, time } = photosFixture();
    const options = { ...patient, signal: AbortSignal.abort() };
    await expect(runInProcess(photos, time)(launchPhotos, { launch: true }, options)).rejects.toMatchObject({
      code: "STOPPED",
    });
    expect(photos.running()).toBeNull();
  });
});
