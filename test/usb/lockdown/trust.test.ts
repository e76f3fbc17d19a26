import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RollcallError } from "../../../src/errors.js";
import { usbPhoneFinder } from "../../../src/usb/detection/usb-phone-finder.js";
import {
  decodeLockdownBody,
  decodeLockdownHeader,
  encodeLockdownPacket,
} from "../../../src/usb/lockdown/lockdown-packet.js";
import { PairRecord } from "../../../src/usb/lockdown/pair-record.js";
import { openUsbPhone } from "../../../src/usb/usb-phone.js";
import { UsbmuxClient } from "../../../src/usb/usbmux/usbmux-client.js";
import { encodeUsbmuxPacket } from "../../../src/usb/usbmux/usbmux-packet.js";
import type { ExactReader } from "../../../src/usb/wire/exact-reader.js";
import { buildPropertyList, type PropertyDictionary } from "../../../src/usb/wire/property-list.js";
import { makePairRecord } from "../../../src/virtual/iphone/phone-trust.js";
import { attached, ScriptedUsbmuxd } from "../usbmux/scripted-usbmuxd.js";

/** In every secret field: it may be seen nowhere. */
const MARKER = "MARKER7f3a9c";
const UDID = "00008110-0012345600AB001E";
const record: PropertyDictionary = {
  HostID: `HOST-${MARKER}`,
  SystemBUID: `BUID-${MARKER}`,
  HostCertificate: Buffer.from(`cert ${MARKER}`),
  HostPrivateKey: Buffer.from(`-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----\n`),
  RootCertificate: Buffer.from(`cert ${MARKER}`),
  RootPrivateKey: Buffer.from(`-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----\n`),
  DeviceCertificate: Buffer.from(`device ${MARKER}`),
  EscrowBag: Buffer.from(MARKER),
};

const UNUSABLE = { code: "PHONE_NOT_TRUSTED", message: expect.stringContaining("cannot be used") };
const secretForms = [
  MARKER,
  Buffer.from(MARKER).toString("base64").slice(0, 12),
  Buffer.from(MARKER).toString("hex"),
];

function expectNothingSecret(value: unknown): void {
  const seen: unknown[] = [];
  const forms: string[] = [];
  for (let one = value; one !== undefined && !seen.includes(one); one = (one as Error)?.cause) {
    seen.push(one);
    forms.push(
      String(one),
      JSON.stringify(one) ?? "",
      inspect(one, { depth: 20, showHidden: true, getters: true }),
    );
    if (one instanceof Error)
      forms.push(one.stack ?? "", JSON.stringify(one, Object.getOwnPropertyNames(one)));
  }
  const text = forms.join("\n");
  // Bytes of a Buffer print as pairs of hex digits with blanks between.
  const packed = text.replace(/[\s,]/g, "");
  for (const form of secretForms) expect(packed).not.toContain(form);
}

describe("a pair record", () => {
  test("shows nothing of itself in any way of printing", () => {
    const parsed = PairRecord.parse(buildPropertyList(record));
    expectNothingSecret(parsed);
    expectNothingSecret({ nested: [parsed] });
    expect(`${parsed}`).toBe("PairRecord (secret)");
    expect(Object.keys(parsed)).toEqual([]);
    expect(Object.getOwnPropertyNames(parsed)).toEqual([]);
    expect(parsed.sessionRequest()).toEqual({ HostID: record.HostID, SystemBUID: record.SystemBUID });
  });

  test.each(["HostID", "SystemBUID"])("without its %s is refused by that name, and quotes nothing", (key) => {
    const { [key]: _, ...rest } = record;
    const parse = () => PairRecord.parse(buildPropertyList(rest));
    expect(parse).toThrow(key);
    expect(parse).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
    try {
      parse();
    } catch (error) {
      expectNothingSecret(error);
    }
  });

  test("with only the root pair uses that", () => {
    const { HostCertificate: _certificate, HostPrivateKey: _key, ...rest } = record;
    const parsed = PairRecord.parse(buildPropertyList(rest));
    expect(parsed.hostCredentials().privateKey.toString()).toContain("PRIVATE KEY");
  });
});

