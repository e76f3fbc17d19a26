import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { PairingOffer } from "../../../src/usb/lockdown/pairing-offer.js";
import type { PropertyDictionary } from "../../../src/usb/wire/property-list.js";
import { phoneKeys } from "../../../src/virtual/iphone/phone-trust.js";
import { pluggedInPhone } from "./plugged-in-phone.js";
import { deviceIds, dialPort, readPairRecord, startAfc, startSession } from "./wire-client.js";

const untold = { Request: "GetValue", Key: "TimeZone" };

describe("lockdownd before trust", () => {
  test("says what it is and what anybody may know, and keeps the rest", async () => {
    await using here = await pluggedInPhone(
      {},
      { state: "not-trusted", name: "Anna's iPhone", iosVersion: "26.1" },
    );
    using wire = await dialPort(here.socketPath);
    expect(await wire.lockdown({ Request: "QueryType" })).toEqual({
      Request: "QueryType",
      Type: "com.apple.mobile.lockdown",
    });
    const value = async (Key: string) => (await wire.lockdown({ Request: "GetValue", Key })).Value;
    expect(await value("DeviceName")).toBe("Anna's iPhone");
    expect(await value("ProductVersion")).toBe("26.1");
    expect(await value("UniqueDeviceID")).toBe(here.phone.udid);
    expect(await value("PasswordProtected")).toBe(false);
    expect(await wire.lockdown(untold)).toMatchObject({ Error: "GetProhibited" });
    expect(await wire.lockdown({ Request: "GetValue", Key: "ShoeSize" })).toMatchObject({
      Error: "MissingValue",
    });
    expect(await wire.lockdown({ Request: "GetValue" })).toMatchObject({ Value: { DeviceClass: "iPhone" } });
  });

  test("refuses what it does not know, what is not allowed, and services without a session", async () => {
    await using here = await pluggedInPhone();
    using wire = await dialPort(here.socketPath);
    const error = async (body: PropertyDictionary) => (await wire.lockdown(body)).Error;
    expect(await error({ Request: "EnterRecovery" })).toBe("InvalidRequest");
    expect(await error({ Request: "SetValue", Key: "DeviceName", Value: "x" })).toBe("SetProhibited");
    expect(await error({ Request: "StartService", Service: "com.apple.afc" })).toBe("SessionInactive");
    expect(await error({ Request: "StopSession", SessionID: "x" })).toBe("SessionInactive");
    expect(await error({ Request: "StartSession" })).toBe("MissingHostID");
    expect(await error({ Request: "StartSession", HostID: "SOMEBODY-ELSE" })).toBe("InvalidHostID");
    expect(await error({ Request: "Pair" })).toBe("MissingPairRecord");
    expect(await error({ Request: "Pair", PairRecord: { HostID: "X" } })).toBe("InvalidPairRecord");
  });

  test("begins no session before the first unlock, until it is unlocked", async () => {
    await using here = await pluggedInPhone({}, { state: "before-first-unlock" });
    await expect(startSession(here.socketPath, here.phone.udid)).rejects.toThrow("PasswordProtected");
    using wire = await dialPort(here.socketPath);
    expect(await wire.lockdown({ Request: "GetValue", Key: "PasswordProtected" })).toMatchObject({
      Value: true,
    });
    here.phone.unlock();
    using session = await startSession(here.socketPath, here.phone.udid);
    expect(await session.lockdown({ Request: "QueryType" })).toMatchObject({ Request: "QueryType" });
  });

  test("begins a session while it is locked again, gives no files, and comes back locked from a restart", async () => {
    await using here = await pluggedInPhone({}, { state: "locked" });
    using session = await startSession(here.socketPath, here.phone.udid);
    const start = { Request: "StartService", Service: "com.apple.afc" };
    expect((await session.lockdown(start)).Error).toBe("PasswordProtected");
    here.phone.unlock();
    expect(await session.lockdown(start)).toMatchObject({ Port: expect.any(Number) });
    here.phone.setBusy(true);
    expect((await session.lockdown(start)).Error).toBe("ServiceLimit");
    here.phone.restart();
    await expect(startSession(here.socketPath, here.phone.udid)).rejects.toThrow("PasswordProtected");
  });

  test("has no record of a computer it does not trust, keeps asking, and forgets on command", async () => {
    await using here = await pluggedInPhone({}, { state: "not-trusted" });
    await expect(readPairRecord(here.socketPath, here.phone.udid)).rejects.toThrow("result 2");
    using wire = await dialPort(here.socketPath);
    await here.phone.setState("ready");
    const { HostID } = await readPairRecord(here.socketPath, here.phone.udid);
    await here.phone.setState("not-trusted");
    expect(await wire.lockdown({ Request: "StartSession", HostID })).toMatchObject({
      Error: "InvalidHostID",
    });
  });

  test("trusts a computer only by certificates that are whole, valid now, and one chain for its own key", async () => {
    await using here = await pluggedInPhone();
    const publicKey = Buffer.from((await phoneKeys()).publicKeyPem);
    const offer = (await PairingOffer.make({ publicKey, systemBuid: "BUID" })).pairRequest();
    const other = (await PairingOffer.make({ publicKey, systemBuid: "BUID" })).pairRequest();
    const { publicKey: stranger } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const strangersPem = Buffer.from(stranger.export({ type: "pkcs1", format: "pem" }));
    const forAnother = (await PairingOffer.make({ publicKey: strangersPem, systemBuid: "B" })).pairRequest();
    const { DeviceCertificate, HostCertificate, RootCertificate, SystemBUID: _buid, ...ids } = offer;
    const bad: Record<string, PropertyDictionary> = {
      "another root": { ...offer, RootCertificate: other.RootCertificate },
      "another chain's host": { ...offer, HostCertificate: other.HostCertificate },
      "another phone's key": forAnother,
      "a root that may not sign": { ...offer, RootCertificate: HostCertificate },
      "a host that is the root": { ...offer, HostCertificate: RootCertificate },
      "no certificate": { ...offer, HostCertificate: Buffer.from("-----BEGIN CERTIFICATE-----") },
      "a private key sent along": { ...offer, HostPrivateKey: Buffer.from("key") },
      "no name of the computer": { ...ids, DeviceCertificate, HostCertificate, RootCertificate },
      "an id that is none": { ...offer, HostID: "me" },
    };
    using wire = await dialPort(here.socketPath);
    for (const [what, PairRecord] of Object.entries(bad)) {
      const answer = await wire.lockdown({ Request: "Pair", PairRecord });
      expect([what, answer.Error]).toEqual([what, "InvalidPairRecord"]);
    }
    const good = await wire.lockdown({ Request: "Pair", PairRecord: offer });
    expect(good.EscrowBag).toHaveLength(32);
    const known = await wire.lockdown({ Request: "StartSession", HostID: offer.HostID });
    expect(known).toMatchObject({ EnableSessionSSL: true });
  });

  test("asks the person, remembers who asked, and asks nobody again that was refused until it is replugged", async () => {
    await using here = await pluggedInPhone({}, { state: "not-trusted" });
    const publicKey = Buffer.from((await phoneKeys()).publicKeyPem);
    const PairRecord = (await PairingOffer.make({ publicKey, systemBuid: "BUID" })).pairRequest();
    const pair = async () => {
      using wire = await dialPort(here.socketPath);
      return (await wire.lockdown({ Request: "Pair", PairRecord })).Error ?? "trusted";
    };
    expect(await pair()).toBe("PairingDialogResponsePending");
    here.phone.lock();
    expect(await pair()).toBe("PasswordProtected");
    here.phone.unlock();
    here.phone.tapDontTrust();
    expect(await pair()).toBe("UserDeniedPairing");
    here.phone.detach();
    here.phone.attach();
    expect(await pair()).toBe("PairingDialogResponsePending");
    await here.phone.tapTrust();
    expect(await pair()).toBe("trusted");
    // A program's question was answered, so the system of the computer has no record of its own.
    await expect(readPairRecord(here.socketPath, here.phone.udid)).rejects.toThrow("result 2");
    here.phone.forgetComputers();
    expect(await pair()).toBe("PairingDialogResponsePending");
  });

  test("is there twice with Wi-Fi sync, and pairs over the cable only", async () => {
    await using here = await pluggedInPhone({}, { state: "network-only" });
    using wire = await dialPort(here.socketPath);
    const answer = await wire.lockdown({ Request: "Pair", PairRecord: {} });
    expect(answer.Error).toBe("PairingProhibitedOverThisConnection");
    here.phone.attach();
    expect(await deviceIds(here.socketPath)).toHaveLength(2);
    here.phone.detachFromWifi();
    expect(await deviceIds(here.socketPath)).toHaveLength(1);
  });

  test("ends the connection on what is no message", async () => {
    await using here = await pluggedInPhone();
    using wire = await dialPort(here.socketPath);
    wire.stream.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await wire.closed();
    using other = await dialPort(here.socketPath);
    other.stream.write(Buffer.concat([Buffer.from([0, 0, 0, 5]), Buffer.from("<oops")]));
    await other.closed();
  });
});

