import { existsSync } from "node:fs";
import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import type { FileFinding } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { advise, choose, sentences } from "../remedy.js";
import {
  EDIT_CAME_APART,
  type ImportOutcome,
  LEFT_OUT,
  type SentItem,
  type WhyExcluded,
} from "./imported-item.js";
import { comparableName, type ExtraItem } from "./match-imported.js";
import { notSeenByItself } from "./not-seen-by-itself.js";

/** The outcome of one item goes into the ledger before anybody hears of it. */
interface OutcomeDeps {
  readonly ledger: PhoneLedger;
  readonly clock: Clock;
}

/** Written before the others are sent: who settles the event after a kill knows that these never were. */
export function recordExcluded(items: readonly SentItem[], { ledger, clock }: OutcomeDeps): void {
  const checkedAt = clock.now();
  ledger.findings.recordFindings(
    items.flatMap(({ ledgerId, excludedFiles }) =>
      failures(excludedFiles, checkedAt).map((finding) => ({ itemId: ledgerId, finding })),
    ),
  );
}

export function recordImported(
  item: SentItem,
  ids: ReadonlyMap<string, string>,
  photos: ReadonlyMap<string, PhotosItem>,
  { ledger, clock }: OutcomeDeps,
): ImportOutcome {
  const checkedAt = clock.now();
  const findings = item.files.map((file): FileFinding => {
    const photosId = ids.get(file.path) ?? null;
    if (photosId === null) {
      const reason = leftOut("it took another part of the same photo and left this one out");
      return { path: file.path, photosId, answer: "failed", evidence: [], reason, checkedAt };
    }
    const photo = photos.get(photosId);
    const isSeen = photo === undefined || comparableName(photo.filename) === comparableName(file.name);
    const evidence = isSeen ? ["id", "name"] : ["id"];
    if (isSeen && photo?.sizeBytes === file.sizeBytes) evidence.push("size");
    const reason = isSeen ? null : notSeenByItself(photo.filename);
    return { path: file.path, photosId, answer: "present", evidence, reason, checkedAt };
  });
  ledger.findings.recordOutcome(item.ledgerId, "imported", [
    ...findings,
    ...failures(item.excludedFiles, checkedAt),
  ]);
  return { ledgerId: item.ledgerId, state: "imported" };
}

/**
 * Photos made an item of its own of a rendering, or a second one of an edited photo: it is written down as an extra
 * copy, and a rendering that came so did not come as an edit. What became of the recipe only the rows tell.
 */
export function recordExtraCopy(
  { photo, ledgerId, path }: ExtraItem,
  runId: string,
  { ledger, clock }: OutcomeDeps,
): void {
  const checkedAt = clock.now();
  ledger.together(() => {
    ledger.extraCopies.record(
      runId,
      { photosId: photo.id, name: photo.filename, itemId: ledgerId, path },
      checkedAt,
    );
    const { files } = ledger.items.get(ledgerId);
    const renderings = files.filter(({ role }) => role === "edited" || role === "edited-live-movie");
    if (!renderings.some((file) => file.path === path)) return;
    const reasons = new Map(renderings.map((file) => [file.path, cameApart(photo.filename)]));
    ledger.findings.recordFindings(
      failures(reasons, checkedAt).map((finding) => ({ itemId: ledgerId, finding })),
    );
  });
}

function cameApart(name: string): Reason {
  return {
    code: EDIT_CAME_APART,
    message: `Photos did not take it as the edit of its photo: it made a photo of its own of it, ${name}`,
    remedy: advise`Compare the two in Photos before you delete one: that one is in the album "Rollcall: extra copies", and may be the only edited one. The edit is on the phone, and its copy in staging: ${{ action: "show-staging" }} shows where.`,
  };
}

/** The library has its bytes, though Photos does not list it to scripts. */
export function recordSeenInLibrary(
  item: SentItem,
  findings: readonly FileFinding[],
  { ledger, clock }: OutcomeDeps,
): ImportOutcome {
  const left = failures(item.excludedFiles, clock.now());
  ledger.findings.recordOutcome(item.ledgerId, "imported", [...findings, ...left]);
  return { ledgerId: item.ledgerId, state: "imported" };
}

