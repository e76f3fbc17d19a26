import { sameUdid } from "../phone/phone.js";
import type { Answer } from "./answer.js";
import type { KnownReceipt } from "./prune-plan.js";
import type { ReceiptHead } from "./receipt.js";
import { readReceipt } from "./receipt-json.js";
import { canKeep, photosIn } from "./safe-to-remove.js";
import { answersPath } from "./same-answers.js";
import { phoneCloud } from "./why-it-stays.js";

/** When a run began and ended, in ISO 8601; the end is not known of what an older version pruned. */
interface RunTimes {
  readonly startedAt: string;
  readonly finishedAt?: string | undefined;
}

/**
 * Whether a run can know something that another one did not: it ended later, however early it began (a cut-off run goes
 * on days after), or it began later, and looked at the phone after that one had.
 */
export function isLaterRun(one: RunTimes, than: RunTimes): boolean {
  return endOf(one) > endOf(than) || Date.parse(one.startedAt) > Date.parse(than.startedAt);
}

function endOf({ startedAt, finishedAt = startedAt }: RunTimes): number {
  return Date.parse(finishedAt);
}

/**
 * What a later receipt adds to what an earlier one lists as safe to remove: all its answers, or no more than that the
 * phone uses iCloud Photos (a copy into a folder says nothing of Photos). Null where it is no later one of that phone.
 */
export function whatCounts(
  earlier: Pick<ReceiptHead, "phone" | "startedAt" | "finishedAt">,
  later: ReceiptHead,
): "answers" | "icloud" | null {
  if (!sameUdid(later.phone.udid, earlier.phone.udid) || !isLaterRun(later, earlier)) return null;
  if (later.destination.kind === "photos") return "answers";
  return later.phoneLibrary?.usesICloudPhotos === true ? "icloud" : null;
}

type ReadableReceipt = KnownReceipt & { readonly head: ReceiptHead };

/**
 * Of the receipts that would go, those that keep a photo on the phone which an earlier one that stays lists as proved, and
 * which nothing else that stays would keep there. One that cannot be read may: it stays.
 * @param going oldest first
 */
export async function holdingBack(
  going: readonly KnownReceipt[],
  staying: readonly KnownReceipt[],
): Promise<KnownReceipt[]> {
  const holding = new Set<KnownReceipt>();
  for (const earlier of staying.filter(isReadable)) {
    if (earlier.head.destination.kind !== "photos") continue;
    const laterOf = (all: readonly KnownReceipt[]) =>
      all.filter(isReadable).filter(({ head }) => whatCounts(earlier.head, head) !== null);
    const leaving = laterOf(going).reverse();
    if (leaving.length === 0) continue;
    const stillThere = laterOf(staying);
    for (const one of withCloud(earlier, leaving, stillThere)) holding.add(one);
    for (const one of await withAnswers(earlier, leaving, stillThere)) holding.add(one);
  }
  return [...holding];
}

function isReadable(receipt: KnownReceipt): receipt is ReadableReceipt {
  return receipt.head !== null;
}

/** The newest that says or fears that the phone uses iCloud Photos, where no other one does. */
function withCloud(
  earlier: ReadableReceipt,
  leaving: readonly ReadableReceipt[],
  staying: readonly ReadableReceipt[],
) {
  const isInDoubt = ({ head }: ReadableReceipt) => phoneCloud([head]) !== "unused";
  if ([earlier, ...staying].some(isInDoubt)) return [];
  return leaving.filter(isInDoubt).slice(0, 1);
}

/** @param leaving newest first */
async function withAnswers(
  earlier: ReadableReceipt,
  leaving: readonly ReadableReceipt[],
  staying: readonly ReadableReceipt[],
): Promise<Iterable<KnownReceipt>> {
  const seen = new Set([earlier, ...staying.filter(isImport)].map(holderOf));
  const others = leaving.filter((one) => isImport(one) && !seen.has(holderOf(one)));
  const own = others.length === 0 ? [] : await answersOf(earlier);
  if (own === null) return others; // nobody can say
  const photos = photosIn(own);
  const unreadable: KnownReceipt[] = [];
  const onlyIn = new Map<string, KnownReceipt>();
  for (const one of others) {
    if (seen.has(holderOf(one))) continue;
    seen.add(holderOf(one));
    const answers = await answersOf(one);
    if (answers === null) unreadable.push(one);
    for (const answer of answers ?? [])
      if (canKeep(answer, photos) && !onlyIn.has(whatItKeeps(answer))) onlyIn.set(whatItKeeps(answer), one);
  }
  const read = new Set([holderOf(earlier)]);
  for (const one of staying.filter(isImport).reverse()) {
    if (onlyIn.size === 0) break;
    if (read.has(holderOf(one))) continue;
    read.add(holderOf(one));
    for (const answer of (await answersOf(one)) ?? []) onlyIn.delete(whatItKeeps(answer));
  }
  return [...unreadable, ...onlyIn.values()];
}

function isImport({ head }: ReadableReceipt): boolean {
  return head.destination.kind === "photos";
}

function holderOf({ path, head }: ReadableReceipt): string {
  return answersPath(path, head);
}

async function answersOf({ path }: ReadableReceipt): Promise<readonly Answer[] | null> {
  return await readReceipt(path).then(
    ({ answers }) => answers,
    () => null,
  );
}

/** Two answers with the same text keep the same photos. */
function whatItKeeps({ item, path, sha256, answer, belongsTo, burst, cloud }: Answer): string {
  return JSON.stringify([item, path, sha256, answer, belongsTo, burst, cloud]);
}
