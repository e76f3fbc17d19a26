import { resolve } from "node:path";
import type { SendAppleEvent } from "./apple-event.js";
import type { EventCounters, RunningPhotos } from "./application-state.js";
import type { PhotosFault } from "./photos-fault.js";
import { PhotosModel, type SheetButton } from "./photos-model.js";
import type { ScriptOutcome } from "./prelude.js";
import { runScriptText } from "./script-context.js";
import { scriptHost } from "./script-host.js";
import type { Language } from "./standing-behavior.js";
import { type LibrarySettings, openVirtualLibrary, type VirtualLibrary } from "./virtual-library.js";
import { realTime, type VirtualTime } from "./virtual-time.js";
import type { NameComparison } from "./whose-test.js";

export interface VirtualPhotosOptions extends LibrarySettings {
  /** Real time unless given. */
  readonly time?: VirtualTime | undefined;
  /** What `version()` answers; 11.0 unless given. */
  readonly version?: string | undefined;
  /** How names are compared in `whose`; `alike` unless given. */
  readonly names?: NameComparison | undefined;
  /** What `$.getenv` sees; empty unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface RunTextOptions {
  readonly argv?: readonly string[];
  /** One line of the script's `console.log`; thrown away unless given. */
  readonly log?: (text: string) => void;
  /** `$.exit(status)`; must not return. Without it a script that exits fails. */
  readonly exit?: (status: number) => never;
  /** Throws to end the script at its next question. */
  readonly stillWanted?: () => void;
  /** How long the script may still take before somebody ends it. */
  readonly patienceMs?: () => number;
  /** Each thing that the script asked, and what it was told, as they passed. */
  readonly heard?: (message: string, reply: string) => void;
}

/** Photos without a Mac: one library, the program that has it open, and JXA to speak to it. */
export interface VirtualPhotos {
  readonly library: VirtualLibrary;
  /** Runs the text of a JXA script; the outcome is what osascript would print. Throws only what `stillWanted` throws. */
  runText(scriptText: string, options?: RunTextOptions): ScriptOutcome;
  /** The seam itself, for a prelude that runs elsewhere (JavaScriptCore's shell). */
  readonly sendAppleEvent: SendAppleEvent;
  /** Apple events since the package was made, or since the last reset. */
  counters(): EventCounters;
  resetCounters(): void;
  /** Null when the program is not running. */
  running(): RunningPhotos | null;
  launch(): void;
  /** As if a person quit it, or it was killed: sheets go, and so does what it had not done yet. */
  end(): void;
  /**
   * Switches on one fault or several at once, in place of all that were on; null for ordinary manners. Kept in the
   * package, so the executable has them too. What they did stays: a sheet until it is answered, another library until
   * it is closed, postponed work until it is done or Photos ends.
   */
  faults(how: PhotosFault | readonly PhotosFault[] | null): void;
  /**
   * For each fault that is on, in the order in which they were switched on: the number of the event that it struck
   * first, counted from 1 since then; null where it has struck none.
   */
  firstOccurrences(): (number | null)[];
  /** Does what Photos was to have done by now. Every event does so by itself; whoever reads the package asks first. */
  catchUp(): void;
  /** What the sheet or alert over Photos' window says; null where there is none. */
  sheetText(): string | null;
  /** The language of error texts; absent for English. */
  language(): Language | undefined;
  /** Clicks in it. False where there is none. */
  answerSheet(button: SheetButton): boolean;
  /** The package that is open. */
  openLibraryPath(): string;
  /** Opens another package, as a person does who starts Photos with Option held: Photos is relaunched when next asked. */
  openLibrary(path: string): void;
  close(): void;
}

/**
 * Opens the library at `path`, or makes an empty one.
 * @throws RollcallError BAD_USAGE when something lies there that is not a virtual library
 */
export function openVirtualPhotos(path: string, options: VirtualPhotosOptions = {}): VirtualPhotos {
  const library = openVirtualLibrary(path, options);
  const { application } = library;
  const time = options.time ?? realTime;
  const version = options.version ?? "11.0";
  const behavior = { names: options.names ?? "alike" } as const;
  const model = new PhotosModel({ home: library, version, behavior, time });
  const hostFor = ({ log, exit, stillWanted, patienceMs, heard }: RunTextOptions) =>
    scriptHost({
      library,
      model,
      time,
      environment: options.environment ?? {},
      log: log ?? (() => undefined),
      exit: exit ?? refuseExit,
      ...(stillWanted && { stillWanted }),
      ...(patienceMs && { patienceMs }),
      ...(heard && { heard }),
    });
  return {
    library,
    runText: (scriptText, run = {}) => runScriptText(scriptText, run.argv ?? [], hostFor(run)),
    sendAppleEvent: hostFor({}),
    counters: () => application.counters(),
    resetCounters: () => application.resetCounters(),
    running: () => application.running,
    launch: () => application.launch(time.now()),
    end: () => {
      model.catchUp();
      application.end();
    },
    faults: (how) => model.faults(how === null ? [] : "name" in how ? [how] : how),
    firstOccurrences: () => model.firstOccurrences(),
    catchUp: () => model.catchUp(),
    sheetText: () => application.sheet?.text ?? null,
    language: () => model.standing().language,
    answerSheet: (button) => model.answerSheet(button),
    openLibraryPath: () => model.openLibraryPath,
    openLibrary: (path) => {
      model.catchUp();
      application.end();
      model.openLibrary(resolve(path));
    },
    close: () => model.close(),
  };
}

function refuseExit(status: number): never {
  throw new Error(`the script exited with ${status} where it has no process of its own`);
}
