import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { usbPhoneFinder } from "../../src/usb/detection/usb-phone-finder.js";
import { PairingOffer } from "../../src/usb/lockdown/pairing-offer.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { phoneKeys } from "../../src/virtual/iphone/phone-trust.js";
import { startVirtualIPhone, type VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../src/virtual/iphone/virtual-usb-bus.js";
import { fuseMissing, toolMissing } from "./tool.js";

let folder: string;
let mediaFolder: string;
let phone: VirtualIPhone;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "peer-"));
  mediaFolder = join(folder, "media");
  await makeCameraRoll({ folder: mediaFolder, photos: 40 });
  phone = await startVirtualIPhone({ mediaFolder, socketPath: join(folder, "s"), name: "Anna's iPhone" });
});
afterAll(async () => {
  await phone[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one of libimobiledevice's programs against a virtual phone. */
const run = (tool: string, args: string[] = [], at: VirtualIPhone = phone) =>
  execa(tool, args, { env: { USBMUXD_SOCKET_ADDRESS: at.address }, timeout: 30_000, reject: false });

const needs = (context: TestContext, tool: string, aptPackage = "libimobiledevice-utils") => {
  const reason = toolMissing(tool, aptPackage);
  context.skip(reason !== null, reason ?? "");
};

describe("libimobiledevice's tools take the virtual iPhone for a phone", () => {
  test("idevice_id -l lists it", async (context) => {
    needs(context, "idevice_id");
    const { stdout, exitCode } = await run("idevice_id", ["-l"]);
    expect({ stdout, exitCode }).toEqual({ stdout: phone.udid, exitCode: 0 });
  });

  test("ideviceinfo reads its values in a session, and without one", async (context) => {
    needs(context, "ideviceinfo");
    const inSession = await run("ideviceinfo");
    expect(inSession.exitCode).toBe(0);
    expect(inSession.stdout).toContain("DeviceName: Anna's iPhone");
    expect(inSession.stdout).toContain("TimeZone: Europe/Berlin");
    const without = await run("ideviceinfo", ["-s"]);
    expect(without.stdout).toContain(`UniqueDeviceID: ${phone.udid}`);
    expect(without.stdout).not.toContain("TimeZone");
    const disk = await run("ideviceinfo", ["-q", "com.apple.disk_usage"]);
    expect(disk.stdout).toMatch(/TotalDataCapacity: \d+/);
  });

  test("idevicepair finds the pairing valid that the phone came with", async (context) => {
    needs(context, "idevicepair");
    const { stdout, exitCode } = await run("idevicepair", ["validate"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("SUCCESS: Validated pairing");
    expect(phone.counters.lockdown.of("Pair")).toBe(0);
  });

  test("idevicepair pairs by itself, and its own record works afterwards", async (context) => {
    needs(context, "idevicepair");
    const socketPath = join(folder, "own");
    await using other = await startVirtualIPhone({ mediaFolder, socketPath });
    expect((await run("idevicepair", ["pair"], other)).stdout).toContain("SUCCESS: Paired");
    expect((await run("idevicepair", ["validate"], other)).stdout).toContain("SUCCESS: Validated");
    expect((await run("ideviceinfo", ["-k", "TimeZone"], other)).stdout).toBe("Europe/Berlin");
    expect((await run("idevicepair", ["unpair"], other)).stdout).toContain("SUCCESS: Unpaired");
  });

  test("idevicepair finds the record valid that Rollcall made, and ideviceinfo gets in with it", async (context) => {
    needs(context, "idevicepair");
    const socketPath = join(folder, "ours");
    await using other = await startVirtualIPhone({ mediaFolder, socketPath, state: "not-trusted" });
    const before = await run("idevicepair", ["validate"], other);
    expect([before.exitCode, before.stdout + before.stderr]).toEqual([
      1,
      expect.stringContaining("trust dialog"),
    ]);
    const finder = usbPhoneFinder(new UsbmuxClient({ path: socketPath }), virtualUsbBus([other]), {
      pairs: true,
    });
    const asking = finder.askTrust!(other.udid);
    await expect(asking).rejects.toMatchObject({ code: "PHONE_TRUST_PENDING" });
    await other.tapTrust();
    await finder.askTrust!(other.udid);
    const { stdout, exitCode } = await run("idevicepair", ["validate"], other);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("SUCCESS: Validated pairing")]);
    expect((await run("ideviceinfo", ["-k", "TimeZone"], other)).stdout).toBe("Europe/Berlin");
  });

  test("openssl finds the certificates of that record to be what a phone expects", async (context) => {
    needs(context, "openssl", "openssl");
    const { publicKeyPem } = await phoneKeys();
    const offer = await PairingOffer.make({ publicKey: Buffer.from(publicKeyPem), systemBuid: "BUID" });
    const textOf = async (name: string) => {
      const input = Buffer.from(offer.pairRequest()[name] as Uint8Array);
      const args = ["x509", "-noout", "-text", "-nameopt", "RFC2253"];
      return (await execa("openssl", args, { input, timeout: 30_000 })).stdout;
    };
    const [root, host, device] = await Promise.all(
      ["RootCertificate", "HostCertificate", "DeviceCertificate"].map(textOf),
    );
    for (const text of [root, host, device]) {
      expect(text).toMatch(/Version: 3 .*\n(.*\n)*.*Signature Algorithm: sha256WithRSAEncryption/);
      expect(text).toMatch(/Issuer: *\n/);
      expect(text).toMatch(/Subject: *\n/);
      expect(text).toMatch(/Public-Key: \(2048 bit\)/);
    }
    expect(root).toMatch(/Basic Constraints: critical\s+CA:TRUE/);
    for (const text of [host, device]) {
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
      expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Key Encipherment/);
    }
    expect(device).toContain("X509v3 Subject Key Identifier");
  });

  test("they are told that a phone is locked, or waits for Trust", async (context) => {
    needs(context, "idevicepair");
    await using other = await startVirtualIPhone({
      mediaFolder,
      socketPath: join(folder, "l"),
      state: "before-first-unlock",
    });
    const locked = await run("idevicepair", ["validate"], other);
    expect([locked.exitCode, locked.stdout + locked.stderr]).toEqual([
      1,
      expect.stringContaining("passcode"),
    ]);
    await other.setState("not-trusted");
    const waiting = await run("idevicepair", ["pair"], other);
    expect([waiting.exitCode, waiting.stdout + waiting.stderr]).toEqual([
      1,
      expect.stringContaining("trust dialog"),
    ]);
  });

  test("ifuse mounts it, and diff finds no difference to the folder that is served", async (context) => {
    needs(context, "ifuse", "ifuse");
    const reason = fuseMissing();
    context.skip(reason !== null, reason ?? "");
    const mounted = join(folder, "mounted");
    await mkdir(mounted);
    const mount = await run("ifuse", [mounted]);
    expect([mount.exitCode, mount.stderr]).toEqual([0, ""]);
    try {
      const diff = await execa("diff", ["-r", mediaFolder, mounted], { reject: false });
      expect([diff.exitCode, diff.stdout, diff.stderr]).toEqual([0, "", ""]);
      expect(phone.counters.bytesRead).toBeGreaterThan(100_000);
      const write = await execa("touch", [join(mounted, "DCIM/new")], { reject: false });
      expect(write.exitCode).toBe(1);
    } finally {
      await execa("fusermount", ["-u", mounted], { reject: false });
    }
  });
});
