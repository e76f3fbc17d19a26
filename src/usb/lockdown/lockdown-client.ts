import type { Duplex } from "node:stream";
import type { PhoneKey } from "../../phone/phone.js";
import { withDeadline } from "../wire/deadline.js";
import { ExactReader } from "../wire/exact-reader.js";
import {
  dataAt,
  integerAt,
  type PropertyDictionary,
  type PropertyList,
  textAt,
} from "../wire/property-list.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import { LockdownRefusal, NoSecureSession } from "./lockdown-errors.js";
import {
  decodeLockdownBody,
  decodeLockdownHeader,
  encodeLockdownPacket,
  LOCKDOWN_HEADER_BYTES,
  LOCKDOWN_MAX_BODY_BYTES,
} from "./lockdown-packet.js";
import type { PairRecord } from "./pair-record.js";
import { shownKey } from "./phone-key.js";
import { secureSession } from "./secure-session.js";

/** Where a service of the phone can be reached: by one connection, at once. */
interface StartedService {
  readonly port: number;
  /** The service speaks TLS too. */
  readonly isSecure: boolean;
}

/**
 * One conversation with lockdownd, one question at a time. Close it as soon as the answers are there:
 * lockdownd drops a connection that sits idle for about 30 s.
 */
export class LockdownClient implements Disposable {
  #stream: Duplex;
  #reader: ExactReader;
  #sessionId: string | null = null;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;

  /** @param stream a usbmux connection to port 62078, owned from here on */
  constructor(stream: Duplex, options: { timeoutMs: number; signal?: AbortSignal | undefined }) {
    this.#stream = stream;
    this.#reader = new ExactReader(stream, LOCKDOWN_MAX_BODY_BYTES);
    this.#timeoutMs = options.timeoutMs;
    this.#signal = options.signal;
  }

  /** "com.apple.mobile.lockdown"; a phone in restore mode says something else. */
  async queryType(): Promise<string> {
    return textAt(await this.#ask({ Request: "QueryType" }), "Type") ?? "";
  }

  /** Null where the phone has no such value or keeps it to itself. */
  async getValue(key: string, domain?: string): Promise<PropertyList | null> {
    try {
      return (await this.#ask({ Request: "GetValue", Domain: domain, Key: key })).Value ?? null;
    } catch (error) {
      if (error instanceof LockdownRefusal && NO_VALUE.has(error.word)) return null;
      throw error;
    }
  }

  /**
   * Proves with the pair record that this computer is trusted; afterwards the conversation is encrypted.
   * @returns the key that the phone proved to have
   * @throws LockdownRefusal (InvalidHostID, PasswordProtected, ...), SecureSessionError, NoSecureSession
   */
  async startSession(record: PairRecord, options: { isBeforeIos10?: boolean } = {}): Promise<PhoneKey> {
    const answer = await this.#ask({ Request: "StartSession", ...record.sessionRequest() });
    this.#sessionId = textAt(answer, "SessionID");
    // Every phone that keeps a record of trust asks for it; one that does not has proved nothing.
    if (answer.EnableSessionSSL !== true) throw new NoSecureSession();
    const limits = { timeoutMs: this.#timeoutMs, signal: this.#signal, ...options };
    const secure = await secureSession(this.#stream, record, limits);
    this.#stream = secure;
    this.#reader = new ExactReader(this.#stream, LOCKDOWN_MAX_BODY_BYTES);
    const sha256 = shownKey(secure);
    return { sha256, isOfRecord: record.isPhoneKey(sha256) };
  }

  /** @throws LockdownRefusal (PasswordProtected, InvalidService, ...) */
  async startService(name: string): Promise<StartedService> {
    const answer = await this.#ask({ Request: "StartService", Service: name });
    const port = integerAt(answer, "Port");
    if (port === null || port < 1 || port > 0xffff) {
      throw new WireFormatError("lockdownd's answer to StartService has no port");
    }
    return { port, isSecure: answer.EnableServiceSSL === true };
  }

  /**
   * Asks the phone to trust this computer. Its question stays on its screen until somebody answers it, and until
   * then the phone answers PairingDialogResponsePending: ask again with the same record.
   * @param pairRecord certificates and ids, and no private key
   * @returns the escrow bag, which belongs to the record; null where the phone gave none
   * @throws LockdownRefusal (PairingDialogResponsePending, PasswordProtected, UserDeniedPairing, ...)
   */
  async pair(pairRecord: PropertyDictionary): Promise<Uint8Array | null> {
    const request = { Request: "Pair", ProtocolVersion: "2", PairRecord: pairRecord };
    // libimobiledevice src/lockdown.c: lockdownd_do_pair. Without the option refusals have no reason.
    const answer = await this.#ask({ ...request, PairingOptions: { ExtendedPairingErrors: true } });
    return dataAt(answer, "EscrowBag");
  }

  /** Says goodbye where there is a session; a phone that does not answer to that is no trouble. */
  async stopSession(): Promise<void> {
    if (this.#sessionId === null) return;
    const request = { Request: "StopSession", SessionID: this.#sessionId };
    this.#sessionId = null;
    try {
      await this.#ask(request);
    } catch {
      // The connection is closed next; there is nothing left to lose.
    }
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  async #ask(request: PropertyDictionary & { Request: string }): Promise<PropertyDictionary> {
    this.#stream.write(encodeLockdownPacket({ Label: "rollcall", ...request }));
    const answer = await withDeadline(this.#answer(), {
      timeoutMs: this.#timeoutMs,
      signal: this.#signal,
      cancel: () => this.#stream.destroy(),
    });
    const word = textAt(answer, "Error");
    if (word !== null) throw new LockdownRefusal(request.Request, word);
    const echoed = textAt(answer, "Request");
    if (echoed !== null && echoed !== request.Request) {
      throw new WireFormatError("lockdownd answered another question");
    }
    return answer;
  }

  async #answer(): Promise<PropertyDictionary> {
    const bodyBytes = decodeLockdownHeader(await this.#reader.read(LOCKDOWN_HEADER_BYTES));
    return decodeLockdownBody(await this.#reader.read(bodyBytes));
  }
}

const NO_VALUE = new Set(["MissingValue", "GetProhibited", "MissingKey", "InvalidDomain"]);
