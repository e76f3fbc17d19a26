import * as z from "zod";
import type { Reason } from "../errors.js";

/** What the receipt says about one file. A closed set; each file has exactly one. */
export const ANSWERS = [
  "proved",
  "present",
  "not-chosen",
  "hidden",
  "in-trash",
  "in-icloud",
  "in-icloud-only",
  "set-aside",
  "removed",
  "failed",
  "differs",
  "missing",
  "unknown",
] as const;

export type AnswerWord = (typeof ANSWERS)[number];

/** The answers after which a person has something to do: exit status 3. */
export const WRONG_ANSWERS: ReadonlySet<AnswerWord> = new Set(["failed", "differs", "missing", "unknown"]);

const instant = z.iso.datetime();

/** One description of the outside format: it checks, types, and prints the JSON Schema. */
export const answerSchema = z
  .looseObject({
    path: z
      .string()
      .regex(/^\/(DCIM|PhotoData)(\/|$)/)
      .describe("Path on the phone, as the phone spells it"),
    sizeBytes: z
      .int()
      .nonnegative()
      .nullable()
      .describe("Null where the phone has no bytes and no size for it"),
    modifiedAt: instant.nullable(),
    item: z.string().describe("Path of the first file of the photo that this file belongs to"),
    answer: z.enum(ANSWERS),
    thisRun: z
      .boolean()
      .describe("True when this run brought the file, false when an earlier one did or none"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .describe("Of the bytes that came off the phone"),
    photosId: z.string().nullable().describe("Id of its item in Photos"),
    checkedAt: instant.nullable().describe("When the evidence was last read"),
    evidence: z.array(z.string()),
    reason: z.looseObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  })
  .meta({ title: "Answer", description: "What Rollcall says about one file on the phone" });

/** Written out, so that a name that is not in the schema is an error here although a reader tolerates it. */
export interface Answer {
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly modifiedAt: string | null;
  readonly item: string;
  readonly answer: AnswerWord;
  readonly thisRun: boolean;
  readonly sha256: string | null;
  readonly photosId: string | null;
  readonly checkedAt: string | null;
  readonly evidence: readonly string[];
  readonly reason: Reason | null;
}
