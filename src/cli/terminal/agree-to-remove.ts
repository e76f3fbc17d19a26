import { RollcallError } from "../../errors.js";
import type { CommandContext } from "../command-context.js";

/**
 * Asks whether something of Rollcall's own may be removed; the usual answer is no.
 * @param what what would go, in words
 * @param instead what shows it, as a sentence
 * @throws RollcallError BAD_USAGE where nobody is there, DECLINED, STOPPED
 */
export async function agreeToRemove(
  { mayAsk, signal }: Pick<CommandContext, "mayAsk" | "signal">,
  { what, instead }: { readonly what: string; readonly instead: string },
): Promise<void> {
  if (!mayAsk) {
    throw new RollcallError("BAD_USAGE", {
      message: `Nobody can be asked whether ${what} may be removed.`,
      remedy: "Nothing was removed. --yes removes them without asking.",
    });
  }
  const { confirm } = await import("./ask-person.js");
  const question = { signal, ifStopped: "Nothing was removed.", initialValue: false };
  if (await confirm(`Remove ${what}?`, question)) return;
  throw new RollcallError("DECLINED", { message: "Nothing was removed, as you chose.", remedy: instead });
}
