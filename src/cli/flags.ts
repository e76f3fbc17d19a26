import { type Command, Option } from "commander";
import type { ItemKind } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import type { Selection } from "../plan/selection.js";
import type { CommonFlags } from "./command-context.js";
import { parseSince, parseUntil } from "./dates.js";
import { icloudNow } from "./former-words.js";
import { nearest } from "./terminal/did-you-mean.js";

/** Flags of plan, import and copy that choose items. */
export interface SelectionFlags {
  readonly since?: Date;
  /** The first instant that no longer belongs. */
  readonly until?: Date;
  readonly takenSince?: Date;
  readonly kind?: readonly ItemKind[];
  readonly name?: string;
  readonly folder?: string;
  readonly favorites?: boolean;
  readonly album?: string;
  readonly includeHidden?: boolean;
  readonly pick?: boolean;
  readonly limit?: number;
}

export interface PhoneFlags {
  readonly phone?: string;
  /** Seconds. */
  readonly wait?: number;
  readonly withoutPhoneLibrary?: boolean;
}

export interface PagerFlags {
  /** False after `--no-pager`. */
  readonly pager?: boolean;
}

/** Flags of plan and import about what is in Photos already. */
interface LibraryFlags {
  readonly library?: string;
  readonly reimportEdited?: boolean;
  readonly retry?: boolean;
  readonly icloud?: "skip" | "import";
}

export type PlanFlags = CommonFlags &
  SelectionFlags &
  PhoneFlags &
  LibraryFlags & {
    readonly assumeImported?: boolean;
    readonly audit?: boolean;
    readonly list?: boolean;
  } & PagerFlags;

export type ImportFlags = PlanFlags & {
  readonly dryRun?: boolean;
  readonly keepAlbums?: boolean;
  readonly restartPhotos?: boolean;
  readonly batchItems?: number;
  readonly batchBytes?: number;
  readonly editedBatchItems?: number;
  readonly stagedBytes?: number;
  readonly notify?: boolean;
  readonly open?: boolean;
  readonly eject?: boolean;
  /** Started by the watch: from an approved phone only, and with nobody there. */
  readonly unattended?: boolean;
};

export type CopyFlags = CommonFlags & SelectionFlags & PhoneFlags;

export const KINDS: readonly ItemKind[] = ["photo", "live", "video", "raw", "screenshot"];

/** The headings of the help of commands with many flags, in its order. */
export const GROUPS = {
  selection: "Which photos:",
  phone: "Phone:",
  library: "Library:",
  output: "Output:",
  unattended: "Unattended:",
} as const;

export function withSelection(command: Command): Command {
  return command
    .optionsGroup(GROUPS.selection)
    .option(
      "--since <date>",
      "added to the phone at or after: 2026-11-21, 2026-11, yesterday, 12h, 7d, 2w, 3m, 1y",
      since("--since"),
    )
    .option("--until <date>", "added to the phone up to and including", (text: string) =>
      parseUntil("--until", text),
    )
    .option("--taken-since <date>", "taken at or after, by the phone's library", since("--taken-since"))
    .option("--kind <kinds>", `only these kinds, comma-separated: ${KINDS.join(", ")}`, kinds)
    .option("--name <pattern>", 'file name, with * and ?: "IMG_12*"', someText("--name"))
    .option("--folder <folder>", "only below this folder of the phone: 100APPLE", someText("--folder"))
    .option("--album <title>", "only what is in this album on the phone", someText("--album"))
    .option("--favorites", "only favourites of the phone")
    .option("--include-hidden", "hidden ones too")
    .option("--pick", "choose by day and kind, at the terminal")
    .option("--limit <number>", "import at most so many", wholeNumber("--limit"));
}

export function withPhone(command: Command): Command {
  return command
    .optionsGroup(GROUPS.phone)
    .option("--phone <name>", "UDID or name, when several are on the cable", someText("--phone"))
    .option(
      "--wait <seconds>",
      "how long to wait for a phone that is missing, locked or not trusted; 0 fails at once (default: 120; 5 if --phone matches no connected phone)",
      wholeNumber("--wait", 0),
    )
    .option(
      "--without-phone-library",
      "import even if the phone's photo library is unreadable (with hidden and deleted ones, without edits outside DCIM)",
    );
}

export function withLibrary(command: Command): Command {
  return command
    .optionsGroup(GROUPS.library)
    .option("--library <path>", "the Photos library (default: the one that is open)", someText("--library"))
    .option("--reimport-edited", "re-import photos that were edited since they were imported")
    .option("--retry", "retry what was removed, marked as known, refused or left unknown")
    .addOption(icloudOption());
}

function icloudOption(): Option {
  const option = new Option("--icloud <what>", "photos that the phone keeps in iCloud Photos").choices([
    "skip",
    "import",
  ]);
  const { parseArg } = option;
  return option.argParser((typed) => parseArg!(icloudNow(typed), undefined as never));
}

