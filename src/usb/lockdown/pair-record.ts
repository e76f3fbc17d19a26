import { inspect } from "node:util";
import { dataAt, type PropertyDictionary, parseDictionary, textAt } from "../wire/property-list.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import { certifiedKey } from "./phone-key.js";

/** What TLS towards the phone needs. Secret: hand it to `tls.connect` and drop it. */
interface HostCredentials {
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
}

/**
 * The trust between this computer and one phone: certificates, private keys, and two ids.
 * Whoever holds one can act as this computer towards the phone, so nothing of it is a property, and
 * printing or serialising it shows only that it is there.
 * Keys of the dictionary: libimobiledevice common/userpref.c.
 */
export class PairRecord {
  readonly #hostId: string;
  readonly #systemBuid: string;
  readonly #credentials: HostCredentials;
  readonly #phoneKey: string;

  private constructor(parts: {
    hostId: string;
    systemBuid: string;
    credentials: HostCredentials;
    phoneKey: string;
  }) {
    this.#hostId = parts.hostId;
    this.#systemBuid = parts.systemBuid;
    this.#credentials = parts.credentials;
    this.#phoneKey = parts.phoneKey;
  }

  /**
   * @param bytes as usbmuxd's ReadPairRecord gives them
   * @throws WireFormatError that names what is missing and quotes nothing
   */
  static parse(bytes: Uint8Array): PairRecord {
    const record = parseDictionary(bytes);
    return new PairRecord({
      hostId: needed(textAt(record, "HostID"), "HostID"),
      systemBuid: needed(textAt(record, "SystemBUID"), "SystemBUID"),
      credentials: credentialsIn(record),
      phoneKey: certifiedKey(dataAt(record, "DeviceCertificate") ?? new Uint8Array()),
    });
  }

  /** The two ids that StartSession carries. */
  sessionRequest(): { HostID: string; SystemBUID: string } {
    return { HostID: this.#hostId, SystemBUID: this.#systemBuid };
  }

  hostCredentials(): HostCredentials {
    return this.#credentials;
  }

  /** Whether this is the phone's key, by the hash that `shownKey` gives; false where the record does not have it. */
  isPhoneKey(sha256: string): boolean {
    return sha256 !== "" && sha256 === this.#phoneKey;
  }

  toString(): string {
    return "PairRecord (secret)";
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * Host certificate and key; the root pair where a record has no host pair. Phones take either
 * (pymobiledevice3 and go-ios show the host's, libimobiledevice the root's). Unverified on a phone here.
 */
function credentialsIn(record: PropertyDictionary): HostCredentials {
  for (const owner of ["Host", "Root"]) {
    const certificate = dataAt(record, `${owner}Certificate`);
    const privateKey = dataAt(record, `${owner}PrivateKey`);
    if (certificate !== null && privateKey !== null) {
      return { certificate: Buffer.from(certificate), privateKey: Buffer.from(privateKey) };
    }
  }
  throw new WireFormatError("a pair record has no certificate with its private key");
}

function needed(value: string | null, key: string): string {
  if (value === null) throw new WireFormatError(`a pair record has no ${key}`);
  return value;
}