describe("lockdownd in a session", () => {
  test.each(["host", "root"] as const)("takes the %s certificate of the pair record", async (shown) => {
    await using here = await pluggedInPhone();
    using session = await startSession(here.socketPath, here.phone.udid, shown);
    expect(await session.lockdown(untold)).toMatchObject({ Value: "Europe/Berlin" });
    const disk = await session.lockdown({ Request: "GetValue", Domain: "com.apple.disk_usage" });
    expect(disk.Value).toMatchObject({ TotalDataCapacity: expect.any(Number) });
  });

  test("cuts off who shows no certificate, or one of another record", async () => {
    await using here = await pluggedInPhone();
    using bare = await startSession(here.socketPath, here.phone.udid, "none");
    await expect(bare.lockdown(untold)).rejects.toThrow();
    const other = await certificateOfAnotherRoot();
    using foreign = await startSession(here.socketPath, here.phone.udid, other);
    await expect(foreign.lockdown(untold)).rejects.toThrow();
  });

  test("starts AFC on a port that takes one connection, and no service that it does not have", async () => {
    await using here = await pluggedInPhone();
    using session = await startSession(here.socketPath, here.phone.udid);
    const error = await session.lockdown({ Request: "StartService", Service: "com.apple.syslog_relay" });
    expect(error.Error).toBe("InvalidService");
    const service = await session.lockdown({ Request: "StartService", Service: "com.apple.afc" });
    expect(service).toMatchObject({ Service: "com.apple.afc", EnableServiceSSL: true });
    using first = await dialPort(here.socketPath, service.Port as number);
    expect(first.stream.destroyed).toBe(false);
    await expect(dialPort(here.socketPath, service.Port as number)).rejects.toThrow("result 3");
  });

  test("can end the session, and AFC goes on after it", async () => {
    await using here = await pluggedInPhone({ "DCIM/100APPLE/IMG_0001.JPG": "x" });
    using afc = await startAfc(here.socketPath, here.phone.udid);
    expect(await afc.names("/DCIM/100APPLE")).toContain("IMG_0001.JPG");
    expect(here.phone.counters.lockdown.of("StartSession")).toBe(1);
  });
});

/** Well formed, and made by nobody the phone knows. */
async function certificateOfAnotherRoot(): Promise<{ key: string; cert: string }> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    cert: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  };
}
