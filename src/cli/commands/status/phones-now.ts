import { join } from "node:path";
import { Command } from "commander";
import { RollcallError } from "../../../errors.js";
import type { PhoneFinder, SeenPhone } from "../../../phone/phone-watch.js";
import type { PlanRequest } from "../../../run/run-parts.js";
import type { CommandContext } from "../../command-context.js";
import { realPhotos } from "../../compose/real-parts.js";
import { valuesOf, withFlags } from "../../flag.js";
import { knownPhotosFlags } from "../../flags/library.js";
import { phoneFlags } from "../../flags/phone.js";
import { selectionFlags } from "../../flags/selection.js";
import { applyConfig } from "../../process/apply-config.js";
import { openDataFolder } from "../../process/folders.js";
import { temporaryFolder } from "../../process/temporary-folder.js";
import { planRequest } from "../../requests.js";
import { explainAnything } from "../../terminal/report-trouble.js";
import { lookAtPhones } from "./look-at-phones.js";
import type { LedgerNow } from "./read-ledger-now.js";
import type { PhoneNow } from "./status-now.js";

const LONGEST_LOOK_MS = 30_000;

/** What is on the cable, as far as that can be told. */
interface CableNow {
  readonly finder: PhoneFinder;
  readonly seen: readonly SeenPhone[];
  readonly trouble: RollcallError | null;
}

export async function lookAtCable(finder: PhoneFinder, signal: AbortSignal): Promise<CableNow> {
  try {
    return { finder, seen: await finder.look(signal), trouble: null };
  } catch (error) {
    if (signal.aborted || !(error instanceof RollcallError)) throw error;
    return { finder, seen: [], trouble: error };
  }
}

/** What is new on each of them, where there is a ledger to ask. */
export async function phonesNow(
  context: CommandContext,
  { finder, seen }: CableNow,
  { ledgerDatabase }: LedgerNow,
): Promise<readonly PhoneNow[]> {
  const { settings, signal } = context;
  const unread = (trouble: RollcallError | null) =>
    seen.map((phone) => ({ seen: phone, totals: null, trouble: phone.state === "ready" ? trouble : null }));
  if (ledgerDatabase === null || !seen.some(({ state }) => state === "ready")) return unread(null);
  try {
    await using temporary = await temporaryFolder();
    // What is copied to be read lies there: the data folder stays as it is, also where there is none.
    const dataFolder = join(temporary.path, "data");
    const { work: workFolder } = await openDataFolder(dataFolder);
    const photosParts = await realPhotos({ ...settings, dataFolder }, "question");
    const request = await ordinaryRequest(context, photosParts.libraryAccess);
    const limit = () => AbortSignal.timeout(LONGEST_LOOK_MS);
    return await lookAtPhones(seen, {
      ...photosParts,
      finder,
      ledgerDatabase,
      request,
      workFolder,
      signal,
      limit,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    // The disk is full, say: the rest can be told all the same.
    return unread(explainAnything(error, null));
  }
}

/** As `rollcall plan` without a flag, by the config file. */
async function ordinaryRequest(
  context: CommandContext,
  access: Parameters<typeof planRequest>[2],
): Promise<PlanRequest> {
  const declared = { ...selectionFlags, ...phoneFlags, ...knownPhotosFlags };
  const plan = withFlags(new Command("plan"), declared);
  await applyConfig(plan, context.settings.dataFolder);
  const flags = { ...valuesOf(plan, declared), pick: false };
  return { ...(await planRequest(context, flags, access)), onlyReads: true };
}
