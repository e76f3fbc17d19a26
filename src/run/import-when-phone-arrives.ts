import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import { AutoResetEvent } from "../phone/auto-reset-event.js";
import type { PhoneFinder, SeenPhone } from "../phone/phone-watch.js";
import { type PhoneChange, watchPhones } from "../phone/watch-phones.js";
import type { Remedy } from "../remedy.js";

/** A phone that can be told from others. */
export type KnownPhone = SeenPhone & { readonly udid: string };

/** How the import of one arrival ended. */
export type ArrivalEnd =
  | { readonly kind: "done"; readonly summary: string; readonly newItems: number }
  | { readonly kind: "trouble"; readonly code: string; readonly message: string; readonly remedy: Remedy };

/** Everything a watch can report. */
export type WatchEvent =
  | PhoneChange
  /** It is a guest: nothing is read from it. Once for each arrival; one that is approved later is imported from then. */
  | { readonly type: "not-approved"; readonly phone: KnownPhone }
  /** Too soon after the import before. */
  | { readonly type: "postponed"; readonly phone: KnownPhone; readonly waitMs: number }
  | { readonly type: "importing"; readonly phone: KnownPhone; readonly attempt: number }
  | {
      readonly type: "imported";
      readonly phone: KnownPhone;
      readonly summary: string;
      readonly newItems: number;
    }
  | {
      readonly type: "failed";
      readonly phone: KnownPhone;
      readonly code: string;
      readonly message: string;
      readonly remedy: Remedy;
      /** Null: not before it is plugged in again. */
      readonly retryInMs: number | null;
      /** The first trouble of this arrival: the others are the same story. */
      readonly isFirst: boolean;
    };

interface WatchDeps {
  /** It must not ask a phone for its trust: nobody may be there. */
  readonly finder: PhoneFinder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  isApproved(udid: string): Promise<boolean>;
  /**
   * One import from this phone and no other.
   * @throws RollcallError STOPPED when the signal aborts
   */
  importFrom(phone: KnownPhone, signal: AbortSignal): Promise<ArrivalEnd>;
  report(event: WatchEvent): void;
}

/** What may be over in a few minutes, with the phone still on its cable. */
const WAITING_HELPS: ReadonlySet<string> = new Set([
  ...["PHONE_LOCKED", "PHONE_BUSY", "PHONE_SILENT", "USBMUXD_ABSENT", "USBMUXD_TROUBLE"],
  ...["PHOTOS_UNAVAILABLE", "ANOTHER_ROLLCALL"],
  // An import that was killed, or an app that did not begin: the next one goes on.
  ...["NO_DOCUMENT", "APP_NO_ANSWER"],
]);
/** After each trouble of one arrival; then it is left until the phone comes again. */
const RETRY_AFTER_MS = [60_000, 5 * 60_000, 15 * 60_000] as const;
/** A person approves a phone in another process, while it stays on the cable. */
const BETWEEN_APPROVALS_MS = 15_000;
/** The clock is looked at so often while something is due: it goes on while the computer sleeps, timers need not. */
const LONGEST_NAP_MS = 60_000;
/** With nothing due. Timers take no more than 24 days. */
const A_DAY_MS = 24 * 60 * 60_000;

/** One plug-in of one phone, until it leaves. */
interface Arrival {
  phone: KnownPhone;
  /** When it is to be imported, as soon as the phone is ready; null: not again while it stays. */
  due: Due | null;
  attempts: number;
  /** It was said that it is not approved. */
  isGuest: boolean;
}

interface Due {
  readonly atMs: number;
  /** How long it was to wait: a clock that is set back does not make it longer. */
  readonly waitMs: number;
}

function dueIn(waitMs: number, nowMs: number): Due {
  return { atMs: nowMs + waitMs, waitMs };
}

/**
 * Imports from each approved phone once for each time that it is plugged in: when it is ready, however long that takes.
 * One at a time. A phone that stays after a success is left alone; one that left and came back while its own import was
 * running is imported from again.
 * @param minIntervalMs between the end of one good import of a phone and the beginning of its next
 * @throws RollcallError STOPPED when the signal aborts; whatever else looking for phones throws
 */
