import { type FlagsOf, flag, hidden, inGroup } from "../flag.js";
import { GROUPS } from "./groups.js";

const json = flag("--json", "print one JSON document on stdout");
const exitZero = flag("--exit-zero", "exit 0, with the status in the document");
const brief = flag("--brief", "with --json: omit the list of files, for Shortcuts and notifications");
const events = flag("--events", "print one JSON object per line while running");
const quiet = flag("--quiet", "print only results and errors");
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
export const pager = flag("--no-pager", "do not page the output (default on a terminal: $PAGER, or less)");

/** It tells until it is stopped: what is JSON is one object a line then, an error too. */
export const watch = flag(
  "--watch",
  "report phones as they come and go, until stopped (with --json: one object per line)",
);

/** Started by launchd. */
export const agent = hidden(flag("--agent"));

const spokenFlags = { ...runOutputFlags, watch };

/** How a command speaks. */
export type OutputFlags = FlagsOf<typeof spokenFlags>;

/** What is asked of the flags of any command, whichever of them it has. */
export const commonFlags = { ...spokenFlags, ...questionFlags, agent };

export type CommonFlags = Partial<FlagsOf<typeof commonFlags>>;
