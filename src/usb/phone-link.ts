import type { Duplex } from "node:stream";
import { RollcallError } from "../errors.js";
import { type PhoneIdentity, type PhoneKey, sameUdid } from "../phone/phone.js";
import { LockdownClient } from "./lockdown/lockdown-client.js";
import {
  isLostSession,
  LockdownRefusal,
  lockdownError,
  NoSecureSession,
  neverTrusted,
  notProved,
  phoneGone,
  recordUnusable,
  trustTakenBack,
} from "./lockdown/lockdown-errors.js";
import { LOCKDOWN_PORT } from "./lockdown/lockdown-packet.js";
import { PairRecord } from "./lockdown/pair-record.js";
import { PairingOffer } from "./lockdown/pairing-offer.js";
import { SecureSessionError, secureSession } from "./lockdown/secure-session.js";
import { phoneTrouble } from "./phone-trouble.js";
import type { UsbmuxClient } from "./usbmux/usbmux-client.js";
import type { UsbmuxDevice } from "./usbmux/usbmux-device.js";
import { StreamEndedError } from "./wire/exact-reader.js";
import { WireFormatError } from "./wire/wire-format-error.js";

const AFC_SERVICE = "com.apple.afc";

interface LinkOptions {
  /** For each answer of lockdownd and each handshake. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The way from a UDID to what lockdownd gives. Nothing stays open between calls, and each call looks the
 * phone up anew, because its DeviceID changes at every plug-in.
 */
export class PhoneLink {
  readonly #usbmux: UsbmuxClient;
  readonly #udid: string;
  /** How to call the phone in a sentence; better once its name is known. */
  #called = "The iPhone";

  constructor(usbmux: UsbmuxClient, udid: string) {
    this.#usbmux = usbmux;
    this.#udid = udid;
  }

  get called(): string {
    return this.#called;
  }

  /**
   * What the phone says of itself to anybody. Values that it keeps to itself are "".
   * @throws RollcallError PHONE_GONE, PHONE_PROTOCOL, USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async identify(options: LinkOptions = {}): Promise<PhoneIdentity> {
    return await this.#telling(options, async () => {
      const device = await this.#device(options.signal);
      using lockdown = await this.#lockdown(device, options);
      return await this.#identity(lockdown, device);
    });
  }

  /**
   * Whether the phone lets this computer at its files. Returns when it does. The service is really started and
   * left again: a phone may begin a session and refuse the service, because it is locked or busy.
   * @returns the key that it proved to have
   * @throws RollcallError as {@link startAfc}
   */
  async checkAccess(options: LinkOptions = {}): Promise<PhoneKey> {
    const { stream, key } = await this.startAfc(options);
    stream.destroy();
    return key;
  }

