import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import { AutoResetEvent } from "./auto-reset-event.js";
import type { PhoneFinder, SeenPhone } from "./phone-watch.js";

/** One plug-in is attach, detach, attach within a second or two; what counts is what is there after it. */
const QUIET_MS = 1_500;
const LONGEST_UNREST_MS = 6_000;
/** Unlocking and trusting make no event, so phones that are not ready are asked again so often. */
const BETWEEN_LOOKS_MS = 5_000;
/** A phone that charges all night, locked, is not to be asked all night as often. */
const PATIENT_LOOKS = 120;
const LATER_BETWEEN_LOOKS_MS = 30_000;
/** Nobody is waited for: what comes rings. */
const IDLE_MS = 60 * 60_000;
/** No wait is longer, so that a computer that slept is noticed: by a clock that is further on than any wait. */
const LONGEST_NAP_MS = 60_000;
const SLEPT_MS = 2 * LONGEST_NAP_MS;

/** Something came, went, or became another. */
export type PhoneChange =
  /** `here`: was there when the watch began. `changed`: another state, or another reason for it. */
  | { readonly type: "here" | "came" | "changed" | "left"; readonly phone: SeenPhone }
  /** There is no usbmuxd to ask; told once, until it has been there again. */
  | { readonly type: "no-service"; readonly trouble: RollcallError };

/**
 * Who is here, then who comes, changes and leaves, each phone by its serial number, until the signal aborts.
 * A usbmuxd that is restarted is waited for; its phones have left only if they are not back with it. A phone that is
 * another plug-in to usbmuxd after the computer slept has left and come: nobody was awake to hear the two apart.
 * @throws RollcallError STOPPED when the signal aborts; whatever else `look` throws
 */
export async function* watchPhones(
  finder: PhoneFinder,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): AsyncGenerator<PhoneChange, never, void> {
  const changed = new AutoResetEvent(clock);
  const ending = new AbortController();
  let known: ReadonlyMap<string, SeenPhone> | null = null;
  let isServiceThere = true;
  let failedLooks = 0;
  let hasSlept = false;
  let awakeMs = clock.now().getTime();
  const beAwake = () => {
    const nowMs = clock.now().getTime();
    if (nowMs - awakeMs > SLEPT_MS) hasSlept = true;
    awakeMs = nowMs;
  };
  const listening = finder.watch(changed.set, ending.signal);
  try {
    for (;;) {
      const looked = await lookOnce(finder, signal);
      if (looked instanceof RollcallError) {
        if (isServiceThere) yield { type: "no-service", trouble: looked };
        isServiceThere = false;
      } else {
        isServiceThere = true;
        const now = bySerial(looked);
        const found = [...changes(known, now, hasSlept)];
        hasSlept = false;
        if (found.length > 0) failedLooks = 0;
        known = now;
        yield* found;
      }
      const isAnyWaiting =
        !isServiceThere || [...(known?.values() ?? [])].some((one) => one.state !== "ready");
      failedLooks += 1;
      const whileWaitingMs = failedLooks > PATIENT_LOOKS ? LATER_BETWEEN_LOOKS_MS : BETWEEN_LOOKS_MS;
      const betweenMs = isAnyWaiting ? whileWaitingMs : IDLE_MS;
      do {
        beAwake();
        const hasChanged = await waitFor(changed, betweenMs, { signal, beAwake, hasSlept: () => hasSlept });
        if (!hasChanged && !hasSlept) continue;
        failedLooks = 0;
        await changed.debounce(QUIET_MS, LONGEST_UNREST_MS, signal);
        break;
      } while (!isAnyWaiting);
    }
  } finally {
    ending.abort();
    await listening;
  }
}

/** Ends early when the computer has slept. */
async function waitFor(
  changed: AutoResetEvent,
  ms: number,
  awake: { readonly signal: AbortSignal; beAwake(): void; hasSlept(): boolean },
): Promise<boolean> {
  for (let leftMs = ms; leftMs > 0 && !awake.hasSlept(); leftMs -= LONGEST_NAP_MS) {
    const hasChanged = await changed.waitFor(Math.min(leftMs, LONGEST_NAP_MS), awake.signal);
    awake.beAwake();
    if (hasChanged) return true;
  }
  return false;
}

async function lookOnce(finder: PhoneFinder, signal: AbortSignal): Promise<SeenPhone[] | RollcallError> {
  signal.throwIfAborted();
  // A signal for each look: what a look hangs on it goes with it, and not with the watch.
  const looking = new AbortController();
  const onAbort = () => looking.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await finder.look(looking.signal);
  } catch (error) {
    const isService = error instanceof RollcallError && /^USBMUXD_/.test(error.code);
    if (isService) return error;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A phone without a serial number is known by its place among those. */
function bySerial(seen: readonly SeenPhone[]): Map<string, SeenPhone> {
  const keyOf = (phone: SeenPhone, place: number) =>
    phone.udid === null ? `nameless ${place}` : phone.udid.replaceAll("-", "").toLowerCase();
  const nameless = seen.filter(({ udid }) => udid === null);
  return new Map(seen.map((phone) => [keyOf(phone, nameless.indexOf(phone)), phone]));
}

function* changes(
  before: ReadonlyMap<string, SeenPhone> | null,
  now: ReadonlyMap<string, SeenPhone>,
  hasSlept: boolean,
): Generator<PhoneChange, void, void> {
  for (const [key, phone] of before ?? []) if (!now.has(key)) yield { type: "left", phone };
  for (const [key, phone] of now) {
    const earlier = before?.get(key);
    if (earlier === undefined) yield { type: before === null ? "here" : "came", phone };
    else if (hasSlept && isAnotherPlugIn(earlier, phone)) {
      yield { type: "left", phone: earlier };
      yield { type: "came", phone };
    } else if (isOther(earlier, phone)) yield { type: "changed", phone };
  }
}

function isOther(a: SeenPhone, b: SeenPhone): boolean {
  return a.state !== b.state || a.reason?.code !== b.reason?.code || a.identity?.name !== b.identity?.name;
}

/** Only where both numbers are known. */
function isAnotherPlugIn({ deviceId: earlier }: SeenPhone, { deviceId: now }: SeenPhone): boolean {
  return earlier !== undefined && now !== undefined && earlier !== now;
}
