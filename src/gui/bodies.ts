import { z } from "zod";
import type { Requests } from "./page/server-state.js";

const udid = z.string().min(1).max(64);
const number = z.int().nonnegative();
const nothing = z.object({});

/** What each POST request may hold; everything else is refused. */
export const bodies = {
  "/api/phone": z.object({ udid, withoutLibrary: z.boolean().optional() }),
  "/api/choice": z.object({
    plan: number,
    change: z.enum(["replace", "add", "remove"]),
    ids: z.array(number).max(200_000),
  }),
  "/api/import": z.object({ plan: number, what: z.enum(["chosen", "new"]) }),
  "/api/stop": nothing,
  "/api/answer": z.object({ question: number, value: z.string().max(32) }),
  "/api/eject": z.object({ udid }),
  "/api/automatic": z.object({ udid, on: z.boolean() }),
  "/api/verify": z.object({ receipt: z.string().min(1).max(255) }),
  "/api/safe-to-remove": nothing,
  "/api/doctor": nothing,
  "/api/show-album": nothing,
  "/api/quit": nothing,
} as const satisfies { readonly [Path in keyof Requests]: z.ZodType<Requests[Path]> };

export type Body<Path extends keyof typeof bodies> = z.infer<(typeof bodies)[Path]>;

/** Null for what is no JSON, or not this request. */
export function readBody<Path extends keyof typeof bodies>(path: Path, text: string): Body<Path> | null {
  try {
    const read = bodies[path].safeParse(JSON.parse(text));
    return read.success ? (read.data as Body<Path>) : null;
  } catch {
    return null;
  }
}
