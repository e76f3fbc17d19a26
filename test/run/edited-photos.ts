import { expect } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

export interface EditedOptions {
  /** The first number; 1 unless given. */
  readonly from?: number;
  /** One in so many is edited; 1 unless given. */
  readonly every?: number;
}

/** Photos by their numbers, small and no two alike; the edited ones with the recipe and the rendering of their edit. */
export function photosWithEdits(count: number, { from = 1, every = 1 }: EditedOptions = {}) {
  const [picture, rendering] = [jpeg(1), jpeg(2)];
  const files: Record<string, Buffer> = {};
  for (let number = from; number < from + count; number += 1) {
    const place = `/DCIM/${100 + Math.floor((number - 1) / 999)}APPLE/`;
    const digits = String(((number - 1) % 999) + 1).padStart(4, "0");
    files[`${place}IMG_${digits}.JPG`] = Buffer.concat([picture, Buffer.from(String(number))]);
    if (number % every !== 0) continue;
    files[`${place}IMG_${digits}.AAE`] = aae(number);
    files[`${place}IMG_E${digits}.JPG`] = Buffer.concat([rendering, Buffer.from(String(number))]);
  }
  return files;
}

/** An edited Live Photo, whole: both halves, the recipe, both halves of the rendering. */
export function editedLivePhoto(number: number): Record<string, Buffer> {
  const stem = (letter: string) => `/DCIM/100APPLE/IMG_${letter}${String(number).padStart(4, "0")}`;
  const [id, renderedId] = [`LIVE-${number}`, `LIVE-E${number}`];
  return {
    [`${stem("")}.JPG`]: jpeg(number, id),
    [`${stem("")}.MOV`]: mov(number, id),
    [`${stem("")}.AAE`]: aae(number),
    [`${stem("E")}.JPG`]: jpeg(number + 500, renderedId),
    [`${stem("E")}.MOV`]: mov(number + 500, renderedId),
  };
}

/** How many photos each import event carried, in the order of the events; only of edited photos where asked so. */
export function watchBatches(harness: ImportHarness, which: "all" | "edited" = "edited"): number[] {
  const sizes: number[] = [];
  const whole = harness.runScript;
  const watched: RunScript = (script, input, options) => {
    const { paths } = (input ?? {}) as { paths?: string[] };
    if (script.name === "importFiles" || script.name === "importFilesRaw") {
      const photos = paths!.filter((path) => /IMG_\d+\.(JPG|HEIC)$/.test(path));
      if (which === "all" || paths!.some((path) => path.endsWith(".AAE"))) sizes.push(photos.length);
    }
    return whole(script, input, options);
  };
  harness.runScript = watched;
  return sizes;
}

/** A first run of a thousand photos, and a second of a thousand more: all come, and by no more Apple events than that. */
export async function expectFewEvents({
  every,
  first,
  later,
}: {
  readonly every: number;
  readonly first: number;
  readonly later: number;
}): Promise<void> {
  using harness = new ImportHarness();
  const request = { withoutPhoneLibrary: true } as const;
  await harness.import(phoneWith(photosWithEdits(1_000, { every })), request);
  expect(harness.photos.counters().total).toBeLessThanOrEqual(first);
  harness.photos.resetCounters();
  const { head } = await harness.import(phoneWith(photosWithEdits(2_000, { every })), request);
  expect(harness.photos.counters().total).toBeLessThanOrEqual(later);
  expect(head.totals.byAnswer.proved).toBe(head.totals.files);
  expect(harness.itemCount()).toBe(2_000);
}
