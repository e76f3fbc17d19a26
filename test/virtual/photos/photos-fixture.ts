import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  openVirtualPhotos,
  type VirtualPhotos,
  type VirtualPhotosOptions,
} from "../../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../../src/virtual/photos/virtual-time.js";
import { GeneratedMedia } from "./generated-media.js";

export interface PhotosFixture {
  readonly folder: string;
  readonly libraryPath: string;
  readonly photos: VirtualPhotos;
  readonly time: ManualTime;
  readonly media: GeneratedMedia;
  /** Runs `(P, input) => value` as a script and returns its value; an error becomes `{number, message}`. */
  script(body: string, input?: unknown): unknown;
}

/** A folder of its own, with an empty library and a place for media; gone after the test. */
export function photosFixture(options: VirtualPhotosOptions = {}): PhotosFixture {
  const folder = temporaryFolder();
  const libraryPath = join(folder, "Virtual.photoslibrary");
  const time = new ManualTime();
  const photos = openVirtualPhotos(libraryPath, { time, ...options });
  onTestFinished(() => photos.close());
  return {
    folder,
    libraryPath,
    photos,
    time,
    media: new GeneratedMedia(join(folder, "media")),
    script: (body, input = null) => runBody(photos, body, input),
  };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-virtual-photos-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function runBody(photos: VirtualPhotos, body: string, input: unknown): unknown {
  const outcome = photos.runText(bodyText(body), { argv: [JSON.stringify(input)] });
  if (!outcome.ok) throw new Error(`the test's own script failed: ${outcome.message}`);
  return JSON.parse(outcome.output);
}

export function bodyText(body: string): string {
  return `function run(argv) {
    var P = Application("com.apple.Photos");
    var input = JSON.parse(argv[0]);
    try {
      var value = (function () { ${body} })();
      return JSON.stringify(value === undefined ? "undefined" : value);
    } catch (e) {
      return JSON.stringify({ number: e.errorNumber === undefined ? null : e.errorNumber, message: e.message });
    }
  }`;
}
