import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWhenReady, type WaitedFor } from "../../src/phone/wait-for-phone.js";
import { usbPhoneFinder } from "../../src/usb/detection/usb-phone-finder.js";
import { PairingOffer } from "../../src/usb/lockdown/pairing-offer.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { dataAt } from "../../src/usb/wire/property-list.js";
import type { VirtualPhoneState } from "../../src/virtual/iphone/phone-state.js";
import { phoneKeys } from "../../src/virtual/iphone/phone-trust.js";
import { startVirtualIPhone, type VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../src/virtual/iphone/virtual-usb-bus.js";
import { QuickClock } from "../phone/quick-clock.js";
import { readPairRecord } from "../virtual/iphone/wire-client.js";

let folder: string;
let iphone: VirtualIPhone;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-w-"));
  mkdirSync(join(folder, "media"));
});
afterEach(async () => {
  await iphone[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function start(state: VirtualPhoneState): Promise<VirtualIPhone> {
  iphone = await startVirtualIPhone({
    mediaFolder: join(folder, "media"),
    socketPath: join(folder, "mux"),
    name: "Anna's iPhone",
    state,
  });
  return iphone;
}

interface Waited {
  readonly reasons: readonly string[];
  readonly outcome: "opened" | { readonly code: string; readonly why: string | undefined };
}

interface WaitingFor {
  readonly pairs?: boolean;
  readonly waitMs?: number;
  readonly stop?: AbortController;
  readonly wanted?: string;
  readonly otherPhonesMs?: number;
}

/**
 * Waits for the phone; for each new reason the person does what `acts` says, by its code.
 * @param acts an act is done once
 */
async function wait(
  acts: Partial<Record<string, () => unknown>> = {},
  { pairs = false, waitMs = 120_000, stop = new AbortController(), ...more }: WaitingFor = {},
): Promise<Waited> {
  const usbmux = new UsbmuxClient(usbmuxAddress(iphone.address));
  const finder = usbPhoneFinder(usbmux, virtualUsbBus([iphone]), { pairs });
  const reasons: string[] = [];
  const left = { ...acts };
  const done: unknown[] = [];
  const onWaiting = ({ code }: WaitedFor) => {
    reasons.push(code);
    const act = left[code];
    delete left[code];
    done.push(act?.());
  };
  const options = { waitMs, clock: new QuickClock(() => Promise.all(done)), signal: stop.signal, onWaiting };
  const { wanted, otherPhonesMs = waitMs } = more;
  try {
    const { phone } = await openWhenReady(finder, wanted, { ...options, otherPhonesMs });
    await phone[Symbol.asyncDispose]();
    await Promise.all(done);
    return { reasons, outcome: "opened" };
  } catch (error) {
    const { code, why } = error as { code: string; why: string | undefined };
    return { reasons, outcome: { code, why } };
  }
}

describe("a phone that is not ready is waited for, and opened when", () => {
  test.each<[VirtualPhoneState, string, (phone: VirtualIPhone) => unknown]>([
    ["locked", "PHONE_LOCKED", (phone) => phone.unlock()],
    ["before-first-unlock", "PHONE_LOCKED", (phone) => phone.unlock()],
    ["not-allowed", "PHONE_CABLE_ONLY", (phone) => phone.allowAccessory()],
    ["charging-only", "NO_PHONE", (phone) => phone.setState("ready")],
    ["network-only", "PHONE_NETWORK_ONLY", (phone) => phone.attachAsPhonesDo()],
    ["busy", "PHONE_BUSY", (phone) => phone.setBusy(false)],
    ["trust-lost", "PHONE_TRUST_LOST", (phone) => phone.tapTrust()],
  ])("it was %s (%s) and the person has mended it", async (state, code, mend) => {
    const phone = await start(state);
    expect(await wait({ [code]: () => mend(phone) })).toEqual({ reasons: [code], outcome: "opened" });
  });

  test("it was not there, and is plugged in as phones do it: attach, detach, attach", async () => {
    const phone = await start("ready");
    phone.detach();
    const waited = await wait({ NO_PHONE: () => phone.attachAsPhonesDo() });
    expect(waited).toEqual({ reasons: ["NO_PHONE"], outcome: "opened" });
    expect(phone.usbmuxd.requests.of("Listen")).toBe(1);
  });

  test("it restarts: gone, locked, then unlocked", async () => {
    const phone = await start("locked");
    const waited = await wait({
      PHONE_LOCKED: () => {
        phone.restart();
        phone.unlock();
      },
    });
    expect(waited.outcome).toBe("opened");
  });

  test("Trust is tapped, where the system pairs: Rollcall asks for nothing and saves nothing", async () => {
    const phone = await start("not-trusted");
    expect(await wait({ PHONE_NOT_TRUSTED: () => phone.tapTrust() })).toEqual({
      reasons: ["PHONE_NOT_TRUSTED"],
      outcome: "opened",
    });
    expect(phone.counters.lockdown.of("Pair")).toBe(0);
    expect(phone.usbmuxd.requests.of("SavePairRecord")).toBe(0);
  });
});

describe("waiting", () => {
  test("of no time fails at once, listens to nothing, and asks for no trust", async () => {
    const phone = await start("not-trusted");
    const waited = await wait({}, { waitMs: 0, pairs: true });
    expect(waited).toEqual({
      reasons: [],
      outcome: {
        code: "PHONE_NOT_TRUSTED",
        why: "This computer has no record of having been trusted by it.",
      },
    });
    expect(phone.usbmuxd.requests.of("Listen")).toBe(0);
    expect(phone.counters.lockdown.of("Pair")).toBe(0);
    expect(phone.usbmuxd.requests.of("ListDevices")).toBeLessThanOrEqual(3);
  });

  test("costs a ready phone nothing: no listening, one look, one opening", async () => {
    const phone = await start("ready");
    expect(await wait()).toEqual({ reasons: [], outcome: "opened" });
    expect(phone.usbmuxd.requests.of("Listen")).toBe(0);
    expect(phone.counters.lockdown.of("StartService")).toBe(2);
  });

  test("holds its deadline, says how long it waited, and asks no more than once a second", async () => {
    const phone = await start("before-first-unlock");
    expect(await wait({}, { waitMs: 30_000 })).toEqual({
      reasons: ["PHONE_LOCKED"],
      outcome: { code: "PHONE_LOCKED", why: expect.stringContaining("waited 30 s") },
    });
    expect(phone.usbmuxd.requests.of("Listen")).toBe(1);
    // 31 looks at most: each lists, and says twice who it is, to ask and to begin a session.
    expect(phone.counters.lockdown.of("StartSession")).toBeLessThanOrEqual(31);
    expect(phone.counters.lockdown.of("GetValue")).toBeLessThanOrEqual(31 * 6);
    expect(phone.counters.lockdown.of("StartSession")).toBeGreaterThan(20);
  });

  test("outlasts a usbmuxd that is restarted, and ends at once where there was none from the start", async () => {
    const phone = await start("locked");
    let second: VirtualIPhone | undefined;
    const waited = await wait({
      PHONE_LOCKED: () => phone[Symbol.asyncDispose](),
      USBMUXD_ABSENT: async () => {
        second = await start("ready");
      },
    });
    expect(waited.outcome).toBe("opened");
    expect(waited.reasons.slice(0, 2)).toEqual(["PHONE_LOCKED", "USBMUXD_ABSENT"]);
    await second?.[Symbol.asyncDispose]();
    expect(await wait()).toMatchObject({ reasons: [], outcome: { code: "USBMUXD_ABSENT" } });
  });

  test("ends at once where the person stops it", async () => {
    await start("locked");
    const stop = new AbortController();
    const reason = Object.assign(new Error("stopped"), { code: "STOPPED" });
    const waited = await wait({ PHONE_LOCKED: () => stop.abort(reason) }, { stop });
    expect(waited.outcome).toMatchObject({ code: "STOPPED" });
  });
});

describe("a name that none of the phones has is waited for", () => {
  const byName = { wanted: "Bella", waitMs: 12_000, otherPhonesMs: 5_000 };
  const plugIn = (phone: VirtualIPhone) =>
    startVirtualIPhone({
      mediaFolder: join(folder, "media"),
      socketPath: phone.usbmuxd,
      udid: "b".repeat(40),
      name: "Bella",
      state: "locked",
    });

  test("for a moment, and those that are there are named", async () => {
    await start("ready");
    const outcome = { code: "PHONE_NOT_FOUND", why: expect.stringMatching(/Anna's iPhone.* waited 5 s/) };
    expect(await wait({}, byName)).toEqual({ reasons: ["PHONE_NOT_FOUND"], outcome });
  });

  test("as long as a person says", async () => {
    await start("ready");
    const outcome = { code: "PHONE_NOT_FOUND", why: expect.stringContaining("waited 12 s") };
    expect(await wait({}, { wanted: "Bella", waitMs: 12_000 })).toMatchObject({ outcome });
  });

  test("long where one that is there is not ready: it may be the one", async () => {
    await start("not-trusted");
    const outcome = { code: "PHONE_NOT_FOUND", why: expect.stringContaining("waited 12 s") };
    expect(await wait({}, byName)).toMatchObject({ outcome });
  });

  test("long once that one is plugged in, and locked", async () => {
    const phone = await start("ready");
    let other: VirtualIPhone | undefined;
    const waited = await wait({ PHONE_NOT_FOUND: async () => (other = await plugIn(phone)) }, byName);
    await other?.[Symbol.asyncDispose]();
    expect(waited.reasons).toEqual(["PHONE_NOT_FOUND", "PHONE_LOCKED"]);
    expect(waited.outcome).toMatchObject({
      code: "PHONE_LOCKED",
      why: expect.stringContaining("waited 12 s"),
    });
  });

  test("long where there was no phone at first", async () => {
    const phone = await start("ready");
    phone.detach();
    const waited = await wait({ NO_PHONE: () => phone.attach() }, byName);
    expect(waited.reasons).toEqual(["NO_PHONE", "PHONE_NOT_FOUND"]);
    expect(waited.outcome).toMatchObject({ why: expect.stringContaining("waited 12 s") });
  });
});

describe("where the system does not pair, Rollcall does", () => {
  test("the question stays until somebody taps Trust; then the record is usbmuxd's, and works", async () => {
    const phone = await start("not-trusted");
    const waited = await wait({ PHONE_TRUST_PENDING: () => phone.tapTrust() }, { pairs: true });
    expect(waited).toEqual({ reasons: ["PHONE_TRUST_PENDING", "PHONE_GONE"], outcome: "opened" });
    expect(phone.counters.lockdown.of("Pair")).toBe(2);
    expect(phone.usbmuxd.requests.of("SavePairRecord")).toBe(1);
    const record = await readPairRecord(join(folder, "mux"), phone.udid);
    expect(record.SystemBUID).toBe(phone.usbmuxd.systemBuid);
    const certificate = (key: string) => new X509Certificate(dataAt(record, key)!);
    const [root, host, device] = ["Root", "Host", "Device"].map((name) => certificate(`${name}Certificate`));
    for (const one of [root!, host!, device!]) {
      expect(one.verify(root!.publicKey)).toBe(true);
      expect([one.subject ?? "", one.issuer ?? ""]).toEqual(["", ""]);
      expect(Date.parse(one.validTo) - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
    }
    expect([root!.ca, host!.ca, device!.ca]).toEqual([true, false, false]);
    expect(dataAt(record, "EscrowBag")).toHaveLength(32);
    expect(record.WiFiMACAddress).toBe("02:00:00:12:34:56");
  });

  test("a locked phone is asked when it is unlocked", async () => {
    const phone = await start("not-trusted");
    phone.lock();
    const acts = { PHONE_LOCKED: () => phone.unlock(), PHONE_TRUST_PENDING: () => phone.tapTrust() };
    const { reasons, outcome } = await wait(acts, { pairs: true });
    expect([reasons.slice(0, 2), outcome]).toEqual([["PHONE_LOCKED", "PHONE_TRUST_PENDING"], "opened"]);
  });

  test("trust that was lost is asked for again", async () => {
    const phone = await start("trust-lost");
    const { reasons, outcome } = await wait({ PHONE_TRUST_PENDING: () => phone.tapTrust() }, { pairs: true });
    expect([reasons[0], outcome]).toEqual(["PHONE_TRUST_PENDING", "opened"]);
  });

  test("a phone that was told not to trust is left in peace until it is plugged in again", async () => {
    const phone = await start("not-trusted");
    let pairsWhenRefused = 0;
    const acts = {
      PHONE_TRUST_PENDING: () => phone.tapDontTrust(),
      PHONE_TRUST_REFUSED: () => (pairsWhenRefused = phone.counters.lockdown.of("Pair")),
    };
    const refused = await wait(acts, { pairs: true, waitMs: 20_000 });
    expect(refused.reasons).toEqual(["PHONE_TRUST_PENDING", "PHONE_TRUST_REFUSED"]);
    expect(refused.outcome).toMatchObject({ code: "PHONE_TRUST_REFUSED" });
    expect(phone.counters.lockdown.of("Pair")).toBe(pairsWhenRefused);
    phone.detach();
    phone.attach();
    const again = await wait({ PHONE_TRUST_PENDING: () => phone.tapTrust() }, { pairs: true });
    expect(again.outcome).toBe("opened");
  });

  test("is not done over Wi-Fi, nor for one of several phones that nobody named", async () => {
    const phone = await start("not-trusted");
    await using other = await startVirtualIPhone({
      mediaFolder: join(folder, "media"),
      socketPath: phone.usbmuxd,
      udid: "a".repeat(40),
      state: "not-trusted",
    });
    expect((await wait({}, { pairs: true, waitMs: 3_000 })).reasons).toEqual(["PHONE_NOT_TRUSTED"]);
    other.detach();
    phone.detach();
    phone.attachOverWifi();
    expect((await wait({}, { pairs: true, waitMs: 3_000 })).reasons).toEqual(["PHONE_NETWORK_ONLY"]);
    expect(phone.counters.lockdown.of("Pair") + other.counters.lockdown.of("Pair")).toBe(0);
  });

  test("what is offered shows nothing of itself, and sends no private key", async () => {
    await start("not-trusted");
    const publicKey = Buffer.from((await phoneKeys()).publicKeyPem);
    const offer = await PairingOffer.make({ publicKey, systemBuid: "BUID" });
    const printed = [
      String(offer),
      JSON.stringify({ offer }),
      inspect([offer], { showHidden: true, depth: 9 }),
    ];
    for (const text of printed) expect(text).not.toMatch(/BEGIN|[0-9A-F]{8}-/);
    const sent = inspect(offer.pairRequest(), { depth: 9, maxStringLength: null });
    expect(Object.keys(offer.pairRequest()).sort()).toEqual(
      ["DeviceCertificate", "HostCertificate", "HostID", "RootCertificate", "SystemBUID"].sort(),
    );
    expect(sent).not.toContain("PRIVATE");
    const bad = PairingOffer.make({ publicKey: Buffer.from("no key"), systemBuid: "B" });
    await expect(bad).rejects.toThrow("the phone's public key cannot be read");
  });
});
