import { rmSync } from "node:fs";
import { importFiles } from "../../dist/jxa/scripts/import-files.js";
import { importFilesRaw } from "../../dist/jxa/scripts/import-files-raw.js";
import { withAlbum } from "../contracts/photos-library-contract.js";
import type { Experiment, Mac } from "./experiment.js";

/** Batches as large as a run may send them: they take an hour, and much of the disk. */
export const largeExperiments: readonly Experiment[] = [
  largeBatch("large-batch-plain", "the plain import event"),
  largeBatch("large-batch-raw", "the event that is built by hand"),
];

/** Left free beside what is written. */
const RESERVE_BYTES = 5e9;

function largeBatch(name: "large-batch-plain" | "large-batch-raw", event: string): Experiment {
  return {
    name,
    isLong: true,
    question: `Do 60 videos of 300 MB come in by ${event}, how does it end, and after how long?`,
    matters:
      "src/import/batches.ts sizes batches, and src/jxa/jxa-photos-library.ts chooses the event by their size.",
    async ask(mac) {
      const { count, bytes } = mac.large;
      const needed = 2 * count * bytes + RESERVE_BYTES;
      for (const folder of [mac.media.makeFolder(), mac.libraryPath]) {
        const free = await mac.freeBytes(folder);
        if (free < needed) {
          const says = `Not asked: it needs ${gigabytes(needed)} free, and there are ${gigabytes(free)}.`;
          return { says, observed: { neededBytes: needed, freeBytes: free } };
        }
      }
      const paths = mac.media.largeVideos(count, bytes);
      try {
        return await sendLarge(mac, name, paths);
      } finally {
        for (const path of paths) rmSync(path, { force: true });
      }
    },
  };
}

async function sendLarge(mac: Mac, name: "large-batch-plain" | "large-batch-raw", paths: readonly string[]) {
  return await withAlbum(mac, async ({ id: albumId }) => {
    const begun = mac.clock.now().getTime();
    const answer =
      name === "large-batch-plain"
        ? await mac.run(importFiles, { paths, albumId }, 3_600_000)
        : await mac.run(importFilesRaw, { paths, albumId, timeoutSeconds: 3_500 }, 3_600_000);
    const afterMs = mac.clock.now().getTime() - begun;
    const lengths: (number | null)[] = [];
    // The files may only go when nothing reads them any more.
    for (let rests = 0; rests < 6 && lengths.at(-1) !== paths.length; rests++) {
      const length = (await mac.photos.describeAlbum(albumId))?.length ?? null;
      if (length !== lengths.at(-1)) rests = 0;
      lengths.push(length);
      await mac.clock.wait(mac.settleMs * 2);
    }
    const ended = answer.ok ? "answered" : `ended with ${answer.number}`;
    const says = `It ${ended} after ${Math.round(afterMs / 1000)} s; ${lengths.at(-1)} of ${paths.length} came in.`;
    return { says, observed: { answer, afterMs, lengths } };
  });
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
