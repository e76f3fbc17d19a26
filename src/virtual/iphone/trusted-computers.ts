import type { PropertyDictionary } from "../../usb/wire/property-list.js";
import type { TrustedHost } from "./phone-trust.js";

/** What the phone answers to Pair. */
export type PairAnswer = "trusted" | "pending" | "refused" | "bad-record";

/**
 * Which computers a phone trusts, and the question "Trust This Computer?" on its screen. It knows no person: a
 * test, or whoever holds the phone, answers.
 */
export class TrustedComputers {
  readonly #read: (pairRecord: PropertyDictionary) => TrustedHost | null;
  readonly #hosts = new Map<string, TrustedHost>();
  /** Who asks; null where nobody does, or the system of the computer does. */
  #asking: TrustedHost | null = null;
  #answer: "none" | "refused" = "none";
  /** True where the person taps Trust before the question was read. */
  isTrustedAtOnce = false;

  /** @param read a Pair request's record; null where it is no good */
  constructor(read: (pairRecord: PropertyDictionary) => TrustedHost | null) {
    this.#read = read;
  }

  get count(): number {
    return this.#hosts.size;
  }

  /** Whether a program of the computer has asked, and nobody has answered it. */
  get isAsking(): boolean {
    return this.#asking !== null;
  }

  get wasRefused(): boolean {
    return this.#answer === "refused";
  }

  find(hostId: string): TrustedHost | null {
    return this.#hosts.get(hostId) ?? null;
  }

  add(host: TrustedHost): void {
    this.#hosts.set(host.hostId, host);
  }

  forget(hostId: string): boolean {
    return this.#hosts.delete(hostId);
  }

  forgetAll(): void {
    this.#hosts.clear();
    this.takeQuestionAway();
  }

  /** A host that is known and sends the certificates it was trusted with needs no second answer. */
  pair(pairRecord: PropertyDictionary): PairAnswer {
    const host = this.#read(pairRecord);
    if (host === null) return "bad-record";
    if (this.wasRefused) return "refused";
    const known = this.find(host.hostId);
    if (known !== null && isSameHost(known, host)) return "trusted";
    if (this.isTrustedAtOnce) this.add(host);
    else this.#asking = host;
    return this.isTrustedAtOnce ? "trusted" : "pending";
  }

  /** @returns whether a program's question was answered by it; otherwise the system of the computer is trusted */
  tapTrust(): boolean {
    const host = this.#asking;
    this.takeQuestionAway();
    if (host !== null) this.add(host);
    return host !== null;
  }

  tapDontTrust(): void {
    this.#asking = null;
    this.#answer = "refused";
  }

  /** As plugging it in anew does: what was refused may be asked again. */
  takeQuestionAway(): void {
    this.#asking = null;
    this.#answer = "none";
  }
}

function isSameHost(known: TrustedHost, offered: TrustedHost): boolean {
  return known.hostCertificates.every((certificate, place) =>
    certificate.equals(offered.hostCertificates[place]!),
  );
}
