import { fileNameOf } from "../catalogue/camera-file-names.js";
import { familyOf } from "../catalogue/family.js";
import type { CloudOnlyPart, LibraryFacts, MediaItem, SetAsideFile } from "../catalogue/media-item.js";
import { bug, type Reason } from "../errors.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneFile } from "../phone/phone.js";
import { type Decision, type Plan, REASONS } from "../plan/decision.js";
import { advise, COPY, choose, sentences } from "../remedy.js";
import { type Answer, type CloudWord, REFUSED_BEFORE } from "./answer.js";
import { cameApart } from "./came-apart.js";
import { awayPartAnswer, cloudOnlyAnswer } from "./cloud-only-answers.js";
import { sizeNotAsSaid } from "./size-not-as-said.js";

/** What this run did with an item that it was to import. */
export type Imported =
  /**
   * The ledger has its files' findings. `newEdits` were recognised and left behind; `reasons`: files of it
   * that could not be copied; `isChanged`: another content was imported from the same path before; `part`: the key
   * of its item, of a further file of a part that was taken apart.
   */
  | {
      readonly type: "in-ledger";
      readonly ledgerId: number;
      readonly newEdits: readonly string[];
      readonly reasons?: ReadonlyMap<string, Reason>;
      readonly isChanged?: boolean;
      readonly part?: string;
    }
  | { readonly type: "failed"; readonly reasons: ReadonlyMap<string, Reason>; readonly part?: string };

interface Roll {
  readonly plan: Plan;
  readonly runId: string;
  /** By the key of each item that the plan says to import; of halves that were taken apart, each by its own. */
  readonly imported: ReadonlyMap<string, Imported>;
  readonly ledgerItem: (id: number) => LedgerItem;
  /** The hash of a file as it was last read; null where it was not, or changed since. */
  readonly hashSeen: (file: PhoneFile) => string | null;
}

/**
 * Every file that was seen answers exactly once, or this throws.
 * @throws RollcallError BUG when a file answers twice, or an item that was to be imported not at all
 */
export function* callTheRoll(roll: Roll): Generator<Answer> {
  const { plan, imported } = roll;
  const { catalogue } = plan;
  const isStranger = ({ library, kind }: MediaItem) =>
    catalogue.phoneLibrary !== null && library === null && kind !== "other";
  const called = new Set<string>();
  const once = (answer: Answer): Answer => {
    if (called.has(answer.path)) throw bug(`${JSON.stringify(answer.path)} answered twice`);
    called.add(answer.path);
    return answer;
  };

  const awayOf = byItsItem(catalogue.awayParts);
  const asideOf = byItsItem(catalogue.setAside);
  for (const decision of plan.decisions) {
    for (const { file } of decision.item.files) {
      const own = imported.get(file.path);
      const key = own === undefined ? decision.item.key : (own.part ?? file.path);
      const outcome = imported.get(key);
      if (decision.action === "import" && outcome === undefined)
        throw bug(`${JSON.stringify(decision.item.key)} should have been imported and has no outcome`);
      const answer = answerFor(file, { ...decision, item: { ...decision.item, key } }, outcome, roll);
      const isFirst = answer.item === file.path;
      yield once({
        ...answer,
        ...(isFirst && itemFacts(decision.item, answer.item, answer)),
        ...(isFirst && isStranger(decision.item) && ({ notInPhoneLibrary: true } as const)),
      });
    }
    // Right after its photo, because whoever reads a receipt puts together what stands together.
    for (const part of awayOf.get(decision.item.key) ?? []) {
      const { path, item, sizeBytes } = part;
      yield once({ ...nothingKnown(path), item, sizeBytes, ...awayPartAnswer(part) });
    }
    for (const aside of asideOf.get(decision.item.key) ?? []) yield once(setAsideAnswer(aside));
  }
  for (const aside of catalogue.setAside) if (aside.item === undefined) yield once(setAsideAnswer(aside));
  for (const { path, reason, belongsTo, burst } of catalogue.unreadable)
    yield once({
      ...nothingKnown(path),
      answer: "failed",
      reason,
      ...(belongsTo !== undefined && { belongsTo }),
      ...(burst !== undefined && { burst }),
    });
  for (const away of catalogue.cloudOnly) {
    const { path, sizeBytes } = away;
    const known = plan.awayKnown?.get(path);
    const answer = known === undefined ? null : awayAnswer(path, roll.ledgerItem(known.entry.id));
    yield once({ ...nothingKnown(path), sizeBytes, ...(answer ?? cloudOnlyAnswer(away)) });
  }

  const seen = filesSeen(plan);
  if (called.size !== seen) throw bug(`${seen} files were seen and ${called.size} answered`);
}

