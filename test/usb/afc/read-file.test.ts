import { afterEach, beforeEach, expect, test } from "vitest";
import { PhoneFileError } from "../../../src/phone/phone.js";
import { AfcClient } from "../../../src/usb/afc/afc-client.js";
import { buildAfcFileInfo } from "../../../src/usb/afc/afc-file-info.js";
import { encodeAfcHandle, encodeAfcStatus } from "../../../src/usb/afc/afc-packet.js";
import { ChunkPool } from "../../../src/usb/afc/chunk-pool.js";
import { type ReadProgress, readFile } from "../../../src/usb/afc/read-file.js";
import { Waiting } from "../../../src/usb/wire/waiting.js";
import { ScriptedAfc } from "./scripted-afc.js";

let afc: ScriptedAfc;
let client: AfcClient;

beforeEach(() => {
  afc = new ScriptedAfc();
  client = new AfcClient(afc.client);
});
afterEach(() => client.destroy());

async function contentOf(progress: ReadProgress = { positionBytes: 0, info: null }): Promise<string> {
  let text = "";
  const parts = { pool: new ChunkPool(), waiting: new Waiting(undefined) };
  for await (const chunk of readFile(client, "/a", progress, parts)) text += chunk.toString();
  return text;
}

const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error);

/** Answers the description and the open, and gives the numbers of the reads that follow. */
async function opened(sizeBytes: number, readCount: number): Promise<number[]> {
  const info = {
    fileType: "S_IFREG",
    blocks: null,
    linkCount: 1,
    modifiedAtNs: 0n,
    bornAtNs: null,
    linkTarget: null,
  };
  for (let i = 0; i < 2; i++) {
    const { number, request } = await afc.next();
    if (request.operation === "file-open") afc.send(encodeAfcHandle(number, 5n));
    else afc.sendData(number, buildAfcFileInfo({ ...info, sizeBytes }));
  }
  const numbers: number[] = [];
  for (let i = 0; i < readCount; i++) {
    const { number, request } = await afc.next();
    expect(request).toMatchObject({ operation: "read", handle: 5n });
    numbers.push(number);
  }
  return numbers;
}

async function expectClosed(): Promise<void> {
  for (;;) {
    const { number, request } = await afc.next();
    if (request.operation === "close") {
      expect(request.handle).toBe(5n);
      return afc.send(encodeAfcStatus(number, 0));
    }
    afc.sendData(number, "");
  }
}

test("a small file takes one read for its bytes and one for its end, both sent at once", async () => {
  const content = contentOf();
  const [first = 0, second = 0] = await opened(5, 2);
  afc.sendData(second, "");
  afc.sendData(first, "hello");
  expect(await content).toBe("hello");
  await expectClosed();
});

test("short answers are put together in the order they were asked, whatever order they come in", async () => {
  const content = contentOf();
  const numbers = await opened(4 * 1024 * 1024, 4);
  for (const [index, number] of [...numbers.entries()].reverse()) afc.sendData(number, `part${index} `);
  for (const word of ["end", ""]) afc.sendData((await afc.next()).number, word);
  expect(await content).toBe("part0 part1 part2 part3 end");
});

test("a refused read is an error after the bytes before it, never an end", async () => {
  const content = outcome(contentOf());
  const [first = 0, second = 0] = await opened(5, 2);
  afc.sendData(first, "hel");
  afc.send(encodeAfcStatus(second, 20));
  expect(await content).toBeInstanceOf(PhoneFileError);
  expect(await content).toMatchObject({ path: "/a", reason: { code: "FILE_READ_ERROR" } });
  await expectClosed();
});

test.each([
  [5, "hello", "is the end where the file was read whole"],
  [6, "FILE_CHANGED", "is an error where bytes are missing"],
])("the status 'end of data' on a file of %i bytes after 5: %s (%s)", async (sizeBytes, expected) => {
  const content = outcome(contentOf());
  const [first = 0, second = 0] = await opened(sizeBytes, 2);
  afc.sendData(first, "hello");
  afc.send(encodeAfcStatus(second, 14));
  const result = await content;
  expect(result instanceof PhoneFileError ? result.reason.code : result).toBe(expected);
});

test("a file that is longer than described is read to its end", async () => {
  const content = contentOf();
  const [first = 0, second = 0] = await opened(5, 2);
  afc.sendData(first, "hello");
  afc.sendData(second, " world");
  for (const word of ["!", ""]) afc.sendData((await afc.next()).number, word);
  expect(await content).toBe("hello world!");
});

test("what is no regular file is refused and closed", async () => {
  const content = outcome(contentOf());
  const folder = { fileType: "S_IFDIR", sizeBytes: 64, blocks: 0, linkCount: 2 };
  for (let i = 0; i < 2; i++) {
    const { number, request } = await afc.next();
    if (request.operation === "file-open") afc.send(encodeAfcHandle(number, 5n));
    else
      afc.sendData(
        number,
        buildAfcFileInfo({ ...folder, modifiedAtNs: 0n, bornAtNs: null, linkTarget: null }),
      );
  }
  expect(await content).toMatchObject({ reason: { code: "NOT_A_FILE" } });
  await expectClosed();
});

test("a file refused to several readers of a small pool is still read by each of them", async () => {
  const pool = new ChunkPool(0);
  expect(pool.tryReadAhead(1)).toBe(false);
  const waiting = new Waiting(undefined);
  const progress = { positionBytes: 0, info: null };
  const content = (async () => {
    let text = "";
    for await (const chunk of readFile(client, "/a", progress, { pool, waiting })) text += chunk.toString();
    return text;
  })();
  const [first = 0] = await opened(3 * 1024 * 1024, 1);
  afc.sendData(first, "one ");
  for (const word of ["two ", "three", ""]) afc.sendData((await afc.next()).number, word);
  expect(await content).toBe("one two three");
});