export async function importWhenPhoneArrives(parts: WatchDeps, minIntervalMs: number): Promise<never> {
  const { clock, signal } = parts;
  const bell = new AutoResetEvent(clock);
  const arrivals = new Map<string, Arrival>();
  const doneMs = new Map<string, number>();
  const ending = new AbortController();
  const endWith = () => ending.abort(signal.reason);
  signal.addEventListener("abort", endWith, { once: true });
  let broken: { readonly error: unknown } | null = null;
  const following = follow(parts, arrivals, bell.set, ending.signal).catch((error: unknown) => {
    broken = { error };
    bell.set();
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      if (broken !== null) throw (broken as { error: unknown }).error;
      const nowMs = clock.now().getTime();
      const awaited = [...arrivals.values()].filter(isAwaited);
      // A clock that was set back: what is done was not done in the future.
      for (const one of awaited)
        if (one.due.atMs - nowMs > one.due.waitMs) one.due = dueIn(one.due.waitMs, nowMs);
      for (const [key, atMs] of doneMs) if (atMs > nowMs) doneMs.set(key, nowMs);
      const [next] = awaited.sort((a, b) => a.due.atMs - b.due.atMs);
      if (next === undefined) await bell.waitFor(A_DAY_MS, signal);
      else if (next.due.atMs <= nowMs) await serve(next, { parts, arrivals, doneMs, minIntervalMs });
      else await bell.waitFor(Math.min(LONGEST_NAP_MS, next.due.atMs - nowMs), signal);
    }
  } finally {
    signal.removeEventListener("abort", endWith);
    ending.abort();
    await following;
  }
}

function isAwaited(arrival: Arrival): arrival is Arrival & { due: Due } {
  return arrival.due !== null && arrival.phone.state === "ready";
}

/** Keeps the arrivals in step with the cable. */
async function follow(
  { finder, clock, report }: WatchDeps,
  arrivals: Map<string, Arrival>,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const change of watchPhones(finder, { clock, signal })) {
    report(change);
    if (change.type === "no-service") continue;
    const { udid } = change.phone;
    if (udid === null) continue;
    const phone = { ...change.phone, udid };
    const known = arrivals.get(keyOf(phone));
    if (change.type === "left") arrivals.delete(keyOf(phone));
    else if (change.type === "changed" && known !== undefined) known.phone = phone;
    else {
      const due = dueIn(0, clock.now().getTime());
      arrivals.set(keyOf(phone), { phone, due, attempts: 0, isGuest: false });
    }
    onChange();
  }
}

/** Does what is due for one arrival, and says when it is due again, if ever. */
async function serve(
  arrival: Arrival,
  {
    parts,
    arrivals,
    doneMs,
    minIntervalMs,
  }: {
    readonly parts: WatchDeps;
    readonly arrivals: ReadonlyMap<string, Arrival>;
    readonly doneMs: Map<string, number>;
    readonly minIntervalMs: number;
  },
): Promise<void> {
  const { clock, signal, report } = parts;
  const { phone } = arrival;
  const key = keyOf(phone);
  arrival.due = null;
  const approval = await approvalOf(phone, parts);
  if (approval instanceof RollcallError) {
    const { code, message, remedy } = approval;
    return report({ type: "failed", phone, code, message, remedy, retryInMs: null, isFirst: true });
  }
  if (!approval) {
    arrival.due = dueIn(BETWEEN_APPROVALS_MS, clock.now().getTime());
    if (!arrival.isGuest) report({ type: "not-approved", phone });
    arrival.isGuest = true;
    return;
  }
  const earliestMs = (doneMs.get(key) ?? Number.NEGATIVE_INFINITY) + minIntervalMs;
  const waitMs = earliestMs - clock.now().getTime();
  if (waitMs > 0) {
    arrival.due = dueIn(waitMs, clock.now().getTime());
    return report({ type: "postponed", phone, waitMs });
  }
  arrival.attempts += 1;
  report({ type: "importing", phone, attempt: arrival.attempts });
  const end = await parts.importFrom(phone, signal);
  const nowMs = clock.now().getTime();
  if (end.kind === "done") {
    doneMs.set(key, nowMs);
    const { summary, newItems } = end;
    return report({ type: "imported", phone, summary, newItems });
  }
  const { code, message, remedy } = end;
  const isStillHere = arrivals.get(key) === arrival;
  const retryInMs = isStillHere ? retryAfterMs(code, arrival.attempts) : null;
  if (retryInMs !== null) arrival.due = dueIn(retryInMs, nowMs);
  report({ type: "failed", phone, code, message, remedy, retryInMs, isFirst: arrival.attempts === 1 });
}

/** Null: not while this phone stays. Another Rollcall ends some time, however long it takes. */
function retryAfterMs(code: string, attempts: number): number | null {
  if (!WAITING_HELPS.has(code)) return null;
  const last = code === "ANOTHER_ROLLCALL" ? RETRY_AFTER_MS.at(-1)! : null;
  return RETRY_AFTER_MS[attempts - 1] ?? last;
}

/** A memory that cannot be read approves nobody, and does not end the watch. */
async function approvalOf({ udid }: KnownPhone, { isApproved }: WatchDeps): Promise<boolean | RollcallError> {
  try {
    return await isApproved(udid);
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
}

function keyOf({ udid }: KnownPhone): string {
  return udid.replaceAll("-", "").toLowerCase();
}
