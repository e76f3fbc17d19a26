import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AfcClient } from "../../../src/usb/afc/afc-client.js";
import { AfcConnectionError, AfcStatusError } from "../../../src/usb/afc/afc-errors.js";
import { buildKeyValueText, buildNames } from "../../../src/usb/afc/afc-file-info.js";
import { encodeAfcDataHeader, encodeAfcHandle, encodeAfcStatus } from "../../../src/usb/afc/afc-packet.js";
import { ScriptedAfc } from "./scripted-afc.js";

let afc: ScriptedAfc;
let client: AfcClient;

beforeEach(() => {
  afc = new ScriptedAfc();
  client = new AfcClient(afc.client, { maxOutstanding: 3 });
});
afterEach(() => {
  client.destroy();
  vi.useRealTimers();
});

const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error);

test("answers in any order reach the requests they belong to", async () => {
  const answers = Promise.all([client.readDir("/a"), client.readDir("/b"), client.readDir("/c")]);
  const requests = [await afc.next(), await afc.next(), await afc.next()];
  for (const { number, request } of requests.reverse()) {
    afc.sendData(number, buildNames([request.operation === "read-dir" ? request.path : "?"]));
  }
  expect(await answers).toEqual([["/a"], ["/b"], ["/c"]]);
});

test("answers that come one byte at a time are the same answers", async () => {
  const opening = client.open("/a");
  const listing = client.readDir("/b");
  const [first, second] = [await afc.next(), await afc.next()];
  const data = buildNames(["x"]);
  const bytes = [encodeAfcHandle(first.number, 7n), encodeAfcDataHeader(second.number, data.length), data];
  for (const byte of Buffer.concat(bytes)) {
    afc.send(Buffer.from([byte]));
    await nextTurn();
  }
  expect([await opening, await listing]).toEqual([7n, ["x"]]);
});

test("no more requests than the bound are on the wire, and the rest follow as answers come", async () => {
  const answers = ["/a", "/b", "/c", "/d", "/e"].map((path) => client.readDir(path));
  const numbers = [(await afc.next()).number, (await afc.next()).number, (await afc.next()).number];
  await nextTurn();
  expect(afc.server.readableLength).toBe(0);
  for (const number of numbers) afc.sendData(number, buildNames([]));
  for (let rest = 0; rest < 2; rest++) afc.sendData((await afc.next()).number, buildNames([]));
  expect(await Promise.all(answers)).toHaveLength(5);
});

test("a refusal is that request's alone", async () => {
  const refused = outcome(client.open("/a"));
  const opened = client.open("/b");
  const [first, second] = [await afc.next(), await afc.next()];
  afc.send(encodeAfcStatus(first.number, 8), encodeAfcHandle(second.number, 1n));
  expect(await refused).toBeInstanceOf(AfcStatusError);
  expect(await refused).toMatchObject({ status: 8, message: expect.stringContaining("notFound") });
  expect(await opened).toBe(1n);
  expect(client.isDead).toBe(false);
});

test("a description that makes no sense is that request's alone", async () => {
  const described = outcome(client.getFileInfo("/a"));
  afc.sendData((await afc.next()).number, buildKeyValueText([["st_size", "many"]]));
  expect(await described).toMatchObject({ name: "WireFormatError" });
  expect(client.isDead).toBe(false);
});

test.each<[string, (number: number) => Uint8Array[]]>([
  ["more bytes than were asked for", (number) => [encodeAfcDataHeader(number, 101), Buffer.alloc(101)]],
  ["a length in the terabytes", (number) => [encodeAfcDataHeader(number, 2 ** 43)]],
  ["a number that nobody waits for", (number) => [encodeAfcStatus(number + 1000, 0)]],
  ["bytes that are no AFC", () => [Buffer.alloc(40, "HTTP/1.1 200 OK\r\n")]],
  ["success where data belongs", (number) => [encodeAfcStatus(number, 0)]],
  ["a handle where data belongs", (number) => [encodeAfcHandle(number, 1n)]],
])("%s ends the connection for every request", async (_, answer) => {
  const work = [outcome(client.read(1n, 100)), outcome(client.readDir("/a"))];
  const first = await afc.next();
  afc.send(...answer(first.number));
  const errors = await Promise.all(work);
  expect(errors[1]).toBeInstanceOf(AfcConnectionError);
  expect(errors[1]).toMatchObject({ kind: "protocol", wasIdle: false });
  expect(client.isDead).toBe(true);
  expect(await outcome(client.readDir("/b"))).toMatchObject({ kind: "protocol" });
});

