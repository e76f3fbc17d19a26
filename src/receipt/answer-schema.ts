import * as z from "zod";
import { ANSWERS, CLOUD_WORDS } from "./answer.js";
import { remedyFields } from "./remedy-parts.js";

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
      .describe("True when this run imported the file, false when an earlier one did or none"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .describe("Of the bytes that came off the phone"),
    photosId: z.string().nullable().describe("Id of its item in Photos"),
    checkedAt: instant.nullable().describe("When the evidence was last read"),
    evidence: z.array(z.string()),
    reason: z.looseObject({ code: z.string(), message: z.string(), ...remedyFields }).nullable(),
    belongsTo: z
      .string()
      .optional()
      .describe(
        "Of a file that may belong to other photos than its own item: their folder and their name without its ending, in lower case (/DCIM/100APPLE/img_0001); or, ending in a slash, a folder of photos. Deleting such a photo on the phone may delete this file",
      ),
    cloud: z
      .enum(CLOUD_WORDS)
      .optional()
      .describe(
        "Of the first file of a photo, by the phone's own library at the time of the run: synced, iCloud Photos has it, and deleting it on the phone deletes it everywhere; shared-library, deleting it deletes it for everybody in the Shared Library; unknown, the library says nothing of it. Absent where iCloud Photos does not have it, and where that library was not read (phoneLibrary)",
      ),
    burst: z
      .string()
      .optional()
      .describe(
        "Of the first file of a photo: the same for all frames of one burst, which the phone deletes together",
      ),
    takenAt: instant
      .optional()
      .describe("Of the first file of a photo: when it was taken, as the phone's own library says"),
    notInPhoneLibrary: z
      .literal(true)
      .optional()
      .describe(
        "At a photo's first file: the phone's photo library does not know it, as of a deleted one that came back",
      ),
    sizeSaidBytes: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        "At a photo's first file: its size by the phone's photo library, where the file is far larger or smaller",
      ),
    name: z
      .string()
      .optional()
      .describe("Of the first file of a photo: its name without an ending where the file is named otherwise"),
  })
  .meta({ title: "Answer", description: "What Rollcall says about one file on the phone" });
