import { RollcallError } from "../errors.js";
import type { Trouble } from "./page/server-state.js";
import { remedyInPage } from "./remedy-in-page.js";

/** What the page says of an error; one that is none of ours is told as what it is, without its stack. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof RollcallError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      code: "BUG",
      message: `Rollcall has a bug: ${message}`,
      why: null,
      remedy: ["Nothing was deleted. Please report this, with what you did."],
    };
  }
  const { code, message, why = null, remedy } = error;
  return { code, message, why, remedy: remedyInPage(remedy) };
}
