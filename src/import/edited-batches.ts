import type { Clock } from "../clock.js";
import type { EndOfGrowth } from "../ledger/ledger-edited-batches.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { editFormat } from "./edit-format.js";
import type { EditRows } from "./edit-proof.js";
import type { Lookup } from "./find-imported.js";
import { hasEdits, type SentItem } from "./imported-item.js";
import { comparableName, type ExtraItem } from "./match-imported.js";
import { recordExtraCopy } from "./record-outcome.js";

interface EditedBatchesDeps {
  readonly ledger: PhoneLedger;
  readonly runId: string;
  /** Of Photos and of the system: what one version did says nothing of another. */
  readonly photosVersion: string;
  /** Null where the library may not be read: then nothing can be proved, and what was proved before serves. */
  readonly rows: EditRows | null;
  readonly clock: Clock;
  /** How many a person asked for, proved or not; undefined where they left it to Rollcall. */
  readonly asked?: number | undefined;
  /** Called once, when the first batch came out differently. */
  readonly onEnded?: ((end: EndOfGrowth) => void) | undefined;
}

/** How a batch of edited photos ended, as far as importing it told. */
interface EditedBatchEnd {
  /** The event was answered, and not with an error. */
  readonly isAnswered: boolean;
  readonly look: Lookup;
}

/** As many as an ordinary batch holds. */
const MOST_ITEMS = 50;

/**
 * How many edited photos may go into one import event. Photos may take several for what they are, or make two items
 * of each, or drop the edits: no Mac has shown it yet, and no script deletes what came too much. So batches grow only
 * on proof (1, 2, 4 ... 50), which the ledger keeps for the library and the version of Photos, and the first one that
 * comes out otherwise ends the growth: from then on each goes alone.
 */
export class EditedBatches {
  readonly #deps: EditedBatchesDeps;
  #rows: EditRows | null;
  #provedItems: number;
  #isEnded: boolean;
  /** False after a batch that proved nothing: the next larger one waits for another proof. */
  #mayGrow: boolean;
  /** Of this run alone: Photos refused a batch of twice as many, which may be one file's doing. */
  #mostNow = MOST_ITEMS;

  private constructor(deps: EditedBatchesDeps) {
    this.#deps = deps;
    const { provedItems, ended } = deps.ledger.editedBatches.proofFor(deps.photosVersion);
    this.#provedItems = provedItems;
    // Who asks for a number says that what was remembered does not count.
    this.#isEnded = ended !== null && deps.asked === undefined;
    this.#rows = deps.rows;
    this.#mayGrow = deps.rows !== null;
  }

  /** By what the ledger remembers, and by what an interrupted run has left. */
  static async begin(deps: EditedBatchesDeps): Promise<EditedBatches> {
    const batches = new EditedBatches(deps);
    await batches.lookBack();
    return batches;
  }

  /** The library may be read from now on: macOS had asked the person, who has allowed it. */
  readFrom(rows: EditRows): void {
    this.#rows = rows;
    this.#mayGrow = true;
  }

