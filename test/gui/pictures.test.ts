import { expect, test } from "vitest";
import { CableShare } from "../../src/gui/cable-share.js";
import { Pictures } from "../../src/gui/pictures.js";
import type { SmallPicture } from "../../src/run/small-picture.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";

const never = new AbortController().signal;
const wanted = (item: string) => ({ item, shownByItself: null, copyPath: null });
const picture = (length = 30_000): SmallPicture => ({ type: "jpeg", bytes: Buffer.alloc(length) });

/** A phone whose pictures come when the test says so. */
class SlowPhone {
  readonly asked: string[] = [];
  readonly #gives = new Map<string, (picture: SmallPicture | null) => void>();

  of({ item }: { item: string }): Promise<SmallPicture | null> {
    this.asked.push(item);
    return new Promise((give) => this.#gives.set(item, give));
  }

  async give(item: string, given: SmallPicture | null = picture()): Promise<void> {
    this.#gives.get(item)!(given);
    await settled();
  }
}

/** Until all that can go on now has. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("four are read at once, then the one that was asked for last: what is in view comes first", async () => {
  const phone = new SlowPhone();
  const pictures = new Pictures(phone, new CableShare(new ManualTime()));
  const all = [..."abcdefgh"].map((item, id) => pictures.get(id, wanted(item), never));
  await settled();
  expect(phone.asked).toEqual(["a", "b", "c", "d"]);
  await phone.give("b");
  await phone.give("h");
  expect(phone.asked.slice(4)).toEqual(["h", "g"]);
  for (const item of ["a", "c", "d", "g", "f", "e"]) await phone.give(item);
  expect((await Promise.all(all)).every((one) => one !== null)).toBe(true);
});

test("one that was scrolled past before its turn is never read", async () => {
  const phone = new SlowPhone();
  const pictures = new Pictures(phone, new CableShare(new ManualTime()));
  for (const [id, item] of [..."abcd"].entries()) void pictures.get(id, wanted(item), never);
  const gone = new AbortController();
  const given = pictures.get(4, wanted("e"), gone.signal);
  const last = pictures.get(5, wanted("f"), never);
  const rejected = expect(given).rejects.toThrow("scrolled past");
  gone.abort(new Error("scrolled past"));
  await settled();
  for (const item of "abcd") await phone.give(item);
  await rejected;
  await phone.give("f");
  await last;
  expect(phone.asked).toEqual(["a", "b", "c", "d", "f"]);
});

test("what was read is not read again, nor what the phone has none of", async () => {
  const phone = new SlowPhone();
  const pictures = new Pictures(phone, new CableShare(new ManualTime()));
  for (const [item, given] of [
    ["a", picture()],
    ["b", null],
  ] as const) {
    const first = pictures.get(item.charCodeAt(0), wanted(item), never);
    await settled();
    await phone.give(item, given);
    expect(await first).toBe(given);
    expect(await pictures.get(item.charCodeAt(0), wanted(item), never)).toBe(given);
  }
  expect(phone.asked).toEqual(["a", "b"]);
});

test("no more than 200 MB are kept: the one that was used longest ago goes", async () => {
  const source = {
    asked: [] as string[],
    of: async ({ item }: { item: string }) => {
      source.asked.push(item);
      return large;
    },
  };
  const large = picture(50_000_000);
  const pictures = new Pictures(source, new CableShare(new ManualTime()));
  for (const id of [0, 1, 2, 3, 0, 4]) await pictures.get(id, wanted(String(id)), never);
  await pictures.get(0, wanted("0"), never);
  await pictures.get(1, wanted("1"), never);
  expect(source.asked).toEqual(["0", "1", "2", "3", "4", "1"]);
});

test("an error is told to whoever asked, and the next one is read", async () => {
  const source = {
    of: async ({ item }: { item: string }) => (item === "a" ? Promise.reject(new Error("gone")) : picture()),
  };
  const pictures = new Pictures(source, new CableShare(new ManualTime()));
  await expect(pictures.get(0, wanted("a"), never)).rejects.toThrow("gone");
  expect(await pictures.get(1, wanted("b"), never)).not.toBeNull();
  await settled();
  expect(pictures.reading).toBe(0);
});

test("beside a copy, pictures take one byte in twenty after the first megabyte", async () => {
  const clock = new SteppedClock();
  const share = new CableShare(clock);
  let readBytes = 0;
  const source = {
    of: async () => {
      readBytes += 50_000;
      return picture(50_000);
    },
  };
  const pictures = new Pictures(source, share);
  share.copied(0);
  for (let id = 0; id < 2_000; id += 1) void pictures.get(id, wanted(String(id)), never).catch(() => {});
  for (let copiedBytes = 0; copiedBytes <= 400_000_000; copiedBytes += 10_000_000) {
    share.copied(copiedBytes);
    await clock.step(250);
    expect(readBytes).toBeLessThanOrEqual(1_000_000 + copiedBytes / 20 + 100_000);
  }
  expect(readBytes).toBeGreaterThan(20_000_000); // they are not starved
  share.copied(null);
  await clock.step(250);
  expect(readBytes).toBe(2_000 * 50_000);
});

test("a copy that has moved nothing for two seconds leaves the cable to the pictures", async () => {
  const clock = new SteppedClock();
  const share = new CableShare(clock);
  share.copied(7);
  share.spent(5_000_000);
  let isIn = false;
  void share.turn(never).then(() => (isIn = true));
  for (let ms = 0; ms < 1_750; ms += 250) await clock.step(250);
  expect(isIn).toBe(false);
  await clock.step(250);
  expect(isIn).toBe(true);
});

/** Time goes by where the test says so. */
class SteppedClock {
  #nowMs = 0;
  #waits: { untilMs: number; go: () => void }[] = [];

  now(): Date {
    return new Date(this.#nowMs);
  }

  wait(ms: number): Promise<void> {
    return new Promise((go) => this.#waits.push({ untilMs: this.#nowMs + ms, go }));
  }

  async step(ms: number): Promise<void> {
    await settled();
    this.#nowMs += ms;
    const due = this.#waits.filter(({ untilMs }) => untilMs <= this.#nowMs);
    this.#waits = this.#waits.filter(({ untilMs }) => untilMs > this.#nowMs);
    for (const { go } of due) go();
    await settled();
  }
}
