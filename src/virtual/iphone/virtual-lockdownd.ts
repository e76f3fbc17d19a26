import { randomBytes, randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  decodeLockdownBody,
  decodeLockdownHeader,
  encodeLockdownPacket,
  LOCKDOWN_HEADER_BYTES,
} from "../../usb/lockdown/lockdown-packet.js";
import { ExactReader } from "../../usb/wire/exact-reader.js";
import { asDictionary, type PropertyDictionary, textAt } from "../../usb/wire/property-list.js";
import type { Tally } from "./iphone-counters.js";
import type { PhoneLock } from "./phone-state.js";
import { secureWithHost } from "./phone-tls.js";
import type { TrustedHost } from "./phone-trust.js";
import type { PairAnswer } from "./trusted-computers.js";

/** What lockdownd asks of the phone that it runs on. */
interface LockdownPhone {
  readonly lock: PhoneLock;
  /** Its services have no place left. */
  readonly isBusy: boolean;
  /** It asks nobody for TLS, as no phone does. */
  readonly isWithoutTls: boolean;
  readonly requests: Tally;
  /** Null where there is no such domain, or it is not for this asker. */
  values(domain: string | null, isInSession: boolean): PropertyDictionary | null;
  trustedHost(hostId: string): TrustedHost | null;
  pair(pairRecord: PropertyDictionary): PairAnswer;
  forget(hostId: string): boolean;
  /** A port that serves one connection; null where there is no such service. */
  startService(name: string, host: TrustedHost): number | null;
}

const PAIR_REFUSALS = {
  pending: "PairingDialogResponsePending",
  refused: "UserDeniedPairing",
  "bad-record": "InvalidPairRecord",
} as const satisfies Record<Exclude<PairAnswer, "trusted">, string>;

/** The largest request of any client is a pair record of a few KB. */
const maxRequestBytes = 256 * 1024;

/**
 * lockdownd on one connection (libimobiledevice src/lockdown.c): answers requests in their order, in plain
 * text until StartSession and over TLS after it. Ends with the connection; never throws.
 */
export async function serveLockdown(
  socket: Socket,
  phone: LockdownPhone,
  way: "USB" | "Network" = "USB",
): Promise<void> {
  const session = new ServedLockdownSession(phone, way === "Network");
  let stream: Duplex = socket;
  let reader = new ExactReader(stream);
  try {
    for (;;) {
      const bodyBytes = decodeLockdownHeader(await reader.read(LOCKDOWN_HEADER_BYTES), maxRequestBytes);
      const request = decodeLockdownBody(await reader.read(bodyBytes));
      const name = textAt(request, "Request") ?? "";
      phone.requests.add(name);
      const hostBefore = session.host;
      const answer = session.answer(name, request);
      stream.write(encodeLockdownPacket({ Request: name, ...answer }));
      if (hostBefore === null && session.host !== null && !phone.isWithoutTls) {
        stream = secureWithHost(socket, session.host);
        reader = new ExactReader(stream);
      }
    }
  } catch {
    // The client went away, or sent what is no request: either way this connection is over.
    stream.destroy();
    socket.destroy();
  }
}

class ServedLockdownSession {
  readonly #phone: LockdownPhone;
  readonly #isOverWifi: boolean;
  #sessionId: string | null = null;
  /** The host of the session; stays set after StopSession, since the connection stays secure. */
  host: TrustedHost | null = null;

  constructor(phone: LockdownPhone, isOverWifi: boolean) {
    this.#phone = phone;
    this.#isOverWifi = isOverWifi;
  }