/** How many files the phone was seen to have, or its library to promise. */
function filesSeen({ decisions, catalogue }: Plan): number {
  return (
    decisions.reduce((sum, { item }) => sum + item.files.length, 0) +
    catalogue.setAside.length +
    catalogue.unreadable.length +
    catalogue.cloudOnly.length +
    catalogue.awayParts.length
  );
}

/**
 * The totals of a receipt, counted as its answers were written, add up to the files that were seen before.
 * @throws RollcallError BUG
 */
export function requireSum(byAnswer: Readonly<Record<Answer["answer"], number>>, plan: Plan): void {
  const sum = Object.values(byAnswer).reduce((total, count) => total + count, 0);
  const seen = filesSeen(plan);
  if (sum !== seen) throw bug(`${seen} files were seen and ${sum} answers counted`);
}

/** A phone may have any number of files that belong to one photo: each is gone through once. */
function byItsItem<Part extends CloudOnlyPart | SetAsideFile>(
  parts: readonly Part[],
): ReadonlyMap<string, Part[]> {
  const parted = new Map<string, Part[]>();
  for (const part of parts) {
    if (part.item === undefined) continue;
    const known = parted.get(part.item);
    if (known === undefined) parted.set(part.item, [part]);
    else known.push(part);
  }
  return parted;
}

type AwayKnownAnswer = Partial<Answer> & Pick<Answer, "answer">;

/** What was found of a photo that is in iCloud only by now. It may leave no phone: that deletes it in iCloud, too. */
function awayAnswer(path: string, { files }: LedgerItem): AwayKnownAnswer | null {
  const stored = files.find((file) => file.path === path);
  if (stored?.answer == null) return null;
  const { answer, sha256, photosId, evidence, reason, checkedAt } = stored;
  return {
    answer,
    sha256,
    photosId,
    evidence,
    reason: reason ?? REASONS.inICloudOnlyNow,
    checkedAt: checkedAt?.toISOString() ?? null,
    cloud: "synced",
  };
}

function setAsideAnswer({ file, code, message, item = file.path, belongsTo }: SetAsideFile): Answer {
  return {
    ...plain(file, "set-aside", { code, message, remedy: advise`${COPY} copies it as a file.` }),
    item,
    ...(belongsTo !== undefined && { belongsTo }),
  };
}

/** What the first file of an item says of all: what to know before it is deleted on the phone, and how to find it there. */
function itemFacts(item: MediaItem, key: string, { answer, reason }: Answer): Partial<Answer> {
  const { library, takenAtMs, stem, sizeSaidBytes } = item;
  const isIn = (answer === "proved" || answer === "present") && reason === null;
  const cloud = cloudWord(library);
  // Half of a pair that turned out to be no Live Photo, or that Photos took apart: still one photo on the phone.
  const belongsTo = key === item.key ? item.belongsTo : familyOf(item.key);
  return {
    ...(isIn && sizeSaidBytes !== undefined && key === item.key && { reason: sizeNotAsSaid(sizeSaidBytes) }),
    ...(sizeSaidBytes !== undefined && key === item.key && { sizeSaidBytes }),
    ...(belongsTo !== undefined && { belongsTo }),
    ...(cloud !== null && { cloud }),
    ...(library?.burst != null && { burst: library.burst.id }),
    ...(takenAtMs !== null && { takenAt: new Date(takenAtMs).toISOString() }),
    ...(stem !== fileNameOf(item.key).stem && item.kind !== "other" && { name: stem }),
  };
}

function cloudWord(library: LibraryFacts | null): CloudWord | null {
  if (library === null) return null;
  if (library.inSharedLibrary) return "shared-library";
  return library.inICloud === "yes" ? "synced" : library.inICloud === "unsaid" ? "unknown" : null;
}

/** The items of the ledger that the roll asks for, in the order in which it does; one may come again. */
export function* ledgerIdsOf(
  { decisions, awayKnown }: Plan,
  imported: ReadonlyMap<string, Imported>,
): Generator<number> {
  for (const decision of decisions) {
    if (decision.action === "already") yield decision.entry.id;
    if (decision.action !== "import") continue;
    for (const { file } of decision.item.files) {
      const outcome = imported.get(file.path) ?? imported.get(decision.item.key);
      if (outcome?.type === "in-ledger") yield outcome.ledgerId;
    }
  }
  for (const { entry } of awayKnown?.values() ?? []) yield entry.id;
}

