import { type FlagsOf, flag, hidden, inGroup } from "../flag.js";
import { GROUPS } from "./groups.js";

const json = flag("--json", "print one JSON document on stdout");
const exitZero = flag("--exit-zero", "exit 0 and put the status into the document");
const brief = flag("--brief", "with --json: without the list of files, for Shortcuts and notifications");
const events = flag("--events", "print one JSON object a line while running");
const quiet = flag("--quiet", "only results and errors");
const verbose = flag("--verbose", "show where an unexpected error came from");

/** Of every command that prints a result. */
export const outputFlags = { json, exitZero, quiet, verbose };

/** Of a command whose document has a list of files. */
export const listOutputFlags = { json, exitZero, brief, quiet, verbose };

/** Of a run, which also tells what happens while it lasts. */
export const runOutputFlags = inGroup(GROUPS.output, { json, exitZero, brief, events, quiet, verbose });

/** Of a command that asks before it does something. */
export const questionFlags = inGroup(GROUPS.unattended, {
  yes: flag("--yes", "do not ask"),
  input: flag("--no-input", "never ask, and take the safe defaults"),
});

/** For what may be longer than a screen. */
export const pager = flag("--no-pager", "print at once, also on a terminal (else: $PAGER, or less)");

/** It tells until it is stopped: what is JSON is one object a line then, an error too. */
export const watch = flag(
  "--watch",
  "tell who comes and who leaves, until stopped (with --json: one object a line)",
);

/** Started by launchd. */
export const agent = hidden(flag("--agent"));

const spokenFlags = { ...runOutputFlags, watch };

/** How a command speaks. */
export type OutputFlags = FlagsOf<typeof spokenFlags>;

/** What is asked of the flags of any command, whichever of them it has. */
export const commonFlags = { ...spokenFlags, ...questionFlags, agent };

export type CommonFlags = Partial<FlagsOf<typeof commonFlags>>;