  answer(name: string, request: PropertyDictionary): PropertyDictionary {
    switch (name) {
      case "QueryType":
        return { Type: "com.apple.mobile.lockdown" };
      case "GetValue":
        return this.#getValue(request);
      case "SetValue":
        return { Error: "SetProhibited" };
      case "RemoveValue":
        return { Error: "RemoveProhibited" };
      case "Pair":
        return this.#pair(request);
      case "ValidatePair":
        return this.#withKnownHost(request, () => ({}));
      case "Unpair":
        return this.#withKnownHost(request, (hostId) => {
          this.#phone.forget(hostId);
          return {};
        });
      case "StartSession":
        return this.#startSession(request);
      case "StopSession":
        return this.#stopSession(request);
      case "StartService":
        return this.#startService(request);
      default:
        return { Error: "InvalidRequest" };
    }
  }

  #getValue(request: PropertyDictionary): PropertyDictionary {
    const domain = textAt(request, "Domain");
    const key = textAt(request, "Key");
    const echoed = { ...(domain === null ? {} : { Domain: domain }), ...(key === null ? {} : { Key: key }) };
    const isInSession = this.#sessionId !== null;
    const values = this.#phone.values(domain, isInSession);
    if (values !== null && key === null) return { ...echoed, Value: values };
    const value = values !== null && key !== null && Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) return { ...echoed, Value: value };
    const wouldBeThere =
      key !== null && !isInSession && this.#phone.values(domain, true)?.[key] !== undefined;
    return { ...echoed, Error: wouldBeThere ? "GetProhibited" : "MissingValue" };
  }

  #pair(request: PropertyDictionary): PropertyDictionary {
    const pairRecord = asDictionary(request.PairRecord);
    if (pairRecord === null) return { Error: "MissingPairRecord" };
    if (this.#isOverWifi) return { Error: "PairingProhibitedOverThisConnection" };
    if (this.#phone.lock !== "unlocked") return { Error: "PasswordProtected" };
    const answer = this.#phone.pair(pairRecord);
    return answer === "trusted" ? { EscrowBag: randomBytes(32) } : { Error: PAIR_REFUSALS[answer] };
  }

  #startSession(request: PropertyDictionary): PropertyDictionary {
    if (this.#sessionId !== null) return { Error: "SessionActive" };
    const hostId = textAt(request, "HostID");
    if (hostId === null) return { Error: "MissingHostID" };
    if (this.#phone.lock === "before-first-unlock") return { Error: "PasswordProtected" };
    const host = this.#phone.trustedHost(hostId);
    if (host === null) return { Error: "InvalidHostID" };
    this.#sessionId = randomUUID().toUpperCase();
    this.host = host;
    return { SessionID: this.#sessionId, ...(!this.#phone.isWithoutTls && { EnableSessionSSL: true }) };
  }

  #stopSession(request: PropertyDictionary): PropertyDictionary {
    if (this.#sessionId === null) return { Error: "SessionInactive" };
    const sessionId = textAt(request, "SessionID");
    if (sessionId === null) return { Error: "MissingSessionID" };
    if (sessionId !== this.#sessionId) return { Error: "InvalidSessionID" };
    this.#sessionId = null;
    return {};
  }

  #startService(request: PropertyDictionary): PropertyDictionary {
    const name = textAt(request, "Service");
    if (name === null) return { Error: "MissingService" };
    if (this.#sessionId === null || this.host === null) return { Error: "SessionInactive" };
    if (this.#phone.lock !== "unlocked") return { Error: "PasswordProtected" };
    if (this.#phone.isBusy) return { Error: "ServiceLimit" };
    const port = this.#phone.startService(name, this.host);
    if (port === null) return { Error: "InvalidService" };
    return { Service: name, Port: port, ...(!this.#phone.isWithoutTls && { EnableServiceSSL: true }) };
  }

  #withKnownHost(
    request: PropertyDictionary,
    act: (hostId: string) => PropertyDictionary,
  ): PropertyDictionary {
    const pairRecord = asDictionary(request.PairRecord);
    const hostId = pairRecord === null ? null : textAt(pairRecord, "HostID");
    if (hostId === null) return { Error: "MissingPairRecord" };
    return this.#phone.trustedHost(hostId) === null ? { Error: "InvalidHostID" } : act(hostId);
  }
}
