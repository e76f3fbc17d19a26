import * as z from "zod";
import type { Reason } from "../errors.js";
import type { PhoneIdentity } from "../phone/phone.js";
import type { LeftToICloud } from "../plan/icloud-look.js";
import type { Remedy } from "../remedy.js";
import { ANSWERS, type Answer, type AnswerWord, REFUSED_BEFORE } from "./answer.js";
import { answerSchema } from "./answer-schema.js";
import { PhotosByAnswer } from "./photos-by-answer.js";
import { remedyFields } from "./remedy-parts.js";

/** Raised only when a field changes its meaning, which is never meant to happen. */
export const RECEIPT_FORMAT = 1;

const instant = z.iso.datetime();
const count = z.int().nonnegative();

const extraCopiesSchema = z
  .array(
    z.looseObject({
      photosId: z.string(),
      name: z.string().describe("As Photos lists it"),
      path: z.string().describe("The file on the phone that Photos made it of"),
      album: z
        .looseObject({ id: z.string(), name: z.string() })
        .nullable()
        .describe("Where it was put; null where Photos would not put it there"),
    }),
  )
  .optional()
  .describe(
    "Items that Photos made besides the photos of this run: the answer of no file, and deleted by no script. Absent where there are none",
  );

const notAsSentSchema = z
  .array(z.looseObject({ code: z.string(), message: z.string(), ...remedyFields }))
  .optional()
  .describe(
    "Where the numbers in Photos are not those that were sent, and no file explains it: ALBUM_LENGTH (the album lacks items, or has others), ITEMS_UNEXPLAINED (Photos made items of no file). Exit status 3. Absent where there is nothing",
  );

const destinationSchema = z.union([
  z.looseObject({
    kind: z.literal("photos"),
    library: z.string().nullable().describe("Path of the library package; null where Photos would not say"),
    album: z
      .looseObject({ id: z.string(), name: z.string() })
      .nullable()
      .describe("Null when nothing new came"),
    extraCopies: extraCopiesSchema,
    notAsSent: notAsSentSchema,
  }),
  z.looseObject({ kind: z.literal("folder"), path: z.string() }),
]);

