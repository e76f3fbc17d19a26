import * as z from "zod";
import {
  type Action,
  type ActionWords,
  IMPORT_OPTIONS,
  type Remedy,
  remedyText,
  SET_UPS,
} from "../remedy.js";

/*
 * A receipt says what to do as a text, in the words of the command, which is what people read. Where there is something
 * in it that Rollcall can do, the same stands beside it in parts, for a page that shows a button instead.
 */

const option = z.enum(IMPORT_OPTIONS);
const setUp = z.enum(SET_UPS);

/** An action as this Rollcall knows it. */
const actionSchema = z.discriminatedUnion("action", [
  z.object({ action: z.literal("import"), with: option.exactOptional() }),
  z.object({ action: z.literal("choose"), by: option, value: z.string().exactOptional() }),
  z.object({ action: z.literal("copy"), folder: z.string().nullable().exactOptional() }),
  z.object({
    action: z.enum([
      ...(["plan", "assume-imported", "verify", "check-library", "list-receipts", "show-receipt"] as const),
      ...(["safe-to-remove", "show-staging", "list-phones", "demo"] as const),
    ]),
  }),
  z.object({ action: z.literal("approve"), phone: z.string().exactOptional() }),
  z.object({ action: z.literal("config"), icloud: z.enum(["skip", "import"]) }),
  z.object({
    action: z.literal("doctor"),
    from: setUp.exactOptional(),
    opens: z.literal(true).exactOptional(),
  }),
  z.object({
    action: z.literal("setup"),
    what: z.enum([...SET_UPS, "app"]),
    removes: z.literal(true).exactOptional(),
  }),
]) satisfies z.ZodType<Action>;

const partsSchema = z.array(z.union([z.string(), actionSchema])) satisfies z.ZodType<Remedy>;

/** What a reason, or whatever else says what to do, has of it in a receipt. */
export const remedyFields = {
  remedy: z.string().describe("What to do, as a person types it"),
  remedyParts: z
    .array(z.union([z.string(), z.looseObject({ action: z.string() })]))
    .optional()
    .describe(
      "The same, with what Rollcall can do of it as objects, for a program that offers it in its own way; absent where there is no such thing, and in receipts of older versions",
    ),
};

/** What stands in a receipt: a text, and the parts where there is an action among them. */
export function storedRemedy(
  remedy: Remedy,
  words: ActionWords,
): { readonly remedy: string; readonly remedyParts?: readonly (string | Action)[] } {
  const text = remedyText(remedy, words);
  return typeof remedy === "string" ? { remedy: text } : { remedy: text, remedyParts: remedy };
}

/** What a receipt says: its parts where they are there and known to this Rollcall, else the text. */
export function readRemedy(remedy: Remedy, parts: unknown): Remedy {
  if (parts === undefined) return remedy;
  const checked = partsSchema.safeParse(parts);
  return checked.success ? checked.data : remedy;
}

/** A reason as it stands in a receipt. */
export function storedReason<Told extends { readonly remedy: Remedy }>(reason: Told, words: ActionWords) {
  return { ...reason, ...storedRemedy(reason.remedy, words) };
}

/** A reason that was read from one. */
export function readReason<Told extends { readonly remedy: Remedy }>(reason: Told): Told {
  if (!("remedyParts" in reason)) return reason;
  const { remedyParts, ...rest } = reason as Told & { readonly remedyParts?: unknown };
  return { ...(rest as unknown as Told), remedy: readRemedy(reason.remedy, remedyParts) };
}
