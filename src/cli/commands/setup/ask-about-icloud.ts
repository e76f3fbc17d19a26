import { RollcallError } from "../../../errors.js";
import type { ICloudChoice } from "../../../ledger/ledger-entry.js";
import { calledPhone } from "../../../phone/phone-models.js";
import type { SeenPhone } from "../../../phone/phone-watch.js";
import { planOfPhone } from "../../../run/plan-for-phone.js";
import type { Questions } from "../../../run/run-parts.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandContext } from "../../command-context.js";
import {
  type OpenDataFolder,
  runParts,
  withChosenPhone,
  withDataFolder,
} from "../../compose/open-data-folder.js";
import { realPhones, realPhotos } from "../../compose/real-parts.js";
import { configPath, readConfig, writeConfig } from "../../process/config-file.js";

const UNSETTLED =
  "New photos that an iPhone keeps in iCloud Photos are not imported. To import them: rollcall config set icloud import.";

/**
 * What runs at which nobody is there are to do with photos that a phone keeps in iCloud Photos: asked where somebody is
 * there now, written into the config file, and said in any case.
 * @throws RollcallError STOPPED, BAD_CONFIG, and what writing the config file throws
 */
export async function resolveICloud(
  context: CommandContext,
  { yes }: { readonly yes?: boolean },
): Promise<void> {
  const { settings, output } = context;
  const config = await readConfig(settings.dataFolder);
  if (config.icloud !== undefined) return output.note(settledLine(config.icloud));
  if (!context.mayAsk || yes === true) return output.note(UNSETTLED);
  const answer = await askForAll(context);
  if (answer === null) return output.note(UNSETTLED);
  await writeConfig(settings.dataFolder, { ...config, icloud: answer });
  output.note(
    `${settledLine(answer)} It stands in ${escapeControls(tilde(configPath(settings.dataFolder)))}.`,
  );
}

/**
 * The same for one phone that is being approved: what its look suggests is asked where it is ready, and the answer is
 * kept for it and its library.
 * @throws RollcallError STOPPED, BAD_CONFIG
 */
export async function resolveICloudOf(
  { udid, state }: SeenPhone,
  { context, data }: { readonly context: CommandContext; readonly data: OpenDataFolder },
): Promise<void> {
  const { settings, output, signal, mayAsk } = context;
  const { icloud } = await readConfig(settings.dataFolder);
  if (icloud !== undefined) return output.note(settledLine(icloud));
  if (!mayAsk || state !== "ready" || udid === null) return output.note(UNSETTLED);
  const answer = await unlessTrouble(signal, () =>
    askOverPhone(context, data, udid, "Nothing was approved."),
  );
  if (answer === undefined) output.note(UNSETTLED);
  else if (answer !== null) output.note(settledLine(answer));
}

function settledLine(choice: ICloudChoice): string {
  const [what, other] = choice === "import" ? ["are imported", "skip"] : ["are left there", "import"];
  return `New photos that an iPhone keeps in iCloud Photos ${what}. To change that: rollcall config set icloud ${other}.`;
}

const NOT_SET_UP = "Nothing was written.";

/** With what the look at a phone suggests where exactly one is ready; else in general. Null: the person does not know. */
async function askForAll(context: CommandContext): Promise<ICloudChoice | null> {
  const { settings, signal, output } = context;
  const looked = await unlessTrouble(signal, async () => {
    const ready = readyPhone(await (await realPhones(settings, { mayPair: false })).look(signal));
    if (ready === null) return undefined;
    output.note(
      `Looking at ${escapeControls(calledPhone(ready.identity))}, for photos that it keeps in iCloud Photos.`,
    );
    return await withDataFolder(context, (data) => askOverPhone(context, data, ready.udid, NOT_SET_UP));
  });
  if (looked !== undefined) return looked;
  return await (await import("../../terminal/ask-person.js")).askICloudInGeneral({
    signal,
    ifStopped: NOT_SET_UP,
  });
}

function readyPhone(seen: readonly SeenPhone[]) {
  const [first, ...others] = seen.filter(({ state }) => state === "ready");
  if (first === undefined || others.length > 0) return null;
  const { udid, identity } = first;
  return udid === null || identity === null ? null : { udid, identity };
}

/** A set-up needs no phone: what hinders the look is no trouble of it. */
async function unlessTrouble<Result>(
  signal: AbortSignal,
  look: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await look();
  } catch (error) {
    const isTrouble = error instanceof RollcallError && error.code !== "STOPPED" && error.code !== "BUG";
    if (signal.aborted || !isTrouble) throw error;
    return undefined;
  }
}

/**
 * Looks which new photos a phone would leave to iCloud Photos, and whether the library looks like it has them; asks
 * where there are any and nobody chose yet. The answer is kept for this phone and this library.
 * @param ifStopped what has not happened when the person presses Ctrl-C, as a sentence
 * @returns null where there was nothing to ask
 */
async function askOverPhone(
  context: CommandContext,
  data: OpenDataFolder,
  udid: string,
  ifStopped: string,
): Promise<ICloudChoice | null> {
  const { settings, signal } = context;
  const { askICloud } = await import("../../terminal/ask-person.js");
  const { process, originals, libraryAccess } = await realPhotos(settings, "question");
  const report = () => undefined;
  const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: false };
  let answer: ICloudChoice | null = null;
  const questions: Questions = {
    confirmFirstRun: async () => true,
    chooseICloud: async (left) => {
      answer = await askICloud(left, { signal, ifStopped });
      return answer;
    },
  };
  const wish = {
    finder: await realPhones(settings, { mayPair: false }),
    flags: { phone: udid, wait: 0 },
    report,
  };
  await withChosenPhone({ settings, signal }, wish, async (phone, seen) => {
    const parts = runParts(data, { phone, seen }, report, signal);
    const asked = { ...parts, process, originals, libraryAccess };
    await planOfPhone(asked, request, { questions, readsRecipes: false });
  });
  return answer;
}
