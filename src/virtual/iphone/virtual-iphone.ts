import { statSync } from "node:fs";
import type { Socket } from "node:net";
import { RollcallError } from "../../errors.js";
import { LOCKDOWN_PORT } from "../../usb/lockdown/lockdown-packet.js";
import type { PropertyDictionary } from "../../usb/wire/property-list.js";
import { IPhoneCounters } from "./iphone-counters.js";
import { mannersOf } from "./iphone-manners.js";
import type { IPhoneMisbehaviour } from "./iphone-misbehaviour.js";
import { secureWithHost } from "./phone-tls.js";
import { makePairRecord, type PhoneKeys, phoneKeys, type TrustedHost, trustedHost } from "./phone-trust.js";
import { valuesForAnybody, valuesForTrustedHosts, valuesOfDomain } from "./phone-values.js";
import { ServedFolder } from "./served-folder.js";
import { type AfcService, serveAfc } from "./virtual-afc.js";
import { VirtualCable } from "./virtual-cable.js";
import { serveLockdown } from "./virtual-lockdownd.js";
import { type PluggedPhone, startVirtualUsbmuxd, VirtualUsbmuxd } from "./virtual-usbmuxd.js";

export type VirtualPhoneState =
  /** Trusted, unlocked and paired with this computer. */
  | "ready"
  /** Paired, and not unlocked since it was switched on. */
  | "locked"
  /** This computer has no pair record, and the phone's question stays unanswered. */
  | "not-trusted";

export interface VirtualIPhoneOptions {
  /** What the phone serves as its media folder: the one that contains DCIM. Only ever read. */
  readonly mediaFolder: string;
  /** Where to listen, or a usbmuxd that already does: several phones can be plugged into one. */
  readonly socketPath: string | VirtualUsbmuxd;
  /** As usbmuxd spells it: 8 and 16 hex digits with a dash, or 40. */
  readonly udid?: string | undefined;
  readonly name?: string | undefined;
  readonly productType?: string | undefined;
  readonly iosVersion?: string | undefined;
  /** Default `ready`. */
  readonly state?: VirtualPhoneState | undefined;
  readonly misbehave?: readonly IPhoneMisbehaviour[] | undefined;
}

/**
 * Starts a usbmuxd, a lockdownd and an AFC server over a folder, on a unix socket, with the phone plugged in.
 * libimobiledevice's tools take it for a phone.
 * @throws RollcallError BAD_USAGE where the folder or the socket cannot be used, or the UDID is none
 */
export async function startVirtualIPhone(options: VirtualIPhoneOptions): Promise<VirtualIPhone> {
  const { mediaFolder, socketPath, udid = "00008140-000C0FFEE0DDF00D" } = options;
  checkMediaFolder(mediaFolder);
  checkUdid(udid);
  const keys = await phoneKeys();
  const ownsUsbmuxd = !(socketPath instanceof VirtualUsbmuxd);
  const usbmuxd = ownsUsbmuxd ? await startVirtualUsbmuxd({ socketPath }) : socketPath;
  const phone = new VirtualIPhone({ ...options, udid, keys, usbmuxd, ownsUsbmuxd });
  await phone.setState(options.state ?? "ready");
  phone.attach();
  return phone;
}

export class VirtualIPhone implements AsyncDisposable {
  readonly udid: string;
  readonly name: string;
  readonly counters = new IPhoneCounters();
  readonly usbmuxd: VirtualUsbmuxd;
  readonly #facts: Parameters<typeof valuesForAnybody>[0];
  readonly #keys: PhoneKeys;
  readonly #ownsUsbmuxd: boolean;
  readonly #afc: AfcService;
  readonly #plug: PluggedPhone;
  readonly #trustedHosts = new Map<string, TrustedHost>();
  readonly #servicePorts = new Map<number, TrustedHost>();
  #nextPort = 49152;
  #state: VirtualPhoneState = "not-trusted";
  #hasSystemRecord = false;
  #deviceId: number | null = null;