  /** At least 1. */
  get mostItems(): number {
    if (this.#isEnded) return 1;
    const allowed = this.#deps.asked ?? this.#provedItems * (this.#mayGrow ? 2 : 1);
    return Math.max(1, Math.min(allowed, this.#mostNow, MOST_ITEMS));
  }

  /** Extra copies that were seen late, or before a run was cut off, end the growth too. */
  async lookBack(): Promise<void> {
    const { ledger, runId } = this.#deps;
    for (const { itemId, name } of this.#isEnded ? [] : ledger.extraCopies.ofRun(runId)) {
      if ((await editFormat(ledger.items.get(itemId).files)) === "other") continue;
      return this.#end(null, [`Photos made an item of its own of ${name}`]);
    }
  }

  /**
   * To be called when it was looked what became of an event, whatever it carried; only batches of edited photos mean
   * something. Does nothing in a run that is killed before: then nothing is proved.
   * @throws RollcallError STOPPED
   */
  async judge(items: readonly SentItem[], { isAnswered, look }: EditedBatchEnd): Promise<void> {
    if (!items.some(({ files }) => hasEdits(files))) return;
    // An edit of another kind goes alone, and whatever comes of it is its own doing.
    if ((await editFormat(items[0]!.files)) !== "taken") return;
    const { length } = items;
    if (look.extra.length > 0) return this.#end(length, look.extra.map(cameApart));
    if (!items.every(({ files }) => hasEdits(files))) return;
    if (!isAnswered) {
      this.#mayGrow = false;
      if (length > 1) this.#mostNow = Math.min(this.#mostNow, Math.floor(length / 2));
      return;
    }
    if (look.absent.length > 0) return this.#judgeLeftOut(length, look);
    await this.#judgeByRows(items);
  }

  #judgeLeftOut(length: number, { absent, mayBeThere }: Lookup): void {
    this.#mayGrow = false;
    // One that went alone was left out for its own sake; one that may be there may only be hidden.
    if (length === 1 || mayBeThere) return;
    this.#end(
      length,
      absent.map(({ files }) => `Photos left out ${files[0]?.name}`),
    );
  }

  async #judgeByRows(items: readonly SentItem[]): Promise<void> {
    const { ledger, photosVersion, clock, runId } = this.#deps;
    const rows = this.#rows;
    const idsOf = ({ ledgerId }: SentItem) =>
      new Set(ledger.items.get(ledgerId).files.flatMap(({ photosId }) => photosId ?? []));
    const ids = items.map(idsOf);
    const apart = items.filter((_item, at) => ids[at]!.size !== 1);
    if (apart.length > 0) {
      this.#mayGrow = false;
      if (items.length > 1)
        this.#end(
          items.length,
          apart.map(({ files }) => twoOf(files[0]?.name)),
        );
      return;
    }
    if (rows === null) return;
    const photosIds = ids.flatMap((own) => [...own]);
    const names = items.flatMap(({ files }) => files.map(({ name }) => name));
    const found = await rows.look({ photosIds, names });
    if (found.verdict === "right") {
      this.#mayGrow = true;
      ledger.editedBatches.recordProved(photosVersion, items.length, clock.now());
      this.#provedItems = Math.max(this.#provedItems, items.length);
      return;
    }
    this.#mayGrow = false;
    if (found.verdict === "extra") {
      const extra = found.extra.flatMap((photo) => extraOf(photo, items));
      for (const one of extra) recordExtraCopy(one, runId, { ledger, clock });
      this.#end(items.length, extra.map(cameApart));
    }
    // One that went alone and lost its edit lost it for its own sake.
    if (found.verdict === "not-edited" && items.length > 1) {
      const lost = items.filter((_item, at) => found.photosIds.some((id) => ids[at]!.has(id)));
      this.#end(
        items.length,
        lost.map(({ files }) => `Photos dropped the edit of ${files[0]?.name}`),
      );
    }
  }

  #end(items: number | null, messages: readonly string[]): void {
    this.#mayGrow = false;
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { ledger, photosVersion, clock, onEnded } = this.#deps;
    const [first = "", ...more] = messages;
    const message = more.length === 0 ? first : `${first}, and ${more.length} more alike`;
    const end = { items, message, at: clock.now() };
    ledger.editedBatches.recordEnded(photosVersion, end);
    onEnded?.(end);
  }
}

const cameApart = ({ photo }: ExtraItem) => `Photos made an item of its own of ${photo.filename}`;
const twoOf = (name: string | undefined) => `Photos made two items of ${name}`;

/** An item that only the rows show, as what it was made of. */
function extraOf(photo: { id: string; filename: string }, items: readonly SentItem[]): ExtraItem[] {
  for (const { ledgerId, files } of items)
    for (const { name, path } of files)
      if (comparableName(name) === comparableName(photo.filename))
        return [{ photo: { ...photo, sizeBytes: null }, ledgerId, path }];
  return [];
}
