import { expect, test } from "vitest";
import { ByteBudget } from "../../src/transfer/byte-budget.js";
import { ReadAhead } from "../../src/transfer/read-ahead.js";

test("room is given in the order of asking, and one item may exceed the bound alone", async () => {
  const bytes = new ByteBudget(10);
  const admitted: string[] = [];
  const acquire = (name: string, count: number) => bytes.acquire(count).then(() => admitted.push(name));
  await acquire("first", 6);
  const waiting = [acquire("huge", 50), acquire("small", 1)];
  await bytes.whenBlocked();
  expect(admitted).toEqual(["first"]);
  bytes.release(6);
  await waiting[0];
  expect(admitted).toEqual(["first", "huge"]);
  bytes.release(50);
  await waiting[1];
  expect(bytes.heldBytes).toBe(1);
});

test("whoever stops waiting is out of the queue", async () => {
  const bytes = new ByteBudget(10);
  await bytes.acquire(10);
  const controller = new AbortController();
  const waiting = bytes.acquire(5, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  bytes.release(10);
  await bytes.acquire(10);
  expect(bytes.heldBytes).toBe(10);
});

test("a source that waits for the consumer is reported as starved, and only when nothing is left to take", async () => {
  const bytes = new ByteBudget(2);
  async function* source() {
    for (let item = 1; item <= 4; item += 1) {
      await bytes.acquire(1);
      yield item;
    }
  }
  const ahead = new ReadAhead(source(), 100, () => bytes.whenBlocked());
  const items: number[] = [];
  const iterator = ahead[Symbol.asyncIterator]();
  items.push((await iterator.next()).value, (await iterator.next()).value);
  await ahead.whenStarved();
  bytes.release(2);
  items.push((await iterator.next()).value, (await iterator.next()).value);
  expect((await iterator.next()).done).toBe(true);
  expect(items).toEqual([1, 2, 3, 4]);
});

test("an error of the source comes after the items it gave before", async () => {
  async function* source() {
    yield 1;
    throw new Error("the cable");
  }
  const seen: number[] = [];
  const ahead = new ReadAhead(source(), 10, () => new Promise<void>(() => {}));
  await expect(async () => {
    for await (const item of ahead) seen.push(item);
  }).rejects.toThrow("the cable");
  expect(seen).toEqual([1]);
});

test("leaving the loop early ends the source", async () => {
  let hasEnded = false;
  async function* source() {
    try {
      for (let item = 0; ; item += 1) yield item;
    } finally {
      hasEnded = true;
    }
  }
  for await (const item of new ReadAhead(source(), 3, () => new Promise<void>(() => {})))
    if (item === 2) break;
  expect(hasEnded).toBe(true);
});
