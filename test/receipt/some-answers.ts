import { createHash } from "node:crypto";
import type { Answer } from "../../src/receipt/answer.js";
import { type ReceiptHead, TotalsCounter } from "../../src/receipt/receipt.js";

/** One good file; a test says what is different about its own. */
export function answer(path: string, changes: Partial<Answer> = {}): Answer {
  return {
    path,
    sizeBytes: 2_400_000,
    modifiedAt: "2026-11-20T10:00:00.000Z",
    item: path,
    answer: "present",
    thisRun: true,
    sha256: "a".repeat(64),
    photosId: "0F9E3C5A-0000-4000-8000-000000000001/L0/001",
    checkedAt: "2026-11-22T18:41:00.000Z",
    evidence: ["id", "name"],
    reason: null,
    ...changes,
  };
}

export const failed = {
  answer: "failed",
  thisRun: false,
  sha256: null,
  photosId: null,
  evidence: [],
  reason: {
    code: "PHOTOS_LEFT_OUT",
    message: "Photos would not take it",
    remedy: "Open it on the phone; if it is broken there too, nothing is lost.",
  },
} as const satisfies Partial<Answer>;

export const inICloudOnly = {
  answer: "in-icloud-only",
  thisRun: false,
  sha256: null,
  photosId: null,
  evidence: [],
  reason: { code: "IN_ICLOUD_ONLY", message: "its original is in iCloud", remedy: "Download it first." },
} as const satisfies Partial<Answer>;

export const proved = { answer: "proved", evidence: ["size", "sha256"] } as const satisfies Partial<Answer>;

/** As a phone has them: so many photos, each fifth a Live Photo, with hashes and ids that no two have in common. */
export function* manyAnswers(photos: number): Generator<Answer> {
  for (let at = 0; at < photos; at++) {
    const item = `/DCIM/${100 + Math.floor(at / 999)}APPLE/IMG_${String(at % 10_000).padStart(4, "0")}.HEIC`;
    const hash = createHash("sha256").update(String(at)).digest("hex");
    const uuid = hash.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
    const modifiedAt = new Date(Date.UTC(2020, 0, 1) + at * 7_777_000).toISOString();
    const own = { item, modifiedAt, sha256: hash, photosId: `${uuid}/L0/001`, sizeBytes: 2_000_000 + at };
    yield answer(item, at % 1000 === 7 ? { ...failed, item } : { ...proved, ...own });
    if (at % 5 === 0) yield answer(item.replace("HEIC", "MOV"), { ...proved, ...own });
  }
}

/** What a run would write above these answers. */
export function headOf(answers: Iterable<Answer>, changes: Partial<ReceiptHead> = {}): ReceiptHead {
  const counter = new TotalsCounter();
  for (const one of answers) counter.add(one);
  return {
    receipt: 1,
    id: "5b6f0f6e-0000-4000-8000-000000000001",
    tool: { name: "rollcall", version: "0.1.0" },
    startedAt: "2026-11-22T18:40:00.000Z",
    finishedAt: "2026-11-22T18:41:00.000Z",
    phone: { udid: "0".repeat(40), name: "Anna's iPhone", productType: "iPhone16,1", iosVersion: "18.5" },
    destination: {
      kind: "photos",
      library: "/Users/anna/Pictures/Photos Library.photoslibrary",
      album: { id: "A/L0/040", name: "Last Import" },
    },
    totals: counter.totals(),
    evidence: { rung: 2, liftedBy: null },
    phoneLibrary: { usesICloudPhotos: false },
    ...changes,
  };
}

/** Names that a phone could hold and that should stay text. */
export const HOSTILE_NAMES = [
  `/DCIM/100APPLE/</script><script>window.wasHere = 1</script>.JPG`,
  `/DCIM/100APPLE/"><img src=x onerror="window.wasHere = 2">.JPG`,
  `/DCIM/100APPLE/' autofocus onfocus='window.wasHere = 3.JPG`,
  "/DCIM/100APPLE/</style></title><!--.JPG",
  "/DCIM/100APPLE/line\nbreak\u202Egpj.exe\u2028.JPG",
  "/DCIM/100APPLE/{{window.wasHere = 4}}&lt;b&gt;.JPG",
  "/DCIM/100APPLE/\u05E9\u05DC\u05D5\u05DD.JPG",
] as const;