const previousSchema = z
  .looseObject({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
  .nullable()
  .optional()
  .describe("The receipt kept before this one, by file name and SHA-256; null for the first");

const sameAnswersSchema = z
  .looseObject({ file: z.string().regex(/^[^/\\]+\.json$/), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
  .optional()
  .describe(
    "Nothing is new: the answers are those of this receipt, which lies beside it, with thisRun false, and stand there alone: answers is empty. Absent where this one has its own",
  );

const leftToICloudSchema = z
  .looseObject({
    items: count,
    files: count,
    seen: count
      .nullable()
      .describe(
        "Of the items: the library has one of the same name and length, which is a likeness and no proof; null: not looked",
      ),
    usesICloud: z.boolean().nullable().describe("The library has items of iCloud Photos; null: not looked"),
    isChosen: z.boolean().describe("A person chose to leave them; false: nobody said"),
    why: z.string().nullable().describe("Why the library was not looked at"),
  })
  .optional()
  .describe("New photos that were not imported because the phone keeps them in iCloud Photos");

const phoneLibrarySchema = z
  .looseObject({
    usesICloudPhotos: z
      .boolean()
      .nullable()
      .describe("Whether iCloud Photos has any photo of the phone; null where the database does not tell"),
  })
  .nullable()
  .optional()
  .describe(
    "What the phone's own library said at the time of the run; null where it was not read, absent in receipts of older versions",
  );

/** A receipt without its answers, which are streamed. */
export const receiptHeadSchema = z.looseObject({
  receipt: z.literal(RECEIPT_FORMAT),
  id: z.string().describe("Id of the run"),
  tool: z.looseObject({ name: z.literal("rollcall"), version: z.string() }),
  startedAt: instant,
  finishedAt: instant,
  phone: z.looseObject({
    udid: z.string(),
    name: z.string(),
    productType: z.string(),
    iosVersion: z.string(),
  }),
  destination: destinationSchema,
  totals: z.looseObject({
    files: count,
    items: count,
    bytes: count,
    byAnswer: z.looseObject(
      Object.fromEntries(ANSWERS.map((word) => [word, count])) as Record<AnswerWord, typeof count>,
    ),
    itemsByAnswer: z
      .looseObject(
        Object.fromEntries(ANSWERS.map((word) => [word, count])) as Record<AnswerWord, typeof count>,
      )
      .optional()
      .describe(
        "Photos by answer, each once: as its original answers, or as the first of its files that is wrong. Absent in receipts of older versions",
      ),
    thisRun: z
      .looseObject({ files: count, items: count, bytes: count })
      .describe("What this run imported and got in: answered proved or present"),
    refusedBefore: count
      .optional()
      .describe(
        "Of the files that answer failed: refused by Photos in earlier runs, and not tried in this one",
      ),
    notInPhoneLibrary: count
      .optional()
      .describe("Photos that the phone's own photo library does not know; absent where there are none"),
  }),
  leftToICloud: leftToICloudSchema,
  evidence: z.looseObject({
    rung: z
      .int()
      .min(0)
      .max(4)
      .describe("How far the evidence reaches: 1 id, 2 read back by script, 3 database, 4 bytes"),
    liftedBy: z.string().nullable().describe("What would take it further; null when nothing would"),
    liftedByParts: remedyFields.remedyParts,
  }),
  phoneLibrary: phoneLibrarySchema,
  previous: previousSchema,
  sameAnswersAs: sameAnswersSchema,
});

export const receiptSchema = receiptHeadSchema.extend({ answers: z.array(answerSchema) }).meta({
  title: "Rollcall receipt",
  description:
    "One run of Rollcall: every file on the phone, and what became of it. Fields are added, never repurposed.",
});

/** Bytes are those of the files as the phone lists them. */
export interface Counts {
  readonly files: number;
  readonly items: number;
  readonly bytes: number;
}

/** They add up: the files by answer are all files, the items by answer all items. */
export interface ReceiptTotals extends Counts {
  readonly byAnswer: Readonly<Record<AnswerWord, number>>;
  /** Absent in receipts of older versions. */
  readonly itemsByAnswer?: Readonly<Record<AnswerWord, number>>;
  readonly thisRun: Counts;
  /** Of the files that answer `failed`: refused by Photos in earlier runs, and not tried in this one. */
  readonly refusedBefore?: number;
  /** Photos that the phone's own photo library does not know; absent where there are none. */
  readonly notInPhoneLibrary?: number;
}

/** Where album or library are not as was sent, and no file explains it. */
export type NotAsSent = Reason<"ALBUM_LENGTH" | "ITEMS_UNEXPLAINED">;

/** A receipt without its answers. The published schema says what each field means; times are ISO 8601. */
export interface ReceiptHead {
  readonly receipt: typeof RECEIPT_FORMAT;
  readonly id: string;
  readonly tool: { readonly name: "rollcall"; readonly version: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly phone: PhoneIdentity;
  readonly destination:
    | {
        readonly kind: "photos";
        readonly library: string | null;
        readonly album: { readonly id: string; readonly name: string } | null;
        /** What Photos made besides the photos of this run; absent where there is nothing. */
        readonly extraCopies?: readonly ReceiptExtraCopy[];
        /** Where the numbers in Photos are not those that were sent; absent where they are. */
        readonly notAsSent?: readonly NotAsSent[];
      }
    | { readonly kind: "folder"; readonly path: string };
  readonly totals: ReceiptTotals;
  /** New photos that stay with iCloud Photos; absent where there are none. */
  readonly leftToICloud?: LeftToICloud;
  readonly evidence: { readonly rung: number; readonly liftedBy: Remedy | null };
  /** What the phone's own library said at the time of the run; null where it was not read, absent in older receipts. */
  readonly phoneLibrary?: { readonly usesICloudPhotos: boolean | null } | null;
  /** The receipt kept before this one; null for the first, absent in receipts of older versions. */
  readonly previous?: PreviousReceipt | null;
  /**
   * Nothing is new: the answers are those of this receipt, which lies beside it, with `thisRun` false, and stand there
   * alone. Absent where a receipt has its own, and in what `readReceipt` returns, which has them.
   */
  readonly sameAnswersAs?: PreviousReceipt;
}

/** An item in Photos that is the answer of no file. No script can delete it. */
export interface ReceiptExtraCopy {
  readonly photosId: string;
  /** As Photos lists it. */
  readonly name: string;
  /** The file on the phone that Photos made it of. */
  readonly path: string;
  /** Null where Photos would not put it there. */
  readonly album: { readonly id: string; readonly name: string } | null;
}

/** An earlier receipt, which another one names. */
export interface PreviousReceipt {
  readonly file: string;
  /** Of the whole JSON file, in hexadecimal. */
  readonly sha256: string;
}

/** One run: every file of the phone, and what became of it. */
export interface Receipt extends ReceiptHead {
  readonly answers: readonly Answer[];
}

/** Of the run of this receipt; none of a copy into a folder. */
export function extraCopiesOf({ destination }: ReceiptHead): readonly ReceiptExtraCopy[] {
  return destination.kind === "photos" ? (destination.extraCopies ?? []) : [];
}

/** Of the run of this receipt; none of a copy into a folder. */
export function notAsSentOf({ destination }: Pick<ReceiptHead, "destination">): readonly NotAsSent[] {
  return destination.kind === "photos" ? (destination.notAsSent ?? []) : [];
}

/** Adds answers up. Items are counted once, by the name they carry. */
export class TotalsCounter {
  readonly #byAnswer = Object.fromEntries(ANSWERS.map((word) => [word, 0])) as Record<AnswerWord, number>;
  readonly #photos = new PhotosByAnswer();
  readonly #all = new Sum();
  readonly #thisRun = new Sum();
  #refusedBefore = 0;
  #notInPhoneLibrary = 0;

  /** @param isPhoto false for a file of no photo or video: it counts as a file, not as an item */
  add(answer: Answer, isPhoto = answer.answer !== "set-aside"): void {
    this.#all.add(answer, isPhoto);
    this.#byAnswer[answer.answer] += 1;
    if (answer.reason?.code === REFUSED_BEFORE) this.#refusedBefore += 1;
    if (isPhoto) this.#photos.add(answer);
    if (answer.notInPhoneLibrary === true) this.#notInPhoneLibrary += 1;
    const isIn = answer.answer === "proved" || answer.answer === "present";
    if (answer.thisRun && isIn) this.#thisRun.add(answer, isPhoto);
  }

  totals(): ReceiptTotals {
    const refusedBefore = this.#refusedBefore;
    return {
      ...this.#all.counts(),
      byAnswer: { ...this.#byAnswer },
      itemsByAnswer: this.#photos.byAnswer(),
      thisRun: this.#thisRun.counts(),
      ...(refusedBefore > 0 && { refusedBefore }),
      ...(this.#notInPhoneLibrary > 0 && { notInPhoneLibrary: this.#notInPhoneLibrary }),
    };
  }
}

class Sum {
  readonly #items = new Set<string>();
  #files = 0;
  #bytes = 0;

  add({ item, sizeBytes }: Answer, isPhoto: boolean): void {
    this.#files += 1;
    // What a phone says of sizes may add up to more than a number of JSON can hold.
    this.#bytes = Math.min(this.#bytes + (sizeBytes ?? 0), Number.MAX_SAFE_INTEGER);
    if (isPhoto) this.#items.add(item);
  }

  counts(): Counts {
    return { files: this.#files, items: this.#items.size, bytes: this.#bytes };
  }
}

/** The JSON Schema that is published with the package. */
export function receiptJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(receiptSchema, { target: "draft-2020-12" }) as Record<string, unknown>;
}