/** What the phone answers to a request of lockdownd; "hang up" closes the connection instead. */
type LockdownScript = (request: PropertyDictionary) => PropertyDictionary | "hang up";

const values: Record<string, string> = {
  DeviceName: "Anna's iPhone",
  ProductType: "iPhone16,1",
  ProductVersion: "18.5",
};

async function serveLockdown(
  socket: Socket,
  reader: ExactReader,
  script: LockdownScript,
): Promise<undefined> {
  socket.write(encodeUsbmuxPacket({ tag: 1, body: { MessageType: "Result", Number: 0 } }));
  for (;;) {
    const request = decodeLockdownBody(await reader.read(decodeLockdownHeader(await reader.read(4))));
    const answer = request.Request === "GetValue" ? { Value: values[String(request.Key)] } : script(request);
    if (answer === "hang up") {
      socket.destroy();
      return undefined;
    }
    socket.write(encodeLockdownPacket({ Request: request.Request, ...answer }));
  }
}

describe("a phone that does not let this computer in", () => {
  let folder: string;
  let daemon: ScriptedUsbmuxd | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rollcall-trust-"));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await daemon?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  async function start(script: LockdownScript, recordBytes: Buffer | null = buildPropertyList(record)) {
    const path = join(folder, "mux");
    daemon = await ScriptedUsbmuxd.start(path, (request, socket, reader) => {
      if (request.MessageType === "ListDevices") return { DeviceList: [attached(1, UDID)] };
      if (request.MessageType === "Connect") return serveLockdown(socket, reader, script);
      return recordBytes === null ? { MessageType: "Result", Number: 2 } : { PairRecordData: recordBytes };
    });
    return new UsbmuxClient({ path });
  }

  async function refusal(script: LockdownScript, recordBytes?: Buffer | null): Promise<RollcallError> {
    const usbmux = await start(script, recordBytes);
    const error = await openUsbPhone(usbmux, UDID).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RollcallError);
    expectNothingSecret(error);
    return error as RollcallError;
  }

  test.each([
    ["PasswordProtected", "PHONE_LOCKED", /Unlock it/],
    ["InvalidHostID", "PHONE_TRUST_LOST", /tap Trust/],
    ["MissingPairRecord", "PHONE_TRUST_LOST", /tap Trust/],
    ["PairingDialogResponsePending", "PHONE_TRUST_PENDING", /Tap Trust/],
    ["UserDeniedPairing", "PHONE_TRUST_REFUSED", /Reset Location & Privacy/],
    ["PairingProhibitedOverThisConnection", "PHONE_NOT_TRUSTED", /cable/],
    ["MCProtected", "PHONE_REFUSED", /manages it/],
    ["ServiceProhibited", "PHONE_REFUSED", /Close other programs/],
    ["ServiceLimit", "PHONE_BUSY", /Close other programs/],
    ["SomethingNobodyKnows", "PHONE_REFUSED", /plug it in again/],
    ["toString", "PHONE_REFUSED", /plug it in again/],
  ])("answering %s is %s, under its own name, with what to do", async (word, code, remedy) => {
    const error = await refusal(() => ({ Error: word }));
    expect(error).toMatchObject({ code, message: expect.stringContaining("Anna's iPhone") });
    expect(error.remedy).toMatch(remedy);
  });

  test("beginning a session without a secure connection proves nothing", async () => {
    expect(
      await refusal(({ Request }) => (Request === "StartSession" ? { EnableSessionSSL: false } : "hang up")),
    ).toMatchObject({
      code: "PHONE_NOT_PROVED",
      remedy: expect.stringMatching(/^Unplug it/),
    });
  });

  test("a usbmuxd without a pair record is a phone that was never trusted", async () => {
    expect(await refusal(() => ({ Error: "Unexpected" }), null)).toMatchObject({
      code: "PHONE_NOT_TRUSTED",
      message: "Anna's iPhone does not trust this computer yet.",
    });
  });

  test("a pair record that cannot be read says so and shows nothing of it", async () => {
    const damaged = Buffer.from(buildPropertyList(record).toString().replace("<dict>", `<dict>${MARKER}`));
    expect(await refusal(() => ({}), damaged)).toMatchObject(UNUSABLE);
    const { HostPrivateKey: _host, RootPrivateKey: _root, ...keyless } = record;
    await daemon?.[Symbol.asyncDispose]();
    expect(await refusal(() => ({}), buildPropertyList(keyless))).toMatchObject(UNUSABLE);
  });

  test("a private key that cannot be loaded shows nothing of it", async () => {
    const error = await refusal(() => ({ SessionID: "1", EnableSessionSSL: true }));
    expect(error).toMatchObject(UNUSABLE);
  });

  test("a session that was lost is begun once more", async () => {
    let sessions = 0;
    const error = await refusal(({ Request }) => {
      if (Request !== "StartSession") return { Error: "PasswordProtected" };
      sessions += 1;
      return sessions === 1 ? { Error: "InvalidSessionID" } : { Error: "PasswordProtected" };
    });
    expect(sessions).toBe(2);
    expect(error.code).toBe("PHONE_LOCKED");
  });

  test("a handshake that the phone ends is taken-back trust", async () => {
    const { record: real } = await makePairRecord({
      systemBuid: "B",
      wifiAddress: "02:00:00:00:00:00",
      iosVersion: "18.5",
    });
    const bytes = Buffer.from(real);
    const path = join(folder, "mux");
    daemon = await ScriptedUsbmuxd.start(path, (request, socket, reader) => {
      if (request.MessageType === "ListDevices") return { DeviceList: [attached(1, UDID)] };
      if (request.MessageType !== "Connect") return { PairRecordData: bytes };
      // The next bytes after this answer are TLS, which is no lockdown message: the script's end hangs up.
      return serveLockdown(socket, reader, () => ({ SessionID: "1", EnableSessionSSL: true }));
    });
    const error = await openUsbPhone(new UsbmuxClient({ path }), UDID).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "PHONE_TRUST_LOST",
      why: expect.stringContaining("secure connection"),
    });
  });

  test("one phone that hangs up at once does not hide another", async () => {
    const path = join(folder, "mux");
    const other = "63c3d055c4f83e960e5980fa68be0fbf7d4ba74c";
    daemon = await ScriptedUsbmuxd.start(path, (request, socket, reader) => {
      if (request.MessageType === "ListDevices")
        return { DeviceList: [attached(1, UDID), attached(2, other)] };
      if (request.MessageType !== "Connect") return { MessageType: "Result", Number: 2 };
      if (request.DeviceID === 2) return serveLockdown(socket, reader, () => ({ Error: "Unexpected" }));
      socket.end(encodeUsbmuxPacket({ tag: 1, body: { MessageType: "Result", Number: 0 } }));
      return undefined;
    });
    const finder = usbPhoneFinder(new UsbmuxClient({ path }), { phones: async () => null });
    expect(await finder.look()).toMatchObject([
      { udid: UDID, state: "trouble", identity: null, reason: { code: "PHONE_GONE" } },
      { udid: other, state: "not-trusted", identity: { name: "Anna's iPhone" } },
    ]);
  });

  test("a phone that never answers is given up after ten seconds, and its connection is closed", async () => {
    const path = join(folder, "mux");
    let closed: Promise<unknown> = Promise.resolve();
    let asked: () => void = () => {};
    const asking = new Promise<void>((resolve) => (asked = resolve));
    daemon = await ScriptedUsbmuxd.start(path, async (request, socket, reader) => {
      if (request.MessageType === "ListDevices") return { DeviceList: [attached(1, UDID)] };
      closed = new Promise((resolve) => socket.once("close", resolve));
      socket.write(encodeUsbmuxPacket({ tag: 1, body: { MessageType: "Result", Number: 0 } }));
      await reader.read(4);
      socket.resume();
      asked();
      return await new Promise<never>(() => {});
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const looking = usbPhoneFinder(new UsbmuxClient({ path }), { phones: async () => null }).look();
    await asking;
    vi.advanceTimersByTime(10_000);
    expect(await looking).toMatchObject([
      { udid: UDID, state: "trouble", reason: { remedy: expect.stringContaining("plug it in again") } },
    ]);
    await closed;
  });
});