export function recordRefused(item: SentItem, message: string, book: OutcomeDeps): ImportOutcome {
  const reasons = new Map<string, WhyExcluded>([
    ...item.files.map(({ path }) => [path, leftOut(message)] as const),
    ...item.excludedFiles,
  ]);
  const gone = item.files.find(({ copyPath }) => !existsSync(copyPath));
  if (gone !== undefined) for (const path of reasons.keys()) reasons.set(path, stagedCopyGone(gone.name));
  return recordFailed(item.ledgerId, reasons, book);
}

/** Photos was given a path at which nothing was: that says nothing of the photo. */
function stagedCopyGone(name: string): Reason {
  return {
    code: "STAGED_COPY_GONE",
    message: `its copy in staging was gone before Photos had read it: ${name}`,
    remedy:
      "Something removed it: leave the staging folder alone while a run goes on. The same command copies it anew.",
  };
}

/** @param reasons for every file of the item, by path on the phone */
export function recordFailed(
  ledgerId: number,
  reasons: ReadonlyMap<string, WhyExcluded>,
  { ledger, clock }: OutcomeDeps,
): ImportOutcome {
  ledger.findings.recordOutcome(ledgerId, "failed", failures(reasons, clock.now()));
  return { ledgerId, state: "failed" };
}

/**
 * Writes that nobody knows whether Photos has it. It is not sent again.
 * @param isHidden Photos imported something that it does not show: to import this again could double it
 */
export function recordUnknown(
  item: SentItem,
  cause: string,
  { ledger, clock }: OutcomeDeps,
  { isHidden = false }: { readonly isHidden?: boolean } = {},
): ImportOutcome {
  const events = ledger.batches.batchesWith([item.ledgerId]).length;
  const reason: Reason = {
    code: "PHOTOS_WOULD_NOT_SAY",
    message: `it was handed to Photos, and it is not known whether it is in Photos: ${cause}`,
    remedy: sentences(isHidden ? ASK_THE_BYTES : LOOK_OR_AGAIN, events > 1 ? SENT_AGAIN : SENT_ONCE),
  };
  const checkedAt = clock.now();
  const findings = item.files.map(
    ({ path }): FileFinding => ({ path, photosId: null, answer: "unknown", evidence: [], reason, checkedAt }),
  );
  ledger.findings.recordOutcome(item.ledgerId, "unknown", [
    ...findings,
    ...failures(item.excludedFiles, checkedAt),
  ]);
  return { ledgerId: item.ledgerId, state: "unknown" };
}

const LOOK_OR_AGAIN = advise`Quit Photos and run the same command again: where Rollcall may read the library, its bytes tell. Where it may not, look for it in Photos; if it is not there, ${choose("retry")} imports it.`;
const ASK_THE_BYTES =
  "Photos shows no script what is hidden, and of a burst one frame. Let Rollcall read the library (System Settings > " +
  "Privacy & Security > Photos), and run the same command again: its bytes tell.";
const SENT_ONCE = "It was not sent twice, so there is no duplicate.";
const SENT_AGAIN = "It was sent more than once: where it is in Photos, it may be there twice.";

function failures(reasons: ReadonlyMap<string, WhyExcluded>, checkedAt: Date): FileFinding[] {
  return [...reasons].map(
    ([path, { isExpected, ...reason }]): FileFinding => ({
      path,
      photosId: null,
      answer: isExpected === true ? "set-aside" : "failed",
      evidence: [],
      reason,
      checkedAt,
    }),
  );
}

function leftOut(message: string): Reason {
  return {
    code: LEFT_OUT,
    message: `Photos would not take it: ${message}`,
    remedy: advise`Open it on the phone; if it opens there, import it by hand in Photos (its copy is in staging: ${{ action: "show-staging" }}).`,
  };
}
