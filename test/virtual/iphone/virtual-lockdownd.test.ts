import { describe, expect, test } from "vitest";
import type { PropertyDictionary } from "../../../src/usb/wire/property-list.js";
import { pluggedInPhone } from "./plugged-in-phone.js";
import { dialPort, readPairRecord, startAfc, startSession } from "./wire-client.js";

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
