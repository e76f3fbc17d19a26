import { type ErrorCode, RollcallError } from "../errors.js";
import { sameUdid } from "./phone.js";
import type { SeenPhone } from "./phone-watch.js";

/**
 * Which phone is meant, of those that are here.
 * @param wanted a UDID in any spelling, or the phone's name (case does not count); undefined: the only one that is ready
 * @returns a phone that is ready
 * @throws RollcallError NO_PHONE, PHONE_NOT_FOUND, SEVERAL_PHONES, and what keeps the one that is meant from being
 *   ready (PHONE_LOCKED, PHONE_NOT_TRUSTED, PHONE_CABLE_ONLY, ...)
 */
export function choosePhone(
  seen: readonly SeenPhone[],
  wanted?: string,
): SeenPhone & { readonly udid: string } {
  const meant = phonesMeant(seen, wanted);
  if (seen.length === 0) throw noPhone();
  if (meant.length === 0) throw notFound(seen, wanted ?? "");
  const ready = meant.filter((phone) => phone.state === "ready" && phone.udid !== null);
  const [first] = ready;
  if (first === undefined) throw notReady(meant);
  if (ready.length > 1) throw several(ready);
  return { ...first, udid: first.udid! };
}

/** Those that `wanted` may mean; all of them where nothing is wanted. */
export function phonesMeant(seen: readonly SeenPhone[], wanted?: string): readonly SeenPhone[] {
  return wanted === undefined ? seen : seen.filter((phone) => isCalled(phone, wanted));
}

/** What to call a phone in a sentence. */
export function nameOf(phone: SeenPhone): string {
  return phone.identity?.name || phone.identity?.productType || "an iPhone";
}

function isCalled({ udid, identity }: SeenPhone, wanted: string): boolean {
  if (udid !== null && sameUdid(udid, wanted)) return true;
  return identity !== null && isSameName(identity.name, wanted);
}

/** Whether a person would call both the same: letter case and the kind of apostrophe do not count. */
export function isSameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize("NFC").toLowerCase().replaceAll("\u2019", "'");
  return plain(a) === plain(b);
}

function noPhone(): RollcallError {
  return new RollcallError("NO_PHONE", {
    message: "There is no iPhone on the cable.",
    remedy:
      'Connect it with a cable, unlock it, and tap "Trust" if it asks. rollcall phones shows what is seen.',
  });
}

function notFound(seen: readonly SeenPhone[], wanted: string): RollcallError {
  return new RollcallError("PHONE_NOT_FOUND", {
    message: `There is no iPhone called ${JSON.stringify(wanted)} on the cable, only ${seen.map(nameOf).join(" and ")}.`,
    why: `Here: ${seen.map(described).join("; ")}.`,
    remedy: "Give --phone one of these names, or a UDID as rollcall phones shows it.",
  });
}

function several(ready: readonly SeenPhone[]): RollcallError {
  return new RollcallError("SEVERAL_PHONES", {
    message: `There are ${ready.length} iPhones on the cable, and Rollcall will not guess which one you mean.`,
    why: `Here: ${ready.map(described).join("; ")}.`,
    remedy: `Say which: --phone ${JSON.stringify(ready[0]!.identity?.name || ready[0]!.udid)}, or by its UDID.`,
  });
}

const CODES: Readonly<Record<Exclude<SeenPhone["state"], "ready">, ErrorCode>> = {
  locked: "PHONE_LOCKED",
  "not-trusted": "PHONE_NOT_TRUSTED",
  "cable-only": "PHONE_CABLE_ONLY",
  "network-only": "PHONE_NETWORK_ONLY",
  busy: "PHONE_BUSY",
  trouble: "PHONE_REFUSED",
};

/** Reasons that are more exact than the state. */
const EXACT_CODES: readonly ErrorCode[] = [
  ...(["PHONE_TRUST_PENDING", "PHONE_TRUST_REFUSED", "PHONE_TRUST_LOST"] as const),
  ...(["PHONE_SILENT", "PHONE_GONE", "PHONE_PROTOCOL", "USBMUXD_ABSENT", "USBMUXD_TROUBLE"] as const),
];

function codeOf({ state, reason }: SeenPhone): ErrorCode {
  const exact = EXACT_CODES.find((code) => code === reason?.code);
  return exact ?? (state === "ready" ? "PHONE_REFUSED" : CODES[state]);
}

function notReady(meant: readonly SeenPhone[]): RollcallError {
  const [first] = meant;
  const others = meant.length > 1 ? `Also here: ${meant.slice(1).map(described).join("; ")}.` : undefined;
  const why = [first!.reason?.why, others].filter(Boolean).join(" ");
  return new RollcallError(codeOf(first!), {
    message: first!.reason?.message ?? `${nameOf(first!)} is not ready.`,
    why: why === "" ? undefined : why,
    remedy: first!.reason?.remedy ?? "Unlock it, unplug it, and plug it in again.",
  });
}

function described(phone: SeenPhone): string {
  const state = phone.state === "ready" ? "" : `, ${phone.state}`;
  return `${nameOf(phone)} (${phone.udid ?? "no UDID"}${state})`;
}
