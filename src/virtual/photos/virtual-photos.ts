import type { SendAppleEvent } from "./apple-event.js";
import type { EventCounters, RunningPhotos } from "./application-state.js";
import type { PhotosMisbehaviour } from "./photos-misbehaviour.js";
import { PhotosModel } from "./photos-model.js";
import type { ScriptOutcome } from "./prelude.js";
import { runScriptText } from "./script-context.js";
import { scriptHost } from "./script-host.js";
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
  /** One fault at a time; null for ordinary manners. Kept in the package, so the executable has it too. */
  misbehave(how: PhotosMisbehaviour | null): void;
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
  const model = new PhotosModel({ library, version, names: options.names ?? "alike" }, time);
  const hostFor = ({ log, exit, stillWanted }: RunTextOptions) =>
    scriptHost({
      library,
      model,
      time,
      environment: options.environment ?? {},
      log: log ?? (() => undefined),
      exit: exit ?? refuseExit,
      ...(stillWanted && { stillWanted }),
    });
  return {
    library,
    runText: (scriptText, run = {}) => runScriptText(scriptText, run.argv ?? [], hostFor(run)),
    sendAppleEvent: hostFor({}),
    counters: () => application.counters(),
    resetCounters: () => application.resetCounters(),
    running: () => application.running,
    launch: () => application.launch(time.now()),
    end: () => application.end(),
    misbehave: (how) => {
      application.forget("dropped");
      if (how === null) application.forget("misbehaviour");
      else application.remember("misbehaviour", how);
    },
    close: () => library.close(),
  };
}

function refuseExit(status: number): never {
  throw new Error(`the script exited with ${status} where it has no process of its own`);
}
