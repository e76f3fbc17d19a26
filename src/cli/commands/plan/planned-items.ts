import type { Reason } from "../../../errors.js";
import type { Decision, Plan } from "../../../plan/decision.js";
import { type AwayAnswer, awayPartAnswer, cloudOnlyAnswer } from "../../../receipt/cloud-only-answers.js";
import { advise, COPY } from "../../../remedy.js";

/** What would become of one item, or of one file that belongs to none. */
export interface PlannedItem {
  readonly item: string;
  readonly action: Decision["action"];
  readonly because: string | null;
  readonly answer: string | null;
  readonly reason: Reason<string> | null;
  readonly files: readonly string[];
  readonly bytes: number | null;
}

/** Every file of the phone is in exactly one of them. A phone may have a hundred thousand: one at a time. */
export function* plannedItems({ decisions, catalogue, awayKnown }: Plan): Generator<PlannedItem> {
  for (const decision of decisions) yield decidedItem(decision);
  for (const away of catalogue.cloudOnly) {
    const known = awayKnown?.get(away.path);
    const item = awayFile(away, cloudOnlyAnswer(away));
    if (known === undefined) yield item;
    else yield { ...item, action: "already", because: known.entry.state, answer: null, reason: null };
  }
  for (const part of catalogue.awayParts) yield awayFile(part, awayPartAnswer(part));
  for (const { path, reason } of catalogue.unreadable) yield leftFile(path, "failed", reason, null);
  for (const { file, code, message, item = file.path } of catalogue.setAside) {
    const reason = { code, message, remedy: advise`${COPY} copies it as a file.` };
    yield { ...leftFile(file.path, "set-aside", reason, file.sizeBytes), item };
  }
}

function decidedItem(decision: Decision): PlannedItem {
  const { item, action } = decision;
  const bytes = item.files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  const common = { item: item.key, action, files: item.files.map(({ file }) => file.path), bytes };
  if (decision.action === "import") return { ...common, because: decision.cause, answer: null, reason: null };
  if (decision.action === "leave")
    return { ...common, because: null, answer: decision.answer, reason: decision.reason };
  return { ...common, because: decision.entry.state, answer: null, reason: null };
}

function awayFile(
  { path, sizeBytes, item = path }: { path: string; sizeBytes: number | null; item?: string },
  { answer, reason }: AwayAnswer,
): PlannedItem {
  return { ...leftFile(path, answer, reason, sizeBytes), item };
}

function leftFile(
  path: string,
  answer: string,
  reason: PlannedItem["reason"],
  bytes: number | null,
): PlannedItem {
  return { item: path, action: "leave", because: null, answer, reason, files: [path], bytes };
}
