import { type ErrorCode, RollcallError } from "../errors.js";
import { type Action, advise, choose, type Remedy } from "../remedy.js";
import { comparableUdid, type PhoneIdentity, sameUdid } from "./phone.js";
import { calledPhone, modelName } from "./phone-models.js";
import type { SeenPhone } from "./phone-watch.js";

/**
 * Which phone is meant, of those that are here.
 * @param wanted as in {@link phonesMeant}; undefined: the only one that is ready
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
  const ready = readyOf(meant);
  const [first] = ready;
  if (first === undefined) throw notReady(meant);
  if (ready.length > 1) throw severalPhones(ready, seen);
  return first;
}

/** Those that can be opened. */
export function readyOf(seen: readonly SeenPhone[]): (SeenPhone & { readonly udid: string })[] {
  return seen.flatMap((phone) =>
    phone.state === "ready" && phone.udid !== null ? [{ ...phone, udid: phone.udid }] : [],
  );
}

/**
 * Those that `wanted` may mean; all of them where nothing is wanted.
 * @param wanted a UDID in any spelling, or the phone's name (case does not count). Where none is called so, the
 *   beginning of one: of a UDID from eight characters on, of a name up to the end of a word
 */
export function phonesMeant(seen: readonly SeenPhone[], wanted?: string): readonly SeenPhone[] {
  if (wanted === undefined) return seen;
  const exactly = seen.filter((phone) => isCalled(phone, wanted));
  return exactly.length > 0 ? exactly : seen.filter((phone) => beginsLike(phone, wanted));
}

/** What to call a phone in a sentence. */
export function nameOf({ identity }: SeenPhone): string {
  return identity === null ? "an iPhone" : calledPhone(identity);
}

function isCalled({ udid, identity }: SeenPhone, wanted: string): boolean {
  if (udid !== null && sameUdid(udid, wanted)) return true;
  return identity !== null && isSameName(identity.name, wanted);
}

const SHORTEST_UDID_BEGINNING = 8;
/** Every phone's first name: as a beginning it would mean whichever is on the cable. */
const ANY_PHONE = /^(?:iphone|ipad|ipod)$/;

function beginsLike({ udid, identity }: SeenPhone, wanted: string): boolean {
  const beginning = comparableUdid(wanted);
  const isLong = beginning.length >= SHORTEST_UDID_BEGINNING;
  if (isLong && udid !== null && comparableUdid(udid).startsWith(beginning)) return true;
  const [name, asked] = [plainName(identity?.name ?? ""), plainName(wanted).trim()];
  if (asked === "" || ANY_PHONE.test(asked) || !name.startsWith(asked)) return false;
  return /^[^\p{L}\p{N}\p{M}]/u.test(name.slice(asked.length));
}

/** Whether a person would call both the same: letter case and the kind of apostrophe do not count. */
export function isSameName(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}

function plainName(name: string): string {
  return name.normalize("NFC").toLowerCase().replaceAll("\u2019", "'");
}

/** What a person gives to choose a phone that means this one and no other of those that are here. */
export function namedAmong(phone: SeenPhone & { readonly udid: string }, seen: readonly SeenPhone[]): string {
  const name = phone.identity?.name ?? "";
  return phonesMeant(seen, name).length === 1 ? typableName({ udid: phone.udid, name }) : phone.udid;
}

/** The name; or the UDID where the name cannot be typed as it is shown, or is none, or would be a flag. */
export function typableName({ udid, name }: Pick<PhoneIdentity, "udid" | "name">): string {
  return name.trim() !== "" && /^(?!-)[\p{L}\p{N}\p{M} '\u2019_.()-]+$/u.test(name) ? name : udid;
}

function meansOne({ identity }: SeenPhone, seen: readonly SeenPhone[]): boolean {
  return identity !== null && phonesMeant(seen, identity.name).length === 1;
}

const LIST_PHONES: Action = { action: "list-phones" };

function noPhone(): RollcallError {
  return new RollcallError("NO_PHONE", {
    message: "There is no iPhone on the cable.",
    remedy: advise`Connect it with a cable, unlock it, and tap "Trust" if it asks. ${LIST_PHONES} shows what is seen.`,
  });
}

function notFound(seen: readonly SeenPhone[], wanted: string): RollcallError {
  return new RollcallError("PHONE_NOT_FOUND", {
    message: `There is no iPhone called ${JSON.stringify(wanted)} on the cable, only ${seen.map(nameOf).join(" and ")}.`,
    why: `Here: ${seen.map(described).join("; ")}.`,
    remedy: seen.every((phone) => meansOne(phone, seen))
      ? advise`Give ${choose("phone")} one of these names, or a UDID as ${LIST_PHONES} shows it; or plug in the one you mean.`
      : advise`Give ${choose("phone")} the UDID of the one you mean, as ${LIST_PHONES} shows it: by name they cannot be told apart. Or plug that one in.`,
  });
}

/**
 * Several phones, and nothing tells which is meant.
 * @param meant those that it may be
 * @param seen all that are here
 * @param naming what a person can do with the name of one of them
 */
export function severalPhones(
  meant: readonly SeenPhone[],
  seen: readonly SeenPhone[],
  naming: (phone: string) => Action = (value) => ({ action: "choose", by: "phone", value }),
): RollcallError {
  const named = meant.flatMap((phone) =>
    phone.udid === null ? [] : [naming(namedAmong({ ...phone, udid: phone.udid }, seen))],
  );
  const [first, ...others] = named;
  return new RollcallError("SEVERAL_PHONES", {
    message: `There are ${meant.length} iPhones on the cable, and Rollcall does not guess which one you mean.`,
    why: `Here: ${meant.map(described).join("; ")}.`,
    remedy:
      first === undefined
        ? "Unplug all but the one."
        : advise`Say which: ${others.reduce<Remedy>((all, one) => advise`${all}, or ${one}`, [first])}.`,
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
  ...(["PHONE_TRUST_PENDING", "PHONE_TRUST_REFUSED", "PHONE_TRUST_LOST", "PHONE_NOT_PROVED"] as const),
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
  const model = phone.identity?.name ? `${modelName(phone.identity.productType)}, ` : "";
  return `${nameOf(phone)} (${model}${phone.udid ?? "no UDID"}${state})`;
}
