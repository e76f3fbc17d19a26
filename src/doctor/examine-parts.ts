import type { AppState } from "../integrations/app/app-state.js";
import type { NoticeSeen } from "../integrations/app/notice-seen.js";
import type { HowToStart } from "../integrations/how-to-start.js";
import type { AgentState } from "../integrations/launchd/agent-state.js";
import type { ListedShortcuts } from "../integrations/shortcuts/listed-shortcuts.js";
import type { StartedFrom } from "../integrations/started-from.js";
import type { PhoneFinder } from "../phone/phone-watch.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import type { PhotosRights } from "../photos/photos-rights.js";
import type { LastRun } from "./last-run.js";

/**
 * All that the checks ask. None of it starts Photos, shows anybody a question, or writes anything.
 * What is missing on this computer is told by a RollcallError, as everywhere.
 */
export interface ExamineDeps {
  readonly mac: {
    /** `process.platform`: "darwin" is a Mac. */
    readonly platform: string;
    /** "15.5"; null where it could not be read. Only asked on a Mac. */
    macosVersion(): Promise<string | null>;
    /** "10.0"; null where there is no Photos. Only asked on a Mac. */
    photosVersion(): Promise<string | null>;
  };
  /** Null where there is no way to Photos from here: no Mac, and nothing in osascript's place. */
  readonly photos: PhotosToExamine | null;
  readonly data: {
    readonly folder: string;
    readonly stagingFolder: string;
    /**
     * Looks for the nearest folder that is there, and whether this user may write in it.
     * @throws RollcallError FOLDER_NOT_WRITABLE
     */
    requireWritable(folder: string): Promise<{ readonly isThere: boolean }>;
    /** The process that wrote that it is at work there, if it still lives; null where there is none. */
    processAtWork(): Promise<number | null>;
    /**
     * False where there is no ledger yet.
     * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
     */
    lookAtLedger(): Promise<boolean>;
    /**
     * What the phones are called that a watch may import from; null where that cannot be told without writing.
     * @throws as lookAtLedger
     */
    approvedPhones(): Promise<readonly string[] | null>;
    /** Of the volume that holds a folder, or would. */
    freeSpace(folder: string): Promise<{ readonly volume: string; readonly freeBytes: number }>;
  };
  readonly cable: {
    /** Apple phones on the USB bus. Null: there is no bus to ask. */
    phonesOnBus(): Promise<number | null>;
    /** False where another usbmuxd was named: this computer's bus says nothing about it, and is not asked. */
    readonly isBusOfUsbmuxd: boolean;
    /** Where usbmuxd listens, for a sentence. */
    readonly usbmuxdAddress: string;
    /** How many devices usbmuxd lists. @throws RollcallError USBMUXD_ABSENT, USBMUXD_TROUBLE */
    devicesListed(signal: AbortSignal): Promise<number>;
    readonly finder: Pick<PhoneFinder, "look">;
    /** Which phone is meant: a UDID or a name; undefined: whichever is there. */
    readonly wantedPhone: string | undefined;
  };
  readonly program: {
    readonly version: string;
    /** Absolute. */
    readonly path: string;
    /** "20.19.4" */
    readonly nodeVersion: string;
    /** Absolute. */
    readonly nodePath: string;
  };
  /** Null where there are no programs of macOS to ask. */
  readonly setUps: SetUpsToExamine | null;
  /** The place that is asked about instead of this terminal (`--from`); null: this terminal. */
  readonly from: StartedFrom | null;
  readonly runs: RunsElsewhere;
}

/** What `rollcall setup` installed for this person, and what of macOS it lives by. */
export interface SetUpsToExamine {
  readonly agent: {
    /** Null where there is none. */
    file(): InstalledFile | null;
    state(signal: AbortSignal): Promise<AgentState>;
    /** For a sentence. */
    readonly logFolder: string;
  };
  /** Rollcall.app, which the agent imports through. */
  readonly app: {
    state(): AppState;
    /** Absolute. */
    readonly path: string;
    /** What a person said about its notifications; null where nobody was asked. */
    noticeSeen(): NoticeSeen | null;
  };
  readonly quickAction: { file(): InstalledFile | null };
  readonly shortcuts: {
    /** What they are called in the app. */
    readonly names: readonly string[];
    /** Whether a set-up has signed any here; whether the person added them is another matter. */
    isMade(): boolean;
    listed(signal: AbortSignal): Promise<ListedShortcuts>;
  };
  readonly sleep: {
    /** 0: never by itself; null: not known. */
    idleMinutes(signal: AbortSignal): Promise<number | null>;
    /** Whether the program is there that keeps this Mac awake during a run. */
    isCaffeinateThere(): Promise<boolean>;
  };
  /** Under whose name a notification of Rollcall's own appears: "Rollcall" where its app is installed. */
  readonly notifiesAs: string;
  /** Which of the two paths can no longer be used. */
  goneOf(start: Pick<HowToStart, "node" | "program">): Promise<readonly string[]>;
  /** Why nothing should be started from where it lies, a sentence each. */
  placeTroubles(start: Pick<HowToStart, "node" | "program">): readonly string[];
  /** How Rollcall is started with the settings that are in force here. */
  readonly here: HowToStart;
}

/** A file that starts Rollcall. */
export interface InstalledFile {
  /** Absolute. */
  readonly path: string;
  /** Null where it is not one that a set-up of Rollcall wrote. */
  readonly start: HowToStart | null;
}

/** What the runs from elsewhere left behind. */
export interface RunsElsewhere {
  /** One for each command, the youngest first. */
  last(from: StartedFrom): readonly LastRun[];
  readonly now: Date;
  /** Whether that process is still there; false where the computer was started after it. */
  isAlive(pid: number, startedAt: Date): boolean;
}

export interface PhotosToExamine {
  /** What stands in osascript's place (`ROLLCALL_OSASCRIPT`); null: macOS' own. */
  readonly standIn: string | null;
  /** True where a run from elsewhere has asked, and not this one. */
  readonly isRecorded: boolean;
  /** The app that macOS asks about, "Terminal"; null where the environment does not tell. */
  readonly askingApp: string | null;
  /** Of that app; null where it is not certain. */
  readonly askingBundleId: string | null;
  readonly rights: PhotosRights;
  readonly process: Pick<PhotosProcess, "openLibrary">;
  /** The library where Photos keeps it unless told otherwise; null where none is there. */
  usualLibrary(signal?: AbortSignal): Promise<string | null>;
  /** Whether the app that runs this may read everything: then reading a library makes macOS ask nothing. */
  hasFullDiskAccess(): Promise<boolean>;
  /** Of the volume that holds a library, which is not touched; null where that did not answer. */
  freeSpace(
    libraryPath: string,
    signal?: AbortSignal,
  ): Promise<{ readonly volume: string; readonly freeBytes: number } | null>;
  /**
   * Reads a few bytes of the package. Only called where macOS should not ask a person about it; where it does all the
   * same, it ends after a while.
   * @throws RollcallError LIBRARY_UNREADABLE, LIBRARY_NOT_PERMITTED, BAD_USAGE (no library there), STOPPED
   */
  requireReadable(libraryPath: string, signal?: AbortSignal): Promise<void>;
}
