import { RollcallError } from "../../errors.js";
import { nameOf } from "../../phone/choose-phone.js";
import type { SeenPhone } from "../../phone/phone-watch.js";
import { type LeftToICloud, suggestedForICloud } from "../../plan/icloud-look.js";
import { lookSentence } from "../../receipt/left-to-icloud.js";
import { photosAndFiles } from "../../receipt/photos-and-files.js";
import type { Questions } from "../../run/run-parts.js";
import { escapeControls } from "../../text/escape-controls.js";
import { bytes, counted, tilde } from "../../words/wording.js";
import type { Output } from "./output.js";
import { phoneKind } from "./phone-lines.js";

/** Nothing where it is not known. */
function iCloudState(isSynced: boolean | undefined): string {
  if (isSynced === undefined) return "";
  return isSynced ? " (it uses iCloud Photos)" : " (it does not use iCloud Photos)";
}

/** Asks on the terminal, on stderr. */
export function askOnTerminal(output: Output, signal: AbortSignal): Questions {
  return {
    async confirmFirstRun(plan, library) {
      output.pauseProgress();
      const { toImport, catalogue } = plan;
      const into = library === null ? "Photos" : `Photos (${escapeControls(tilde(library))})`;
      return await confirm(
        `This is the first import from this iPhone${iCloudState(catalogue.phoneLibrary?.syncedWithICloud)}. ` +
          `Import ${counted(toImport.items, "photo")}, ${bytes(toImport.bytes)}, into ${into}?`,
        { signal, ifStopped: NOTHING_IMPORTED },
      );
    },
    async chooseICloud(left) {
      output.pauseProgress();
      return await askICloud(left, { signal, ifStopped: NOTHING_IMPORTED });
    },
  };
}

/** Whether new photos that a phone keeps in iCloud Photos are to be imported; its default is what the look suggests. */
export async function askICloud(left: LeftToICloud, ask: AskICloud): Promise<"skip" | "import"> {
  const are = left.items === 1 ? "is" : "are";
  const about = `${photosAndFiles(left, "new photo")} ${are} kept in iCloud Photos by the phone.`;
  return await selectICloud(
    `${about} ${escapeControls(lookSentence(left))}`,
    ICLOUD_OPTIONS,
    suggestedForICloud(left),
    ask,
  );
}

/** The same where no phone was looked at: null where the person does not know. */
export async function askICloudInGeneral(ask: AskICloud): Promise<"skip" | "import" | null> {
  const unknown = {
    value: "later" as const,
    label: "I do not know",
    hint: "they are left, and each import says so",
  };
  const about = "An iPhone may keep new photos in iCloud Photos.";
  const answer = await selectICloud(about, [...ICLOUD_OPTIONS, unknown], "later", ask);
  return answer === "later" ? null : answer;
}

interface AskICloud {
  readonly signal: AbortSignal;
  /** What has not happened when the person presses Ctrl-C, as a sentence. */
  readonly ifStopped: string;
}

/** @throws RollcallError STOPPED as {@link confirm} */
async function selectICloud<Value extends string>(
  about: string,
  options: { value: Value; label: string; hint?: string }[],
  initialValue: Value,
  { signal, ifStopped }: AskICloud,
): Promise<Value> {
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<string>({
    message: `${about} Does this Mac get them from iCloud?`,
    options,
    initialValue,
    output: process.stderr,
    signal,
  });
  if (isCancel(answer)) throw stoppedAtQuestion(ifStopped);
  return answer as Value;
}

/** What the question about iCloud Photos may be answered with. */
const ICLOUD_OPTIONS: { value: "skip" | "import"; label: string; hint?: string }[] = [
  { value: "skip", label: "Yes, skip them", hint: "importing them would make a second copy of each" },
  { value: "import", label: "No, import them" },
];

/**
 * @param ask.ifStopped what has not happened then, as a sentence
 * @throws RollcallError STOPPED when the person presses Ctrl-C instead, or the signal comes while it waits
 */
export async function confirm(
  message: string,
  ask: { readonly signal: AbortSignal; readonly ifStopped: string; readonly initialValue?: boolean },
): Promise<boolean> {
  const prompts = await import("@clack/prompts");
  const { signal, ifStopped, initialValue = true } = ask;
  const answer = await prompts.confirm({ message, initialValue, output: process.stderr, signal });
  if (prompts.isCancel(answer)) throw stoppedAtQuestion(ifStopped);
  return answer;
}

/**
 * Which of several phones is meant.
 * @returns its UDID
 * @throws RollcallError STOPPED
 */
export async function askWhichPhone(
  ready: readonly (SeenPhone & { readonly udid: string })[],
  signal: AbortSignal,
): Promise<string> {
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<string>({
    message: "Several iPhones are on the cable. Which one?",
    options: ready.map((phone) => ({
      value: phone.udid,
      label: escapeControls(nameOf(phone)),
      hint: `${phoneKind(phone)}, ${escapeControls(phone.udid)}`,
    })),
    output: process.stderr,
    signal,
  });
  if (isCancel(answer)) throw stoppedAtQuestion(NOTHING_IMPORTED);
  return answer;
}

const NOTHING_IMPORTED = "Nothing was imported.";

/** @param remedy what has not happened then, as a sentence */
export function stoppedAtQuestion(remedy: string): RollcallError {
  return new RollcallError("STOPPED", { message: "Stopped, as asked.", remedy });
}
