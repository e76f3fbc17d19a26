import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { buildPropertyList, type PropertyDictionary } from "../wire/property-list.js";
import { makePairingCertificates, type PairingCertificates } from "./pairing-certificates.js";

/**
 * What this computer offers a phone that shall trust it: certificates for the phone, private keys for itself.
 * The keys leave it only inside {@link record}, which is for usbmuxd. Nothing of it is a property, and printing
 * or serialising it shows only that it is there.
 */
export class PairingOffer {
  readonly #hostId: string;
  readonly #systemBuid: string;
  readonly #made: PairingCertificates;

  private constructor(parts: { hostId: string; systemBuid: string; made: PairingCertificates }) {
    this.#hostId = parts.hostId;
    this.#systemBuid = parts.systemBuid;
    this.#made = parts.made;
  }

  /**
   * Makes new keys, in memory; it takes a few tenths of a second.
   * @param phone.publicKey the phone's DevicePublicKey, as it gives it: PEM, PKCS#1
   * @param phone.systemBuid the name of this computer, from usbmuxd
   * @throws WireFormatError where the phone's key is none
   */
  static async make(phone: { publicKey: Uint8Array; systemBuid: string }): Promise<PairingOffer> {
    const made = await makePairingCertificates(phone.publicKey);
    return new PairingOffer({ hostId: randomUUID().toUpperCase(), systemBuid: phone.systemBuid, made });
  }

  /** `PairRecord` of a Pair request: no private key is in it (libimobiledevice src/lockdown.c: pair_record_generate). */
  pairRequest(): PropertyDictionary {
    const { device, host, root } = this.#made.certificates;
    return {
      DeviceCertificate: Buffer.from(device),
      HostCertificate: Buffer.from(host),
      RootCertificate: Buffer.from(root),
      HostID: this.#hostId,
      SystemBUID: this.#systemBuid,
    };
  }

  /** The whole pair record, private keys included, in the form that usbmuxd keeps. For usbmuxd and for nobody else. */
  record(phone: { escrowBag: Uint8Array | null; wifiAddress: unknown }): Buffer {
    const { escrowBag, wifiAddress } = phone;
    return buildPropertyList({
      ...this.pairRequest(),
      HostPrivateKey: Buffer.from(this.#made.privateKeys.host),
      RootPrivateKey: Buffer.from(this.#made.privateKeys.root),
      ...(escrowBag === null ? {} : { EscrowBag: escrowBag }),
      ...(typeof wifiAddress === "string" ? { WiFiMACAddress: wifiAddress } : {}),
    });
  }

  toString(): string {
    return "PairingOffer (secret)";
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