test("an answer that comes twice ends the connection", async () => {
  const opened = client.open("/a");
  const waiting = outcome(client.open("/b"));
  const { number } = await afc.next();
  afc.send(encodeAfcHandle(number, 1n), encodeAfcHandle(number, 1n));
  expect(await opened).toBe(1n);
  expect(await waiting).toMatchObject({ kind: "protocol" });
});

test("a connection that closes mid-answer rejects every request, queued ones too", async () => {
  const work = ["/a", "/b", "/c", "/d"].map((path) => outcome(client.readDir(path)));
  const { number } = await afc.next();
  afc.send(encodeAfcDataHeader(number, 100), Buffer.alloc(50));
  await nextTurn();
  afc.server.end();
  for (const error of await Promise.all(work))
    expect(error).toMatchObject({ kind: "closed", wasIdle: false });
});

test("a connection that closes while nothing is under way says that it was idle", async () => {
  const opened = client.open("/a");
  afc.send(encodeAfcHandle((await afc.next()).number, 1n));
  await opened;
  afc.server.end();
  expect(await outcome(client.open("/b"))).toMatchObject({ kind: "closed", wasIdle: true });
});

test("a connection that closes at its very first request was not idle", async () => {
  const opened = outcome(client.open("/a"));
  await afc.next();
  afc.server.end();
  expect(await opened).toMatchObject({ kind: "closed", wasIdle: false });
});

test("thirty seconds of silence end the connection; a byte now and then keeps it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  afc = new ScriptedAfc();
  const quiet = new AfcClient(afc.client);
  const work = [outcome(quiet.readDir("/a")), outcome(quiet.readDir("/b"))];
  const { number } = await afc.next();
  const answer = Buffer.concat([encodeAfcDataHeader(number, 2), Buffer.from("a\0")]);
  for (const byte of answer) {
    vi.advanceTimersByTime(29_000);
    afc.send(Buffer.from([byte]));
    await nextTurn();
  }
  expect(await work[0]).toEqual(["a"]);
  vi.advanceTimersByTime(29_999);
  expect(quiet.isDead).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await work[1]).toMatchObject({ kind: "silent", message: "the phone sent nothing for 30 seconds" });
});

test("a computer that sleeps, or gives the process no turn, is not taken for a silent phone", async () => {
  const silenceTimeoutMs = 40;
  const busy = new AfcClient(afc.client, { silenceTimeoutMs });
  const work = outcome(busy.readDir("/a"));
  const { number } = await afc.next();
  // For longer than that nothing happens here; then overdue timers come first, and what has arrived is read after them.
  setTimeout(() => {
    setImmediate(() => setImmediate(() => afc.sendData(number, buildNames(["x"]))));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * silenceTimeoutMs);
  }, 0);
  expect(await work).toEqual(["x"]);
  busy.destroy();
});

test("silence while nothing is asked is no trouble", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const opened = client.open("/a");
  afc.send(encodeAfcHandle((await afc.next()).number, 1n));
  await opened;
  vi.advanceTimersByTime(3_600_000);
  expect(client.isDead).toBe(false);
});

test("drained resolves when the last answer is there", async () => {
  const closing = client.close(1n);
  const drained = client.drained();
  afc.send(encodeAfcStatus((await afc.next()).number, 0));
  await Promise.all([closing, drained]);
  await client.drained();
  expect(client.isDead).toBe(false);
});