function answerFor(file: PhoneFile, decision: Decision, outcome: Imported | undefined, roll: Roll): Answer {
  const { item } = decision;
  if (decision.action === "import") {
    if (outcome?.type === "failed")
      return { ...plain(file, "failed", outcome.reasons.get(file.path) ?? NO_REASON), item: item.key };
    const failure = outcome!.reasons?.get(file.path);
    if (failure !== undefined) return { ...plain(file, "failed", failure), item: item.key };
    const answer = fromLedger(file, item, roll.ledgerItem(outcome!.ledgerId), outcome!.newEdits, roll);
    const isNewContent = outcome!.isChanged === true && answer.thisRun && answer.reason === null;
    return isNewContent ? { ...answer, reason: REASONS.contentChanged } : answer;
  }
  if (decision.action === "already") {
    const entry = roll.ledgerItem(decision.entry.id); // it may have been checked again since the plan
    return fromLedger(file, item, entry, decision.newEdits, roll);
  }
  const reason = decision.newEdits.includes(file.path) ? REASONS.editedSince : decision.reason;
  return { ...plain(file, decision.answer, reason), item: item.key };
}

const NO_REASON: Reason = {
  code: "NOT_COPIED",
  message: "it could not be copied",
  remedy: "Run this again.",
};

/** A file of an item that the ledger holds: by its hash, since it may have moved or be a duplicate. */
function fromLedger(
  file: PhoneFile,
  item: MediaItem,
  entry: LedgerItem,
  newEdits: readonly string[],
  { runId, hashSeen }: Roll,
): Answer {
  if (newEdits.includes(file.path))
    return { ...plain(file, "not-chosen", REASONS.editedSince), item: item.key };
  const hash = hashSeen(file);
  const stored =
    entry.files.find(({ path, sha256 }) => path === file.path && sha256 === hash) ??
    entry.files.find(({ sha256 }) => sha256 === hash) ??
    entry.files.find(({ path }) => path === file.path);
  if (stored?.answer == null) return { ...plain(file, "unknown", NOT_SETTLED), item: item.key };
  // Without a hash it was another file when it was listed: it answers as what was imported.
  const isNewer = hash === null && stored.path === file.path && entry.runId === runId;
  const now = isNewer ? { ...file, sizeBytes: stored.sizeBytes, modifiedAtMs: stored.modifiedAtMs } : file;
  const apart = cameApart(stored, entry);
  const own = storedAnswer(now, stored);
  const answer =
    apart === null ? { ...own, item: item.key } : { ...own, item: file.path, reason: own.reason ?? apart };
  if (entry.state === "failed" && entry.runId !== runId)
    return { ...answer, ...leftAlone(answer, entry), thisRun: false };
  if (entry.isOtherPhones) return { ...answer, reason: answer.reason ?? FROM_OTHER_PHONE, thisRun: false };
  if (stored.path === file.path) return { ...answer, thisRun: entry.runId === runId };
  // Moved, renamed, or twice on the phone: the run imported one photo, and counts one.
  return { ...answer, reason: answer.reason ?? sameBytesAs(stored.path), thisRun: false };
}

function leftAlone({ reason }: Answer, { attempts }: LedgerItem): Pick<Answer, "reason"> {
  const tries = attempts === 1 ? "one run" : `${attempts} runs`;
  return {
    reason: {
      code: REFUSED_BEFORE,
      message: `${reason?.message ?? "Photos would not take it"}; ${tries} failed, so it is not tried again`,
      remedy: sentences(advise`${choose("retry")} tries it once more.`, reason?.remedy ?? ""),
    },
  };
}

const FROM_OTHER_PHONE: Reason = {
  code: "FROM_OTHER_PHONE",
  message: "its bytes came into this library from another phone, and one photo stands for both",
  remedy: "Nothing to do.",
};

function sameBytesAs(path: string): Reason {
  return {
    code: "SAME_BYTES",
    message: `the same bytes as ${JSON.stringify(path)}, and one photo stands for both`,
    remedy: "Nothing to do.",
  };
}

/** Should not be met; where it is, a person should hear of it and no run should end for it. */
const NOT_SETTLED: Reason = {
  code: "NOT_SETTLED",
  message: "it was copied, and its outcome was never recorded",
  remedy: "Look for it in Photos. Then please report this: it is a bug in Rollcall.",
};

function storedAnswer(file: PhoneFile, stored: LedgerFile): Answer {
  return {
    ...plain(file, stored.answer!, stored.reason),
    sha256: stored.sha256,
    photosId: stored.photosId,
    checkedAt: stored.checkedAt?.toISOString() ?? null,
    evidence: [...stored.evidence],
  };
}

function plain(file: PhoneFile, answer: Answer["answer"], reason: Reason | null): Answer {
  return {
    ...nothingKnown(file.path),
    sizeBytes: file.sizeBytes,
    modifiedAt: new Date(file.modifiedAtMs).toISOString(),
    answer,
    reason,
  };
}

function nothingKnown(path: string): Omit<Answer, "answer"> {
  return {
    path,
    sizeBytes: null,
    modifiedAt: null,
    item: path,
    thisRun: false,
    sha256: null,
    photosId: null,
    checkedAt: null,
    evidence: [],
    reason: null,
  };
}
