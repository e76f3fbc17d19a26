import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { LOCKDOWN_PORT } from "../../usb/lockdown/lockdown-packet.js";
import type { PropertyDictionary } from "../../usb/wire/property-list.js";
import { checkMediaFolder, checkUdid } from "./check-iphone-options.js";
import { behaviorOf } from "./iphone-behavior.js";
import { IPhoneCounters } from "./iphone-counters.js";
import type { IPhoneFault } from "./iphone-fault.js";
import type { CableUse, PhoneLock, VirtualPhoneState } from "./phone-state.js";
import { secureWithHost } from "./phone-tls.js";
import {
  makePairRecord,
  otherDevice,
  type PhoneKeys,
  phoneKeys,
  type TrustedHost,
  trustedHost,
} from "./phone-trust.js";
import { usbProperties, valuesForAnybody, valuesForTrustedHosts, valuesOfDomain } from "./phone-values.js";
import { ServedFolder } from "./served-folder.js";
import { TrustedComputers } from "./trusted-computers.js";
import { type AfcService, serveAfc } from "./virtual-afc.js";
import { type CableFault, VirtualCable } from "./virtual-cable.js";
import { serveLockdown } from "./virtual-lockdownd.js";
import { type PluggedPhone, startVirtualUsbmuxd, VirtualUsbmuxd } from "./virtual-usbmuxd.js";

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
  readonly faults?: readonly IPhoneFault[] | undefined;
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
  const isOther = options.faults?.some((one) => one.impostor === "own-key") === true;
  const shows = isOther ? await otherDevice() : null;
  const phone = new VirtualIPhone({ ...options, udid, keys, shows, usbmuxd, ownsUsbmuxd });
  await phone.setState(options.state ?? "ready");
  if (options.state !== "network-only") phone.attach();
  return phone;
}

export class VirtualIPhone implements AsyncDisposable {
  readonly udid: string;
  readonly name: string;
  readonly counters = new IPhoneCounters();
  readonly usbmuxd: VirtualUsbmuxd;
  readonly #facts: Parameters<typeof valuesForAnybody>[0];
  readonly #keys: PhoneKeys;
  readonly #shows: SecureContext | null;
  readonly #ownsUsbmuxd: boolean;
  readonly #afc: AfcService;
  readonly #plug: PluggedPhone;
  readonly #computers: TrustedComputers;
  readonly #servicePorts = new Map<number, TrustedHost>();
  #nextPort = 49152;
  readonly #networkPlug: PluggedPhone;
  readonly #plugListeners = new Set<() => void>();
  #lock: PhoneLock = "unlocked";
  #isBusy = false;
  #cableUse: CableUse = "data";
  #isPluggedIn = false;
  #deviceId: number | null = null;
  #networkId: number | null = null;