export function withBatches(command: Command): Command {
  const hidden = (flags: string) =>
    new Option(flags).hideHelp().argParser(wholeNumber(flags.split(" ", 1)[0]!));
  return command
    .addOption(hidden("--batch-items <number>"))
    .addOption(hidden("--batch-bytes <number>"))
    .addOption(hidden("--edited-batch-items <number>"))
    .addOption(hidden("--staged-bytes <number>"));
}

/** How `rollcall watch` starts an import; for nobody else. */
export function withUnattended(command: Command): Command {
  return command.addOption(new Option("--unattended").hideHelp());
}

export function withOutput(
  command: Command,
  what: { readonly events?: boolean; readonly questions?: boolean; readonly list?: boolean } = {},
): Command {
  if (what.events === true) command.optionsGroup(GROUPS.output);
  command
    .option("--json", "print one JSON document on stdout")
    .option("--exit-zero", "exit 0, with the status in the document");
  if (what.list === true)
    command.option("--brief", "with --json: omit the list of files, for Shortcuts and notifications");
  if (what.events === true) command.option("--events", "print one JSON object per line while running");
  command
    .option("--quiet", "print only results and errors")
    .option("--verbose", "show where an unexpected error came from");
  if (what.questions === true)
    command
      .optionsGroup(GROUPS.unattended)
      .option("--yes", "do not ask")
      .option("--no-input", "never ask, and take the safe defaults");
  return command;
}

/** For what may be longer than a screen. */
export function withPager(command: Command): Command {
  return command.option("--no-pager", "do not page the output (default on a terminal: $PAGER, or less)");
}

export function selectionOf(flags: SelectionFlags): Selection {
  const { since, until, takenSince, kind, name, folder, album, favorites, includeHidden, limit } = flags;
  requireInOrder(since, until);
  return {
    ...(since && { since }),
    ...(until && { before: until }),
    ...(takenSince && { takenSince }),
    ...(kind && { kinds: kind }),
    ...(name !== undefined && { name }),
    ...(folder !== undefined && { folder }),
    ...(album !== undefined && { album }),
    ...(favorites && { favorites }),
    ...(includeHidden && { includeHidden }),
    ...(limit !== undefined && { limit }),
  };
}

/** @throws RollcallError BAD_USAGE */
export function requireInOrder(since: Date | undefined, until: Date | undefined): void {
  if (since === undefined || until === undefined || since < until) return;
  throw new RollcallError("BAD_USAGE", {
    message: "--since lies after --until, so nothing can be between them.",
    remedy: "Give the earlier date to --since.",
  });
}

export function since(flag: string): (text: string) => Date {
  return (text) => parseSince(flag, text);
}

function kinds(text: string): ItemKind[] {
  return text.split(",").map((one) => {
    const kind = KINDS.find((known) => known === one.trim().toLowerCase());
    if (kind !== undefined) return kind;
    const meant = nearest(one.trim(), KINDS);
    throw new RollcallError("BAD_USAGE", {
      message: `--kind: ${JSON.stringify(one.trim())} is not a kind.`,
      remedy: `${meant === null ? "" : `Did you mean ${meant}? `}Use ${KINDS.join(", ")}, with commas between several.`,
    });
  });
}

/**
 * For arguments where nothing would mean something else: the current folder, the newest receipt, every name.
 * @throws RollcallError BAD_USAGE
 */
export function someText(what: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== "") return text;
    throw new RollcallError("BAD_USAGE", {
      message: `${what}: it is empty.`,
      remedy: "Was a variable not set? Give it a value, or leave it out.",
    });
  };
}

/** @throws RollcallError BAD_USAGE */
export function wholeNumber(flag: string, least = 1, most?: number): (text: string) => number {
  const range = most === undefined ? `of ${least} or more` : `from ${least} to ${most}`;
  return (text) => {
    const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (number >= least && number <= (most ?? Number.POSITIVE_INFINITY)) return number;
    throw new RollcallError("BAD_USAGE", {
      message: `${flag}: ${JSON.stringify(text)} is not a whole number ${range}.`,
      remedy: `Use one, such as ${flag} 50.`,
    });
  };
}

/**
 * A share such as `5%`, as a number above 0 and up to 1.
 * @throws RollcallError BAD_USAGE
 */
export function percentage(flag: string): (text: string) => number {
  return (text) => {
    const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?)\s?%$/.exec(text.trim()) ?? [];
    const share = Number(digits) / 100;
    if (share > 0 && share <= 1) return share;
    throw new RollcallError("BAD_USAGE", {
      message: `${flag}: ${JSON.stringify(text)} is not a share.`,
      remedy: `Use one from 0.001% to 100%, such as ${flag} 5%.`,
    });
  };
}
