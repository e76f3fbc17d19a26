import * as z from "zod";
import { ANSWERS } from "./answer.js";

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
