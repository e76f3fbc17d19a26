import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { type CameraRollSummary, makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { toolMissing } from "./tool.js";

let folder: string;
let roll: CameraRollSummary;
/** Pictures and videos of the roll, as paths on this computer. */
let media: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "peer-"));
  roll = await makeCameraRoll({ folder, photos: 10 });
  media = roll.files.map(({ path }) => join(folder, path)).filter((path) => !/\.(AAE|TXT)$/.test(path));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const needs = (context: TestContext, tool: string, aptPackage: string) => {
  const reason = toolMissing(tool, aptPackage);
  context.skip(reason !== null, reason ?? "");
};

/** What exiftool reads, by the file's path below the roll. */
async function exiftool(paths: string[], ...tags: string[]): Promise<Record<string, string>[]> {
  const { stdout } = await execa("exiftool", ["-json", "-api", "QuickTimeUTC", ...tags, ...paths]);
  return JSON.parse(stdout) as Record<string, string>[];
}

describe("the generated pictures and videos", () => {
  test("are decoded by ffmpeg without an error", async (context) => {
    needs(context, "ffmpeg", "ffmpeg");
    for (const path of media) {
      const { stderr, exitCode } = await execa("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"], {
        reject: false,
      });
      // Not "warning": ffmpeg 5.1 warns of a missing end in any JPEG with hardly a byte 0xFF in it, its own too.
      expect([path, exitCode, stderr]).toEqual([path, 0, ""]);
    }
  });

  test("have the codec and the number of frames that their names promise, by ffprobe", async (context) => {
    needs(context, "ffprobe", "ffmpeg");
    const codecs: Record<string, string> = {
      ".JPG": "mjpeg",
      ".PNG": "png",
      ".MOV": "mjpeg",
      ".DNG": "tiff",
    };
    for (const path of media) {
      const { stdout } = await execa("ffprobe", [
        ...["-v", "error", "-count_frames", "-of", "json", "-show_entries"],
        ...["stream=codec_name,width,height,nb_read_frames", path],
      ]);
      const [stream] = JSON.parse(stdout).streams;
      expect([path, stream.codec_name, stream.width, stream.height]).toEqual([
        path,
        codecs[extname(path)],
        128,
        96,
      ]);
      if (path.endsWith(".MOV")) expect(Number(stream.nb_read_frames)).toBeGreaterThan(1);
    }
  });

  test("are well formed for exiftool, which validates them", async (context) => {
    needs(context, "exiftool", "libimage-exiftool-perl");
    const found = await exiftool(media, "-validate", "-warning", "-error", "-a");
    expect(found).toHaveLength(media.length);
    for (const { SourceFile, Validate, Error: error } of found) {
      expect([SourceFile, Validate, error]).toEqual([SourceFile, "OK", undefined]);
    }
  });

  test("bear the same content identifier in both halves of each Live Photo, for exiftool", async (context) => {
    needs(context, "exiftool", "libimage-exiftool-perl");
    const stems = media.filter((path) => path.endsWith(".MOV")).map((path) => path.slice(0, -4));
    const live = stems.filter((stem) => media.includes(`${stem}.JPG`));
    expect(live.length).toBeGreaterThanOrEqual(4);
    const identifiers = new Set<string>();
    for (const stem of live) {
      // Older releases of exiftool call tag 0x11 of the maker note MediaGroupUUID.
      const tags = ["-ContentIdentifier", "-MediaGroupUUID"];
      const [still, video] = await exiftool([`${stem}.JPG`, `${stem}.MOV`], ...tags);
      const identifier = still!.ContentIdentifier ?? still!.MediaGroupUUID;
      expect(identifier).toMatch(/^[0-9A-F-]{36}$/);
      expect(video!.ContentIdentifier).toBe(identifier);
      identifiers.add(identifier!);
    }
    expect(identifiers.size).toBe(live.length);
  });

  test("say when they were taken: the moment of the file, for exiftool", async (context) => {
    needs(context, "exiftool", "libimage-exiftool-perl");
    const stills = roll.files.filter(({ path }) => /IMG_\d+\.JPG$/.test(path));
    const found = await exiftool(
      stills.map(({ path }) => join(folder, path)),
      "-DateTimeOriginal",
      "-OffsetTimeOriginal",
    );
    expect(found).toHaveLength(stills.length);
    for (const [index, { DateTimeOriginal, OffsetTimeOriginal }] of found.entries()) {
      const taken = stills[index]!.modifiedAt.toISOString()
        .slice(0, 19)
        .replaceAll("-", ":")
        .replace("T", " ");
      expect([DateTimeOriginal, OffsetTimeOriginal]).toEqual([taken, "+00:00"]);
    }
  });
});
