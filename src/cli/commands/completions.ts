import type { Command } from "commander";
import { shown } from "../../receipt/shown.js";
import { type Candidate, candidatesFor } from "../candidates.js";
import type { CommandBody, CommandContext, CommonFlags } from "../command-context.js";
import { COMPLETION_SCRIPTS, type CompletionShell } from "../completion-scripts.js";
import { EXIT } from "../exit-status.js";
import { KINDS } from "../flags.js";
import { writeOut } from "../output/standard-output.js";
import { realPhones } from "../real-parts.js";

/** Prints the script of one shell. */
export const completions: CommandBody<CommonFlags> = async (_context, _flags, [shell]) => {
  await writeOut(COMPLETION_SCRIPTS[shell as CompletionShell]);
  return EXIT.ok;
};

/** Each takes a phone, by UDID or name. */
const PHONE_FLAGS = ["phone", "approve", "disapprove"];

/** Somebody waits at the prompt. */
const LONGEST_LOOK_MS = 1500;

/** Answers such a script: a candidate a line. Where something is wrong there is none, and no word about it. */
export function complete(program: Command): CommandBody<CommonFlags> {
  return async ({ settings }, _flags, words) => {
    const found = await candidatesFor(program, words, async (flag) => {
      if (flag === "kind") return KINDS.map((value) => ({ value, description: "" }));
      return PHONE_FLAGS.includes(flag) ? await phonesOnTheCable(settings).catch(() => []) : [];
    });
    await writeOut(found.map(({ value, description }) => `${value}\t${description}\n`).join(""));
    return EXIT.ok;
  };
}

/** By UDID, with the name beside it: a name may hold what a shell would take for its own. */
async function phonesOnTheCable(settings: CommandContext["settings"]): Promise<Candidate[]> {
  const finder = await realPhones(settings);
  const seen = await finder.look(AbortSignal.timeout(LONGEST_LOOK_MS));
  return seen.flatMap(({ udid, identity }) => {
    const name = identity?.name ?? "";
    return udid === null || !/^[\w-]+$/.test(udid)
      ? []
      : [{ value: udid, description: shown(name), alsoCalled: name }];
  });
}
