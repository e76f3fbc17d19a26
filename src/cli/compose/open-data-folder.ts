import { systemClock } from "../../clock.js";
import { LedgerDatabase } from "../../ledger/ledger-database.js";
import { explainLedgerTrouble, isDatabaseError } from "../../ledger/ledger-trouble.js";
import type { Phone } from "../../phone/phone.js";
import type { PhoneFinder, SeenPhone } from "../../phone/phone-watch.js";
import { ReconnectingPhone } from "../../phone/reconnecting-phone.js";
import { openWhenReady, type WaitOptions } from "../../phone/wait-for-phone.js";
import { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { reconnectPolicy } from "../../run/reconnect-policy.js";
import type { Report } from "../../run/run-events.js";
import type { RunParts } from "../../run/run-parts.js";
import type { CommandContext } from "../command-context.js";
import type { PhoneFlags } from "../flags/phone.js";
import { lockDataFolder } from "../process/data-folder-lock.js";
import { type DataFolder, emptyWorkFolder, openDataFolder } from "../process/folders.js";
import { stayAwake } from "../process/stay-awake.js";
import { toolVersion } from "../process/tool-version.js";
import { commandWords } from "../terminal/command-words.js";

/** An open data folder, with nobody else at work in it. */
export interface OpenDataFolder {
  readonly folder: DataFolder;
  readonly ledgerDatabase: LedgerDatabase;
}

/**
 * Opens the data folder for writing, does the work, and closes it again. The Mac stays awake meanwhile.
 * @throws RollcallError ANOTHER_ROLLCALL, FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE, LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE
 */
export async function withDataFolder<Result>(
  { settings }: Pick<CommandContext, "settings">,
  work: (data: OpenDataFolder) => Promise<Result>,
  open: (path: string) => Promise<LedgerDatabase> = LedgerDatabase.open,
): Promise<Result> {
  const folder = await openDataFolder(settings.dataFolder);
  using _lock = await lockDataFolder(folder.path);
  emptyWorkFolder(folder);
  using ledgerDatabase = await open(folder.ledger);
  using _awake = stayAwake();
  try {
    return await work({ folder, ledgerDatabase });
  } catch (error) {
    throw isDatabaseError(error) ? explainLedgerTrouble(folder.ledger, error) : error;
  }
}

/** The same for a command that only looks or frees room, and keeps nothing: it works on a full disk, too. */
export async function lookIntoDataFolder<Result>(
  context: Pick<CommandContext, "settings">,
  work: (data: OpenDataFolder) => Promise<Result>,
): Promise<Result> {
  return await withDataFolder(context, work, LedgerDatabase.openToLook);
}

/** Long enough to find the phone, its cable and its passcode. */
const USUAL_WAIT_SECONDS = 120;

/** Long enough for a phone that is just being plugged in; a person who waits for one beside others says --wait. */
const WAIT_BESIDE_OTHERS_MS = 5_000;

/** Which phone, and how it is waited for. */
export interface PhoneRequest {
  readonly finder: PhoneFinder;
  readonly flags: PhoneFlags & { readonly yes?: boolean };
  /** Where it is told that it waits, and why. */
  readonly report: Report;
}

type PhoneContext = Pick<CommandContext, "settings" | "signal"> &
  Partial<Pick<CommandContext, "mayAsk" | "output">>;

function askWhich(
  signal: AbortSignal,
  output: CommandContext["output"] | undefined,
): WaitOptions["askWhich"] {
  return async (ready) => {
    output?.pauseProgress();
    return await (await import("../terminal/ask-person.js")).askWhichPhone(ready, signal);
  };
}

/**
 * Opens the phone that is meant as soon as it is ready, does the work, and closes it again. Where the way to it
 * breaks meanwhile it is waited for, as long as in the beginning, and the work goes on. When this settles,
 * nothing of ours is on the cable any more, and the phone may be unplugged.
 * @throws RollcallError NO_PHONE, PHONE_NOT_FOUND, SEVERAL_PHONES, and what opening it throws
 */
export async function withChosenPhone<Result>(
  { settings, signal, mayAsk, output }: PhoneContext,
  { finder, flags, report }: PhoneRequest,
  work: (phone: Phone, seen: SeenPhone) => Promise<Result>,
): Promise<Result> {
  const waiting = { waitMs: (flags.wait ?? USUAL_WAIT_SECONDS) * 1000, clock: systemClock, signal };
  const { phone: opened, seen } = await openWhenReady(finder, flags.phone, {
    ...waiting,
    onWaiting: (why) => report({ type: "waiting", ...why }),
    // One that was named and does not listen is more likely a slip of the pen.
    serviceMayCome: settings.usbmuxdAddress === undefined,
    ...(flags.wait === undefined && { otherPhonesMs: WAIT_BESIDE_OTHERS_MS }),
    ...(mayAsk === true && flags.yes !== true && { askWhich: askWhich(signal, output) }),
  });
  await using phone = new ReconnectingPhone(
    opened,
    reconnectPolicy(finder, opened.identity, { ...waiting, report }),
  );
  return await work(phone, seen);
}

export function runParts(
  { folder, ledgerDatabase }: OpenDataFolder,
  { phone, seen }: { readonly phone: Phone; readonly seen: SeenPhone },
  report: Report,
  signal: AbortSignal,
): RunParts {
  return {
    phone,
    cableBitsPerSecond: seen.cableBitsPerSecond,
    ledgerDatabase,
    receipts: new ReceiptFolder(folder.receipts, commandWords),
    clock: systemClock,
    workFolder: folder.work,
    toolVersion: toolVersion(),
    report,
    signal,
  };
}
