import type { CommandBody, CommonFlags } from "../command-context.js";

/** What commander calls for a command: it loads its body, and runs that. */
export type Action = <Flags extends CommonFlags>(
  load: () => Promise<CommandBody<Flags>>,
) => (...args: unknown[]) => Promise<void>;
