import { systemClock } from "../../clock.js";
import { stopped } from "../../errors.js";
import type { PhoneFinder, SeenPhone } from "../../phone/phone-watch.js";
import { type PhoneChange, watchPhones } from "../../phone/watch-phones.js";
import type { Report } from "../../run/run-events.js";
import type { ImportParts, Questions } from "../../run/run-parts.js";
import { removePartialCopiesOfRuns } from "../../transfer/staging-folder.js";
import { makeStagingFolder } from "../process/folders.js";
import { readSettings } from "../process/settings.js";
import { runParts, withChosenPhone, withDataFolder } from "./open-data-folder.js";
import { realPhones, realPhotos } from "./real-parts.js";

/** How the cable is reached. Everything may be left out. */
export interface CableOptions {
  /** Aborting ends the wait with RollcallError STOPPED. */
  readonly signal?: AbortSignal;
  /** In place of this process's own environment variables. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Everything may be left out. */
export interface PhoneAndPhotosOptions extends CableOptions {
  /** UDID in any spelling, or name (case does not count). Needed only where several phones are on the cable. */
  readonly phone?: string;
  /** How long to wait for a phone that is absent, locked, not trusted, or goes away. 0 fails at once; default 120,000. */
  readonly waitMs?: number;
  /** Told everything that happens, as it happens, from before the phone is open. It must not throw. */
  readonly report?: Report;
  /** Aborting ends the run, too. What was done stays done, and the next run goes on. */
  readonly signal?: AbortSignal;
  /** Asked once for a phone and a library. Null, the default: nobody is asked, and the safe defaults hold. */
  readonly questions?: Questions | null;
  /**
   * Ledger and receipts. Default: the command's own, so that what the command imported does not come again. With
   * another folder staging lies inside it, unless that is named too.
   */
  readonly dataFolder?: string;
  /** Where copies wait for Photos. Never a temporary folder: Photos may go on reading from it. */
  readonly stagingFolder?: string;
}

/**
 * Opens what a run stands on, as `rollcall import` does: the data folder (one Rollcall at a time), the phone as soon as
 * it is ready, the way to Photos. Does the work with it, and closes everything again; then the phone may be unplugged.
 * The environment variables that docs/reference/settings.md lists hold here too, where an option does not say otherwise;
 * `config.json`, which is about flags, does not.
 * @param work is handed the parts, which are of use until it settles. So are the `answers` of a finished run.
 * @returns what the work returns
 * @throws RollcallError ANOTHER_ROLLCALL, FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE, LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, NO_PHONE,
 *   PHONE_NOT_FOUND, SEVERAL_PHONES, what else keeps the phone from being opened, STOPPED, and what the work throws
 */
export async function withPhoneAndPhotos<Result>(
  options: PhoneAndPhotosOptions,
  work: (parts: ImportParts) => Promise<Result>,
): Promise<Result> {
  const { dataFolder, stagingFolder, phone, waitMs = 120_000, questions = null } = options;
  const { environment = process.env } = options;
  const { report = () => {}, signal = new AbortController().signal } = options;
  const settings = await readSettings({
    ...environment,
    ...(dataFolder !== undefined && { ROLLCALL_HOME: dataFolder, ROLLCALL_STAGING: undefined }),
    ...(stagingFolder !== undefined && { ROLLCALL_STAGING: stagingFolder }),
  });
  const opened = withDataFolder({ settings }, async (data) => {
    makeStagingFolder(settings.stagingFolder);
    await removePartialCopiesOfRuns(settings.stagingFolder);
    const wish = {
      finder: await realPhones(settings),
      flags: { ...(phone !== undefined && { phone }), wait: waitMs / 1000 },
      report,
    };
    const photosParts = await realPhotos(settings, "run");
    return await withChosenPhone({ settings, signal }, wish, (ready, seen) => {
      const parts = runParts(data, { phone: ready, seen }, report, signal);
      return work({ ...parts, ...photosParts, stagingFolder: settings.stagingFolder, questions });
    });
  });
  return await opened.catch((error: unknown) => {
    throw stoppedOr(error, signal);
  });
}

/**
 * The phones that are on the cable now, ready or not, each with what stands in its way. Reads nothing of theirs but
 * who they are.
 * @throws RollcallError USBMUXD_ABSENT when there is no usbmuxd to ask and the bus shows no phone either, STOPPED
 */
export async function phonesOnCable(options: CableOptions = {}): Promise<SeenPhone[]> {
  return await (await finder(options)).look(options.signal);
}

/**
 * Who is on the cable, then who comes, changes and leaves, until the signal aborts. Nobody is paired.
 * @throws RollcallError STOPPED when the signal aborts
 */
export async function* phonesComingAndGoing(
  options: CableOptions & { readonly signal: AbortSignal },
): AsyncGenerator<PhoneChange, never, void> {
  const { signal } = options;
  try {
    return yield* watchPhones(await finder(options), { clock: systemClock, signal });
  } catch (error) {
    throw stoppedOr(error, signal);
  }
}

async function finder({ environment = process.env }: CableOptions): Promise<PhoneFinder> {
  return await realPhones(await readSettings(environment), { mayPair: false });
}

/** What was waited for rejects with the caller's own reason, which need not be an error of ours. */
function stoppedOr(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted && error === signal.reason ? stopped(signal) : error;
}