  constructor(
    options: VirtualIPhoneOptions & {
      udid: string;
      keys: PhoneKeys;
      usbmuxd: VirtualUsbmuxd;
      ownsUsbmuxd: boolean;
    },
  ) {
    this.udid = options.udid;
    this.name = options.name ?? "Virtual iPhone";
    this.usbmuxd = options.usbmuxd;
    this.#keys = options.keys;
    this.#ownsUsbmuxd = options.ownsUsbmuxd;
    this.#facts = {
      udid: this.udid,
      name: this.name,
      productType: options.productType ?? "iPhone17,3",
      iosVersion: options.iosVersion ?? "18.5",
      wifiAddress: "02:00:00:12:34:56",
      publicKeyPem: options.keys.publicKeyPem,
    };
    const manners = mannersOf(options.misbehave ?? []);
    this.#afc = {
      folder: new ServedFolder(options.mediaFolder),
      manners,
      cable: new VirtualCable({ ...manners, onPulled: () => this.detach() }),
      counters: this.counters,
      model: this.#facts.productType,
    };
    this.#plug = { properties: this.#usbProperties(), connect: (port) => this.#connect(port) };
  }

  /** Value of `USBMUXD_SOCKET_ADDRESS` for clients. */
  get address(): string {
    return this.usbmuxd.address;
  }

  get state(): VirtualPhoneState {
    return this.#state;
  }

  get isAttached(): boolean {
    return this.#deviceId !== null;
  }

  /**
   * Locks, unlocks, trusts. Going to `ready` or `locked` leaves a pair record with usbmuxd, as macOS does once
   * the person has tapped Trust; going to `not-trusted` forgets every computer. Connections live on.
   */
  async setState(state: VirtualPhoneState): Promise<void> {
    if (state === "not-trusted") {
      this.#trustedHosts.clear();
      this.usbmuxd.deletePairRecord(this.udid);
      this.#hasSystemRecord = false;
    } else if (!this.#hasSystemRecord) {
      const { wifiAddress, iosVersion } = this.#facts;
      const { systemBuid } = this.usbmuxd;
      const { host, record } = await makePairRecord({ systemBuid, wifiAddress, iosVersion });
      this.#trustedHosts.set(host.hostId, host);
      this.#hasSystemRecord = true;
      this.#state = state;
      this.usbmuxd.savePairRecord(this.udid, record);
    }
    this.#state = state;
  }

  /** Plugs it in again, under a new DeviceID. Does nothing while it is in. */
  attach(): void {
    this.#deviceId ??= this.usbmuxd.attach(this.#plug);
  }

  /** Pulls the cable: every connection to the phone breaks off. */
  detach(): void {
    if (this.#deviceId === null) return;
    const deviceId = this.#deviceId;
    this.#deviceId = null;
    this.#servicePorts.clear();
    this.usbmuxd.detach(deviceId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.detach();
    if (this.#ownsUsbmuxd) await this.usbmuxd[Symbol.asyncDispose]();
  }

  #connect(port: number): ((socket: Socket) => void) | null {
    if (port === LOCKDOWN_PORT) return (socket) => void serveLockdown(socket, this.#lockdown());
    const host = this.#servicePorts.get(port);
    // A port that StartService gave out takes one connection.
    if (host === undefined || !this.#servicePorts.delete(port)) return null;
    return (socket) => serveAfc(secureWithHost(socket, host), this.#afc);
  }

  #lockdown(): Parameters<typeof serveLockdown>[1] {
    const phone = this;
    return {
      get state() {
        return phone.#state;
      },
      requests: this.counters.lockdown,
      values: (domain, isInSession) => this.#values(domain, isInSession),
      trustedHost: (hostId) => this.#trustedHosts.get(hostId) ?? null,
      trust: (pairRecord) => this.#trust(pairRecord),
      forget: (hostId) => this.#trustedHosts.delete(hostId),
      startService: (name, host) => this.#startService(name, host),
    };
  }

  #values(domain: string | null, isInSession: boolean): PropertyDictionary | null {
    if (domain !== null) {
      const { totalBytes, freeBytes } = this.#afc.folder.space();
      return isInSession ? valuesOfDomain(domain, totalBytes, freeBytes) : null;
    }
    const open = valuesForAnybody(this.#facts, this.#state === "locked", this.#trustedHosts.size > 0);
    return isInSession ? { ...open, ...valuesForTrustedHosts() } : open;
  }

  #trust(pairRecord: PropertyDictionary): boolean {
    const host = trustedHost(pairRecord, this.#keys, this.#facts.iosVersion);
    if (host !== null) this.#trustedHosts.set(host.hostId, host);
    return host !== null;
  }

  #startService(name: string, host: TrustedHost): number | null {
    if (name !== "com.apple.afc") return null;
    const port = this.#nextPort;
    this.#nextPort = port === 65535 ? 49152 : port + 1;
    this.#servicePorts.set(port, host);
    return port;
  }

  #usbProperties(): PluggedPhone["properties"] {
    return {
      ConnectionSpeed: 480_000_000,
      ConnectionType: "USB",
      LocationID: 0x1410_0000,
      ProductID: 0x12a8,
      SerialNumber: this.udid,
      UDID: this.udid,
      USBSerialNumber: this.udid.replace("-", ""),
    };
  }
}

function checkMediaFolder(mediaFolder: string): void {
  const stats = statSync(mediaFolder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  throw new RollcallError("BAD_USAGE", {
    message: `The virtual iPhone has no media folder: ${mediaFolder}`,
    why: stats === undefined ? "There is nothing of that name." : "It is not a folder.",
    remedy: "Give the folder that contains DCIM.",
  });
}

function checkUdid(udid: string): void {
  if (/^([0-9a-f]{40}|[0-9a-f]{8}-[0-9a-f]{16})$/i.test(udid)) return;
  throw new RollcallError("BAD_USAGE", {
    message: `"${udid}" is no UDID of an iPhone.`,
    remedy: "Give 8 and 16 hexadecimal digits with a dash between them, or 40 of them.",
  });
}
