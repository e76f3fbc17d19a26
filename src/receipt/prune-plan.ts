import { sameUdid } from "../phone/phone.js";
import type { ReceiptHead } from "./receipt.js";
import { placeOf } from "./same-answers.js";

/** A receipt in its folder, as far as it matters to pruning. */
export interface KnownReceipt {
  readonly path: string;
  /** The name of its JSON. */
  readonly file: string;
  /** Null where it cannot be read. */
  readonly head: ReceiptHead | null;
  /** A later receipt names it with other bytes than it has. */
  readonly isChanged: boolean;
}

/** A receipt is kept if one of them keeps it, of each phone and place apart, as restic's flags of these names do. */
export interface KeepRules {
  readonly last?: number | undefined;
  /** The first instant to keep, where this is the newest receipt. */
  readonly within?: ((newest: Date) => Date) | undefined;
}

/** Why a receipt stays that no rule keeps. */
export type WhyKept =
  | "newest"
  | "newest-answers"
  | "named"
  | "unfinished"
  | "changed"
  | "unreadable"
  | "holds-back"
  | "not-ours";

export interface PrunePlan {
  readonly going: readonly KnownReceipt[];
  /** Null: a rule keeps it. */
  readonly staying: ReadonlyMap<KnownReceipt, WhyKept | null>;
}

/** What has to be looked at beyond the heads. */
export interface PruneKnowledge {
  readonly now: Date;
  /** A run that is cut off writes its receipt again. */
  readonly isUnfinished: (runId: string) => boolean;
  /** Its answers can be read, and not its head alone. */
  readonly isWhole: (receipt: KnownReceipt) => Promise<boolean>;
  /** Its files may be removed. */
  readonly isOurs: (receipt: KnownReceipt) => boolean;
  /**
   * Of those that would go, the ones without which an earlier receipt that stays would list more photos as safe to remove
   * than it does with them.
   */
  readonly holdingBack: (
    going: readonly KnownReceipt[],
    staying: readonly KnownReceipt[],
  ) => Promise<readonly KnownReceipt[]>;
}

/**
 * Which receipts may go.
 * @param receipts all of a folder, oldest first
 */
export async function planPrune(
  receipts: readonly KnownReceipt[],
  rules: KeepRules,
  known: PruneKnowledge,
): Promise<PrunePlan> {
  const staying = new Map<KnownReceipt, WhyKept | null>();
  const keep = (receipt: KnownReceipt, why: WhyKept | null) => {
    if (!staying.has(receipt)) staying.set(receipt, why);
  };
  for (const group of groupsOf(receipts)) {
    for (const receipt of keptByRule(group, rules, known.now)) keep(receipt, null);
    for (const receipt of newestOf(group)) keep(receipt, "newest");
    for (const receipt of group.filter(({ head }) => head.sameAnswersAs === undefined).reverse()) {
      keep(receipt, "newest-answers");
      if (await known.isWhole(receipt)) break;
    }
  }
  for (const receipt of receipts) {
    const { head, isChanged } = receipt;
    if (head === null) keep(receipt, "unreadable");
    else if (known.isUnfinished(head.id)) keep(receipt, "unfinished");
    else if (isChanged) keep(receipt, "changed");
    else if (!known.isOurs(receipt)) keep(receipt, "not-ours");
  }
  const left = () => receipts.filter((receipt) => !staying.has(receipt));
  for (;;) {
    for (const receipt of namedBy([...staying.keys()], receipts)) keep(receipt, "named");
    const holding = await known.holdingBack(left(), [...staying.keys()]);
    if (holding.length === 0) return { going: left(), staying };
    for (const receipt of holding) keep(receipt, "holds-back");
  }
}

type ReadableReceipt = KnownReceipt & { readonly head: ReceiptHead };

/** Of one phone and place each, oldest first. */
function groupsOf(receipts: readonly KnownReceipt[]): ReadableReceipt[][] {
  const groups: ReadableReceipt[][] = [];
  for (const receipt of receipts) {
    const { head } = receipt;
    if (head === null) continue;
    const own = groups.find(([one]) => isSameGroup(one!.head, head));
    if (own === undefined) groups.push([receipt as ReadableReceipt]);
    else own.push(receipt as ReadableReceipt);
  }
  return groups;
}

function isSameGroup(a: ReceiptHead, b: ReceiptHead): boolean {
  return sameUdid(a.phone.udid, b.phone.udid) && placeOf(a.destination) === placeOf(b.destination);
}

function keptByRule(
  group: readonly ReadableReceipt[],
  { last, within }: KeepRules,
  now: Date,
): ReadableReceipt[] {
  const byLast = last === undefined ? [] : group.slice(-last);
  if (within === undefined) return byLast;
  const times = group.map(({ head }) => Date.parse(head.startedAt));
  // A clock that was wrong once must not make everything old.
  const newest = Math.min(
    now.getTime(),
    times.reduce((a, b) => Math.max(a, b)),
  );
  const from = within(new Date(newest)).getTime();
  return [...byLast, ...group.filter(({ head }) => Date.parse(head.startedAt) >= from)];
}

/** By the time of the file, which commands go by, and by the end of the run. */
function newestOf(group: readonly ReadableReceipt[]): ReadableReceipt[] {
  const byFile = group.at(-1);
  if (byFile === undefined) return [];
  return [byFile, group.reduce((a, b) => (isEndedBefore(a, b) ? b : a))];
}

function isEndedBefore(a: ReadableReceipt, b: ReadableReceipt): boolean {
  return Date.parse(b.head.finishedAt) >= Date.parse(a.head.finishedAt);
}

function namedBy(staying: readonly KnownReceipt[], receipts: readonly KnownReceipt[]): KnownReceipt[] {
  const names = new Set(staying.map(({ head }) => head?.sameAnswersAs?.file));
  return receipts.filter(({ file }) => names.has(file));
}
