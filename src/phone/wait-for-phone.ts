import type { Clock } from "../clock.js";
import { type ErrorCode, RollcallError } from "../errors.js";
import type { Remedy } from "../remedy.js";
import { AutoResetEvent } from "./auto-reset-event.js";
import { choosePhone, nameOf, phonesMeant, readyOf } from "./choose-phone.js";
import type { Phone } from "./phone.js";
import type { PhoneFinder, SeenPhone } from "./phone-watch.js";

/** Unlocking makes no event anywhere, so the phone is asked again so often. */
const BETWEEN_LOOKS_MS = 1_000;
/** One plug-in is attach, detach, attach; so is a tap on Trust. The phone is asked when it has been quiet so long. */
const QUIET_MS = 1_000;
const LONGEST_UNREST_MS = 5_000;

/** What a person can mend at the phone or the cable while Rollcall waits. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["NO_PHONE", "PHONE_NOT_FOUND", "PHONE_GONE", "PHONE_CABLE_ONLY", "PHONE_NETWORK_ONLY"] as const),
  ...(["PHONE_NOT_TRUSTED", "PHONE_TRUST_PENDING", "PHONE_TRUST_REFUSED", "PHONE_TRUST_LOST"] as const),
  ...(["PHONE_NOT_PROVED", "PHONE_LOCKED", "PHONE_BUSY", "PHONE_SILENT"] as const),
]);
const SERVICE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["USBMUXD_ABSENT", "USBMUXD_TROUBLE"]);

/** Why it is waited, and how long it will be at most. */
export interface WaitedFor {
  readonly code: ErrorCode;
  /** A sentence: "Anna's iPhone is locked." */
  readonly message: string;
  readonly remedy: Remedy;
  readonly leftMs: number;
}

export interface WaitOptions {
  /** 0: not at all. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * How long at most where phones are here from the start, all of them ready, and none is the one that is wanted: that
   * is more likely a slip of the pen than a phone still to come. `waitMs` unless given.
   */
  readonly otherPhonesMs?: number;
  /** Called when it begins to wait, and each time that the reason has become another. */
  readonly onWaiting: (why: WaitedFor) => void;
  /** Whether a usbmuxd that is not there may yet come: the system's own is started when a phone is plugged in. */
  readonly serviceMayCome?: boolean;
  /** Asks a person which of several is meant; its UDID. Absent where nobody is there. */
  readonly askWhich?:
    | ((ready: readonly (SeenPhone & { readonly udid: string })[]) => Promise<string>)
    | undefined;
}

/**
 * Opens the phone that is meant, as soon as it can be opened: at once, or when somebody has plugged it in,
 * unlocked it, or tapped Trust. A phone that is ready at once costs no request more than without waiting.
 * @param wanted as in {@link choosePhone}
 * @throws RollcallError what still stands in the way when the time is up; at once what waiting cannot mend; STOPPED
 */
export async function openWhenReady(
  finder: PhoneFinder,
  wanted: string | undefined,
  options: WaitOptions,
): Promise<{ phone: Phone; seen: SeenPhone }> {
  const { waitMs, clock, signal, onWaiting } = options;
  const startMs = clock.now().getTime();
  let otherPhonesMs = options.otherPhonesMs ?? waitMs;
  const changed = new AutoResetEvent(clock);
  const ending = new AbortController();
  let listening: Promise<void> | null = null;
  let reported = "";
  let meant = wanted;
  let mayServiceCome = options.serviceMayCome === true;
  try {
    for (;;) {
      const outcome = await tryToOpen(finder, meant, { signal, asksTrust: waitMs > 0 });
      if ("phone" in outcome) return outcome;
      const { trouble, areOthersReady } = outcome;
      if (trouble.code === "SEVERAL_PHONES" && options.askWhich !== undefined) {
        meant = await options.askWhich(readyOf(phonesMeant(await finder.look(signal), meant)));
        continue;
      }
      const isService = SERVICE.has(trouble.code);
      if (!MENDABLE.has(trouble.code) && !(isService && mayServiceCome)) throw trouble;
      // It was there once, so it may come again.
      mayServiceCome ||= !isService;
      // Once something else was seen, a phone has come or gone, and more may.
      if (!areOthersReady) otherPhonesMs = waitMs;
      const mostMs = Math.min(otherPhonesMs, waitMs);
      const leftMs = startMs + mostMs - clock.now().getTime();
      if (leftMs <= 0) throw afterWaiting(trouble, mostMs);
      const { code, message, remedy } = trouble;
      if (reported !== `${code} ${message}`) onWaiting({ code, message, remedy, leftMs });
      reported = `${code} ${message}`;
      listening ??= finder.watch(changed.set, ending.signal);
      if (await changed.waitFor(Math.min(BETWEEN_LOOKS_MS, leftMs), signal))
        await changed.debounce(QUIET_MS, Math.min(LONGEST_UNREST_MS, leftMs), signal);
    }
  } finally {
    ending.abort();
    await listening;
  }
}

/** One look, one try, and where it is for us to ask, one question whether the phone trusts this computer. */
async function tryToOpen(
  finder: PhoneFinder,
  wanted: string | undefined,
  { signal, asksTrust }: { signal: AbortSignal; asksTrust: boolean },
): Promise<{ phone: Phone; seen: SeenPhone } | { trouble: RollcallError; areOthersReady: boolean }> {
  let all: readonly SeenPhone[] = [];
  try {
    all = await finder.look(signal);
    const distrusting = asksTrust ? onlyDistrusting(all, wanted) : null;
    if (distrusting !== null && finder.askTrust !== undefined) {
      await finder.askTrust(distrusting.udid, signal);
      return { trouble: justTrusted(distrusting), areOthersReady: false };
    }
    const seen = choosePhone(all, wanted);
    return { phone: await finder.open(seen.udid, signal), seen };
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    const areReady = all.every(({ state }) => state === "ready");
    return { trouble: error, areOthersReady: areReady && error.code === "PHONE_NOT_FOUND" };
  }
}

/**
 * The phone that is meant, where it is one alone and lacks nothing but trust. Others are not disturbed; nor is one that
 * did not prove who it is, whose record of trust would be replaced by its own.
 */
function onlyDistrusting(
  all: readonly SeenPhone[],
  wanted: string | undefined,
): (SeenPhone & { readonly udid: string }) | null {
  const [first, ...others] = phonesMeant(all, wanted);
  if (first === undefined || others.length > 0 || first.udid === null) return null;
  return first.state === "not-trusted" ? { ...first, udid: first.udid } : null;
}

/** The phone resets its side of the cable now; it is looked for again after that, and only a session proves it. */
function justTrusted(phone: SeenPhone): RollcallError {
  return new RollcallError("PHONE_GONE", {
    message: `${nameOf(phone)} says that it trusts this computer now, and is connecting again.`,
    remedy: "Wait a moment; if it does not come back, unplug it and plug it in again.",
  });
}

function afterWaiting(trouble: RollcallError, waitMs: number): RollcallError {
  if (waitMs === 0) return trouble;
  const { code, message, why, remedy, cause } = trouble;
  const waited = `Rollcall waited ${Math.round(waitMs / 1000)} s for it.`;
  return new RollcallError(code, {
    message,
    why: why === undefined ? waited : `${why} ${waited}`,
    remedy,
    cause,
  });
}
