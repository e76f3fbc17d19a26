import { z } from "zod";
import type { Examined } from "../../../doctor/examine.js";
import { bug } from "../../../errors.js";
import { STARTED_FROM, type StartedFrom } from "../../../integrations/started-from.js";
import { findingWords, inCommandWords } from "../../terminal/command-words.js";

const settingsPane = z.strictObject({ name: z.string(), url: z.string().startsWith("x-apple.") });

const examined = z.strictObject({
  check: z.string().regex(/^[a-z-]+$/),
  question: z.string().min(1),
  status: z.enum(["ok", "note", "trouble"]),
  finding: z.string().min(1),
  remedy: z.string().min(1).nullable(),
  settings: settingsPane.nullable(),
});

/** What `rollcall doctor --json` prints. Fields are added, never repurposed. */
export const doctorDocumentSchema = z.strictObject({
  doctor: z.literal(1),
  tool: z.strictObject({ name: z.literal("rollcall"), version: z.string() }),
  /** The place whose last runs were examined; null: the place where the command ran. */
  from: z.enum(STARTED_FROM).nullable(),
  /** In the order in which they were made; several of one `check` where there are several phones. */
  checks: z.array(examined).min(1),
  /** The address of the System Settings page that `--open` opened; null where none was. */
  opened: z.string().nullable(),
});

export type DoctorDocument = z.infer<typeof doctorDocumentSchema>;

/** @throws RollcallError BUG where the document is not as promised */
export function doctorDocument(
  all: readonly Examined[],
  {
    version,
    from,
    opened,
  }: { readonly version: string; readonly from: StartedFrom | null; readonly opened: string | null },
): DoctorDocument {
  const parsed = doctorDocumentSchema.safeParse({
    doctor: 1,
    tool: { name: "rollcall", version },
    from,
    checks: all.map(({ check, question, status, remedy, settings, ...found }) => ({
      check,
      question,
      status,
      finding: findingWords(found),
      remedy: remedy === null ? null : inCommandWords(remedy),
      settings: settings && { name: settings.name, url: settings.url },
    })),
    opened,
  });
  if (parsed.success) return parsed.data;
  throw bug("the document of rollcall doctor is not as promised", parsed.error);
}