  /**
   * Asks the phone once to trust this computer, and hands the record to usbmuxd when it does. Only where the
   * system does not pair. Once refused it is not asked again before it was plugged in anew: every time would put
   * the question on its screen again.
   * @param asked what is remembered between two calls: the same keys have to be offered until somebody answers
   * @throws RollcallError PHONE_TRUST_PENDING, PHONE_LOCKED, PHONE_TRUST_REFUSED, PHONE_REFUSED, PHONE_GONE,
   *   PHONE_NETWORK_ONLY, PHONE_PROTOCOL, USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async askTrust(asked: AskedTrust, options: LinkOptions = {}): Promise<void> {
    await this.#telling(options, async () => {
      const device = await this.#device(options.signal);
      if (asked.refusal?.deviceId === device.deviceId) throw asked.refusal.error;
      using lockdown = await this.#lockdown(device, options);
      await lockdown.queryType();
      await this.#identity(lockdown, device);
      const publicKey = await lockdown.getValue("DevicePublicKey");
      const wifiAddress = await lockdown.getValue("WiFiAddress");
      const systemBuid = await this.#usbmux.readBuid(options.signal);
      if (!(publicKey instanceof Uint8Array)) throw new WireFormatError("the phone gives no public key");
      asked.offer ??= await PairingOffer.make({ publicKey, systemBuid });
      try {
        const escrowBag = await lockdown.pair(asked.offer.pairRequest());
        const record = asked.offer.record({ escrowBag, wifiAddress });
        await this.#usbmux.savePairRecord(device, record, options.signal);
        asked.offer = null;
      } catch (error) {
        if (!(error instanceof LockdownRefusal)) throw error;
        const shown = lockdownError(error, this.#called);
        if (shown.code === "PHONE_TRUST_REFUSED") asked.refusal = { deviceId: device.deviceId, error: shown };
        throw shown;
      }
    });
  }

  /**
   * A new stream to the phone's file service, who the phone says that it is, and the key that it proved to have.
   * @throws RollcallError PHONE_LOCKED, PHONE_NOT_TRUSTED, PHONE_REFUSED, PHONE_GONE, PHONE_PROTOCOL,
   *   USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
   */
  async startAfc(
    options: LinkOptions = {},
  ): Promise<{ stream: Duplex; identity: PhoneIdentity; key: PhoneKey }> {
    return await this.#inSession(options, async (parts) => {
      const { lockdown, device, record, identity, key, isBeforeIos10 } = parts;
      const service = await lockdown.startService(AFC_SERVICE);
      const plain = await this.#usbmux.connect(device.deviceId, service.port, options.signal);
      if (!service.isSecure) return { stream: plain, identity, key };
      const limits = { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal: options.signal };
      const stream = await secureSession(plain, record, { ...limits, isBeforeIos10 });
      return { stream, identity, key };
    });
  }

  async #inSession<T>(options: LinkOptions, work: (parts: LockdownSession) => Promise<T>): Promise<T> {
    return await this.#telling(options, async () => {
      try {
        return await this.#session(options, work);
      } catch (error) {
        if (!isLostSession(error)) throw error;
        return await this.#session(options, work);
      }
    });
  }

  async #session<T>(options: LinkOptions, work: (parts: LockdownSession) => Promise<T>): Promise<T> {
    const device = await this.#device(options.signal);
    using lockdown = await this.#lockdown(device, options);
    const identity = await this.#identity(lockdown, device);
    const bytes = await this.#usbmux.readPairRecord(device.udid, options.signal);
    if (bytes === null) throw neverTrusted(this.#called);
    const record = this.#record(bytes);
    const isBeforeIos10 = /^[1-9](?:\.|$)/.test(identity.iosVersion);
    let isProved = false;
    let key: PhoneKey;
    try {
      key = await lockdown.startSession(record, { isBeforeIos10 });
      // In TLS 1.3 our side is done before the phone has judged our certificate: the first answer is the proof.
      await lockdown.queryType();
      isProved = true;
    } catch (error) {
      if (error instanceof NoSecureSession) throw notProved(this.#called);
      const wasClosed =
        error instanceof SecureSessionError ? error.kind === "closed" : error instanceof StreamEndedError;
      if (wasClosed && !isProved && (await this.#isStillThere(options.signal)))
        throw trustTakenBack(this.#called);
      throw wasClosed ? phoneGone(this.#called) : error;
    }
    const result = await work({ lockdown, device, record, identity, key, isBeforeIos10 });
    await lockdown.stopSession();
    return result;
  }

  #record(bytes: Uint8Array): PairRecord {
    try {
      return PairRecord.parse(bytes);
    } catch {
      throw recordUnusable(this.#called);
    }
  }

  async #identity(lockdown: LockdownClient, device: UsbmuxDevice): Promise<PhoneIdentity> {
    const text = async (key: string) => {
      const value = await lockdown.getValue(key);
      return typeof value === "string"
        ? value.slice(0, 256).replace(/[\u0000-\u001F\u007F-\u009F]/g, " ")
        : "";
    };
    const identity = {
      udid: device.udid,
      name: await text("DeviceName"),
      productType: await text("ProductType"),
      iosVersion: await text("ProductVersion"),
    };
    if (identity.name !== "") this.#called = identity.name;
    return identity;
  }

  async #device(signal: AbortSignal | undefined): Promise<UsbmuxDevice> {
    const device = (await this.#usbmux.listDevices(signal)).find(({ udid }) => sameUdid(udid, this.#udid));
    if (device === undefined) throw phoneGone(this.#called);
    if (device.connection === "USB") return device;
    throw new RollcallError("PHONE_NETWORK_ONLY", {
      message: `${this.#called} is reachable over Wi-Fi only.`,
      why: "Rollcall uses the cable.",
      remedy: "Connect it with a cable and run the same command again.",
    });
  }

  async #isStillThere(signal: AbortSignal | undefined): Promise<boolean> {
    const devices = await this.#usbmux.listDevices(signal).catch(() => []);
    return devices.some(({ udid }) => sameUdid(udid, this.#udid));
  }

  async #lockdown(device: UsbmuxDevice, options: LinkOptions): Promise<LockdownClient> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const stream = await this.#usbmux.connect(device.deviceId, LOCKDOWN_PORT, signal);
    return new LockdownClient(stream, { timeoutMs, signal });
  }

  async #telling<T>(options: LinkOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw phoneTrouble(error, this.#called, options.signal);
    }
  }
}

/** What is remembered between two times that a phone is asked for its trust. Begins with both null. */
export interface AskedTrust {
  offer: PairingOffer | null;
  refusal: { readonly deviceId: number; readonly error: RollcallError } | null;
}

interface LockdownSession {
  readonly lockdown: LockdownClient;
  readonly device: UsbmuxDevice;
  readonly record: PairRecord;
  readonly identity: PhoneIdentity;
  readonly key: PhoneKey;
  readonly isBeforeIos10: boolean;
}
