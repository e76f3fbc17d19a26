import type { PageState, PhotoItem, PhotosHead, RunNow } from "../../../src/gui/page/server-state.js";
import { SeededNumbers } from "../../../src/virtual/iphone/seeded-numbers.js";

const KINDS: readonly PhotoItem["kind"][] = ["photo", "live", "live", "photo", "video", "screenshot", "raw"];
const DAY = 24 * 3600 * 1000;
/** Noon of 20 November 2026 by this computer's clock. */
export const NEWEST_AT = new Date(2026, 10, 20, 12).getTime();

/** Photos of a phone that somebody uses: many on some days, none on others, the older ones imported. */
export function manyPhotos(items: number, newItems = items): PhotoItem[] {
  const numbers = new SeededNumbers(14);
  const days: number[] = [];
  for (let day = 0; days.length < items; day += 1 + numbers.below(4))
    for (let photos = 1 + numbers.below(numbers.below(3) === 0 ? 40 : 6); photos > 0; photos -= 1)
      days.push(NEWEST_AT - day * DAY);
  return days
    .slice(0, items)
    .reverse()
    .map((day, id) => onePhoto(id, day + id * 1000, items - id <= newItems, numbers));
}

function onePhoto(id: number, at: number, isNew: boolean, numbers: SeededNumbers): PhotoItem {
  const kind = KINDS[numbers.below(KINDS.length)]!;
  const ending = { photo: "HEIC", live: "HEIC", video: "MOV", raw: "DNG", screenshot: "PNG" }[kind];
  return {
    id,
    name: `IMG_${String(id + 1).padStart(4, "0")}.${ending}`,
    kind,
    at,
    bytes: 1_000_000 + numbers.below(4_000_000),
    state: isNew ? "new" : "imported",
    ...(numbers.below(9) === 0 && { isFavorite: true as const }),
    ...(numbers.below(9) === 0 && { isEdited: true as const }),
    ...(kind === "video" && { seconds: 3 + numbers.below(200) }),
    ...(numbers.below(5) === 0 && { albums: [numbers.below(2)] }),
  };
}

export function headOf(photos: readonly PhotoItem[], plan = 1): PhotosHead {
  const fresh = photos.filter(({ state }) => state === "new" || state === "again");
  return {
    plan,
    items: photos.length,
    newItems: fresh.length,
    newBytes: fresh.reduce((sum, { bytes }) => sum + bytes, 0),
    importedItems: photos.filter(({ state }) => state === "imported").length,
    albums: ["Holidays", "Garden"],
    notes: [],
    library: null,
  };
}

export const NO_PHONE: PageState = {
  version: "0.1.0",
  service: null,
  phones: [],
  opened: null,
  run: null,
  question: null,
  check: null,
  automaticWrites: "It writes a file.",
  can: { eject: true, showAlbum: true, automatic: true },
};

export const UDID = "00008140-000C0FFEE0DDF00D";

export const PHONE: PageState["phones"][number] = {
  udid: UDID,
  name: "Anna's iPhone",
  kind: "iPhone 16, iOS 26.6.1",
  isReady: true,
  words: "ready",
  trouble: null,
  isAutomatic: false,
};

export const LOCKED: PageState["phones"][number] = {
  ...PHONE,
  isReady: false,
  words: "locked",
  trouble: {
    code: "PHONE_LOCKED",
    message: "Anna's iPhone is locked.",
    why: "Its photos can be read only once it was unlocked.",
    remedy: ["Unlock it and leave it on the cable."],
  },
};

export const A_RUN: RunNow = {
  number: 1,
  phone: "Anna's iPhone",
  phase: "working",
  waitingFor: null,
  copied: { items: 40, ofItems: 100, bytes: 120_000_000, ofBytes: 300_000_000 },
  imported: { items: 24, ofItems: 100 },
  proved: 20,
  bytesPerSecond: 38_000_000,
  secondsLeft: 95,
  photosIs: null,
  isLookAtPhotos: false,
  notices: [],
  isStopping: false,
  isSafeToUnplug: false,
  end: null,
};
