import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePassingFolder, type PassingFolder } from "../owned-folder.js";
import type { Phone } from "../phone/phone.js";
import type { Plan } from "../plan/decision.js";
import type { Imported } from "../receipt/call-the-roll.js";
import type { Thumbnail, Thumbnails } from "../receipt/page-pictures.js";
import { PhonePictures, shownByItself, type WantedPicture } from "./phone-pictures.js";

const MOST_PICTURES = 2_000;
const AT_ONCE = 4;
/** A page without pictures is still a receipt, and nobody should wait for them. */
const MOST_TIME_MS = 20_000;

/**
 * What this run imported or could not import, what went wrong first, and what is in iCloud only. Never what is hidden
 * or in Recently Deleted: a page is shown around. Nothing where nothing came.
 */
export function wantedPictures(
  { decisions, catalogue }: Plan,
  imported: ReadonlyMap<string, Imported>,
  { runId, copyPathOf }: { readonly runId: string; readonly copyPathOf: (path: string) => string | null },
): WantedPicture[] {
  const ofThisRun = decisions.filter(
    (decision) =>
      decision.item.kind !== "other" &&
      !decision.item.hidden &&
      !decision.item.trashed &&
      (decision.action === "import" || (decision.action === "already" && decision.entry.runId === runId)),
  );
  if (ofThisRun.length === 0) return [];
  const isFailed = (key: string) => imported.get(key)?.type === "failed";
  const inOrder = [
    ...ofThisRun.filter(({ item }) => isFailed(item.key)),
    ...ofThisRun.filter(({ item }) => !isFailed(item.key)),
  ];
  const inICloud = catalogue.cloudOnly.filter(({ hidden, trashed }) => !hidden && !trashed);
  return [
    ...inOrder.slice(0, MOST_PICTURES).map(({ item }) => {
      const showing = shownByItself(item.files[0]!.file);
      const copyPath = showing === null ? null : copyPathOf(showing);
      return { item: item.key, shownByItself: showing, copyPath };
    }),
    ...inICloud.map(({ path }) => ({ item: path, shownByItself: null, copyPath: null })),
  ].slice(0, MOST_PICTURES);
}

/**
 * Asks the phone for small pictures, a few at once and for a short while. Whatever goes wrong, a locked phone, a
 * pulled cable, a full disk, there are fewer pictures and nothing else happens. Each costs one read where the phone
 * has the larger one, another where it has the smaller one alone; the first few a listing before.
 * @param workFolder exists; the pictures come to lie below it
 */
export async function fetchThumbnails(
  wanted: readonly WantedPicture[],
  { phone, workFolder, signal }: { phone: Phone; workFolder: string; signal?: AbortSignal | undefined },
): Promise<{ thumbnails: Thumbnails } & AsyncDisposable> {
  let folder: PassingFolder | null = null;
  const found = new Map<string, Thumbnail>();
  const time = AbortSignal.timeout(MOST_TIME_MS);
  const stop = signal === undefined ? time : AbortSignal.any([signal, time]);
  const source = new PhonePictures(phone);
  const queue = wanted.entries();
  const work = async (path: string) => {
    for (const [at, one] of queue) {
      const picture = await source.of(one, stop);
      if (picture === null) continue;
      const filePath = join(path, String(at));
      await writeFile(filePath, picture.bytes, { mode: 0o600 });
      found.set(one.item, { type: picture.type, filePath });
    }
  };
  if (wanted.length > 0) {
    try {
      const { path } = (folder = makePassingFolder(workFolder, "thumbnails"));
      await Promise.all(Array.from({ length: AT_ONCE }, () => work(path).catch(() => source.cancel())));
    } catch {
      source.cancel();
    }
  }
  const inOrder = wanted.flatMap(({ item }) => {
    const thumbnail = found.get(item);
    return thumbnail === undefined ? [] : [[item, thumbnail] as const];
  });
  return {
    thumbnails: new Map(inOrder),
    [Symbol.asyncDispose]: async () => folder?.remove(),
  };
}