  constructor(
    options: VirtualIPhoneOptions & {
      udid: string;
      keys: PhoneKeys;
      /** Null: its own key. */
      shows: SecureContext | null;
      usbmuxd: VirtualUsbmuxd;
      ownsUsbmuxd: boolean;
    },
  ) {
    this.udid = options.udid;
    this.name = options.name ?? "Virtual iPhone";
    this.usbmuxd = options.usbmuxd;
    this.#keys = options.keys;
    this.#shows = options.shows;
    this.#ownsUsbmuxd = options.ownsUsbmuxd;
    this.#facts = {
      udid: this.udid,
      name: this.name,
      productType: options.productType ?? "iPhone17,3",
      iosVersion: options.iosVersion ?? "18.5",
      wifiAddress: "02:00:00:12:34:56",
      publicKeyPem: options.keys.publicKeyPem,
    };
    const behavior = behaviorOf(options.faults ?? []);
    this.#afc = {
      folder: new ServedFolder(options.mediaFolder),
      behavior,
      cable: new VirtualCable({ ...behavior, onPulled: (what) => this.#onPulled(what) }),
      counters: this.counters,
      model: this.#facts.productType,
    };
    this.#computers = new TrustedComputers((record) =>
      trustedHost(record, this.#keys, this.#facts.iosVersion),
    );
    this.#plug = { properties: usbProperties(this.udid), connect: (port) => this.#connect(port, "USB") };
    const { SerialNumber, UDID } = this.#plug.properties;
    this.#networkPlug = {
      properties: { ConnectionType: "Network", EscapedFullServiceName: "virtual", SerialNumber, UDID },
      connect: (port) => this.#connect(port, "Network"),
    };
  }

  /** Value of `USBMUXD_SOCKET_ADDRESS` for clients. */
  get address(): string {
    return this.usbmuxd.address;
  }

  get lockState(): PhoneLock {
    return this.#lock;
  }

  /** Whether usbmuxd lists it by its cable. */
  get isAttached(): boolean {
    return this.#deviceId !== null;
  }

  /** Whether the USB bus shows it. */
  get isOnBus(): boolean {
    return this.#isPluggedIn && this.#cableUse !== "charging-only";
  }

  /**
   * Puts it into a state as a whole, whatever it was in before. Trusting states leave a pair record with usbmuxd, as
   * macOS does once the person has tapped Trust. Connections live on, unless the cable is another.
   */
  async setState(state: VirtualPhoneState): Promise<void> {
    this.#lock = state === "locked" || state === "before-first-unlock" ? state : "unlocked";
    this.#isBusy = state === "busy";
    const isTrusting = !/^(not-trusted|trust-)/.test(state);
    this.#computers.takeQuestionAway();
    this.#computers.isTrustedAtOnce = isTrusting;
    if (!isTrusting) {
      this.#computers.forgetAll();
      if (state !== "trust-lost") this.usbmuxd.deletePairRecord(this.udid);
    }
    if (state === "trust-refused") this.#computers.tapDontTrust();
    if (state === "trust-lost") await this.#pairWithSystem({ isRemembered: false });
    if (isTrusting && this.#computers.count === 0) await this.#pairWithSystem({ isRemembered: true });
    this.#cableUse = state === "not-allowed" || state === "charging-only" ? state : "data";
    if (state === "network-only") {
      this.detach();
      this.attachOverWifi();
    }
    this.#applyCableState();
  }

  /** The passcode is entered. */
  unlock(): void {
    this.#lock = "unlocked";
  }

  lock(): void {
    if (this.#lock === "unlocked") this.#lock = "locked";
  }

  /**
   * Somebody taps Trust and enters the passcode. Where a program's Pair is waiting, its computer is trusted when it
   * asks again; where none is, the system of this computer pairs, as macOS does.
   */
  async tapTrust(): Promise<void> {
    this.#lock = "unlocked";
    if (!this.#computers.tapTrust()) await this.#pairWithSystem({ isRemembered: true });
  }

  /** Somebody taps Don't Trust. It does not ask again until it is plugged in anew. */
  tapDontTrust(): void {
    this.#computers.tapDontTrust();
  }

  /** Settings > Reset Location & Privacy: computers keep their pair records, and the phone knows none of them. */
  forgetComputers(): void {
    this.#computers.forgetAll();
    this.#computers.isTrustedAtOnce = false;
  }

  /** Off and on again, on its cable: it comes back under a new DeviceID and wants its passcode. */
  restart(): void {
    const wasPluggedIn = this.#isPluggedIn;
    this.detach();
    this.#lock = "before-first-unlock";
    if (wasPluggedIn) this.attach();
  }

  /** The accessory is allowed, by whoever was asked. */
  allowAccessory(): void {
    this.#cableUse = "data";
    this.#applyCableState();
  }

  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
  }

  /** Plugs it in again, under a new DeviceID. Does nothing while it is in. */
  attach(): void {
    if (!this.#isPluggedIn) this.#computers.takeQuestionAway();
    this.#isPluggedIn = true;
    this.#applyCableState();
  }

  /** Pulls the cable: every connection over it breaks off. */
  detach(): void {
    this.#isPluggedIn = false;
    this.#applyCableState();
  }

  /** What usbmuxd tells of one plug-in: attach, detach, attach (node-usb issue 291). */
  attachAsPhonesDo(): void {
    this.attach();
    this.detach();
    this.attach();
  }

  /** A second entry at usbmuxd, of the same phone over Wi-Fi. */
  attachOverWifi(): void {
    this.#networkId ??= this.usbmuxd.attach(this.#networkPlug);
  }

  detachFromWifi(): void {
    if (this.#networkId !== null) this.usbmuxd.detach(this.#networkId);
    this.#networkId = null;
  }

  /** Calls back each time that the bus shows it no more, or again. @returns what ends that */
  onPlug(listener: () => void): () => void {
    this.#plugListeners.add(listener);
    return () => this.#plugListeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.detach();
    this.detachFromWifi();
    if (this.#ownsUsbmuxd) await this.usbmuxd[Symbol.asyncDispose]();
  }

  #onPulled(what: CableFault["what"]): void {
    this.detach();
    if (what === "replugged") this.attach();
  }

  /** Keeps usbmuxd and the bus in step with the cable. */
  #applyCableState(): void {
    const carriesData = this.#isPluggedIn && this.#cableUse === "data";
    if (carriesData) this.#deviceId ??= this.usbmuxd.attach(this.#plug);
    if (!carriesData && this.#deviceId !== null) {
      const deviceId = this.#deviceId;
      this.#deviceId = null;
      this.#servicePorts.clear();
      this.usbmuxd.detach(deviceId);
    }
    for (const listener of this.#plugListeners) listener();
  }

  /** As if Finder had paired: usbmuxd has the record. */
  async #pairWithSystem({ isRemembered }: { isRemembered: boolean }): Promise<void> {
    const { wifiAddress, iosVersion } = this.#facts;
    const { systemBuid } = this.usbmuxd;
    const { host, record } = await makePairRecord({ systemBuid, wifiAddress, iosVersion });
    if (isRemembered) this.#computers.add(host);
    this.usbmuxd.savePairRecord(this.udid, record);
  }

  #connect(port: number, way: "USB" | "Network"): ((socket: Socket) => void) | null {
    if (port === LOCKDOWN_PORT) return (socket) => void serveLockdown(socket, this.#lockdown(), way);
    const host = this.#servicePorts.get(port);
    // A port that StartService gave out takes one connection.
    if (host === undefined || !this.#servicePorts.delete(port)) return null;
    return (socket) => serveAfc(this.#isWithoutTls ? socket : secureWithHost(socket, host), this.#afc);
  }

  #lockdown(): Parameters<typeof serveLockdown>[1] {
    const phone = this;
    return {
      get lock() {
        return phone.#lock;
      },
      get isBusy() {
        return phone.#isBusy;
      },
      isWithoutTls: this.#isWithoutTls,
      requests: this.counters.lockdown,
      values: (domain, isInSession) => this.#values(domain, isInSession),
      trustedHost: (hostId) => this.#trustedHost(hostId),
      pair: (pairRecord) => this.#computers.pair(pairRecord),
      forget: (hostId) => this.#computers.forget(hostId),
      startService: (name, host) => this.#startService(name, host),
    };
  }

  #values(domain: string | null, isInSession: boolean): PropertyDictionary | null {
    if (domain !== null) {
      const { totalBytes, freeBytes } = this.#afc.folder.space();
      return isInSession ? valuesOfDomain(domain, totalBytes, freeBytes) : null;
    }
    const open = valuesForAnybody(this.#facts, this.#lock !== "unlocked", this.#computers.count > 0);
    return isInSession ? { ...open, ...valuesForTrustedHosts() } : open;
  }

  get #isWithoutTls(): boolean {
    return this.#afc.behavior.impostor === "no-tls";
  }

  #trustedHost(hostId: string): TrustedHost | null {
    const host = this.#computers.find(hostId);
    return host === null || this.#shows === null ? host : { ...host, secureContext: this.#shows };
  }

  #startService(name: string, host: TrustedHost): number | null {
    if (name !== "com.apple.afc") return null;
    const port = this.#nextPort;
    this.#nextPort = port === 65535 ? 49152 : port + 1;
    this.#servicePorts.set(port, host);
    return port;
  }
}
