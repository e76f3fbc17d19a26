import { describe, expect, test } from "vitest";
import { orderedConcurrency } from "../../src/transfer/ordered-concurrency.js";

/** Work that is done when the test says so. */
class Bench {
  readonly started: number[] = [];
  readonly mergeOutcomes: number[][] = [];
  readonly discarded: number[] = [];
  readonly #ends = new Map<number, { resolve: (n: number) => void; reject: (error: Error) => void }>();

  run(count: number, options: { signal?: AbortSignal; atOnce?: number } = {}) {
    return orderedConcurrency(
      Array.from({ length: count }, (_, at) => at),
      {
        isEnough: (underWay) => underWay.count >= (options.atOnce ?? 3),
        bytesOf: () => 1,
        signal: options.signal,
        start: (input, signal) => {
          this.started.push(input);
          return new Promise<number>((resolve, reject) => {
            this.#ends.set(input, { resolve, reject });
            signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
          });
        },
        settle: async (ready) => {
          this.mergeOutcomes.push([...ready]);
          return ready.map((one) => one * 10);
        },
        discard: async (one) => {
          this.discarded.push(one);
        },
      },
    );
  }

  end(...inputs: number[]): void {
    for (const input of inputs) this.#ends.get(input)?.resolve(input);
  }

  fail(input: number): void {
    this.#ends.get(input)?.reject(new Error(`${input} failed`));
  }
}

describe("pieces of work side by side", () => {
  test("come in their order, whatever order they are done in; those that are ready are settled together", async () => {
    const bench = new Bench();
    const results = bench.run(4, { atOnce: 4 });
    const first = results.next();
    bench.end(3, 1, 0);
    expect((await first).value).toBe(0);
    bench.end(2);
    const rest = [];
    for await (const result of results) rest.push(result);
    expect(rest).toEqual([10, 20, 30]);
    expect(bench.mergeOutcomes).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test("one that is done makes room for the next, also while the one before it is not", async () => {
    const bench = new Bench();
    const results = bench.run(5);
    const first = results.next();
    expect(bench.started).toEqual([0, 1, 2]);
    bench.end(1, 2);
    while (bench.started.length < 5) await Promise.resolve();
    bench.end(0, 3, 4);
    expect((await first).value).toBe(0);
    const rest = [];
    for await (const result of results) rest.push(result);
    expect(rest).toEqual([10, 20, 30, 40]);
  });

  test("a failure is thrown in its turn; what was done before it is given, what comes after is discarded", async () => {
    const bench = new Bench();
    const results = bench.run(3);
    const first = results.next();
    bench.fail(1);
    bench.end(0, 2);
    expect((await first).value).toBe(0);
    await expect(results.next()).rejects.toThrow("1 failed");
    expect(bench.discarded).toEqual([2]);
  });

  test("leaving the loop aborts what is under way and discards what was done", async () => {
    const bench = new Bench();
    const results = bench.run(9, { atOnce: 4 });
    const first = results.next();
    bench.end(2, 0);
    await first;
    await results.return(undefined);
    expect(bench.discarded).toEqual([2]);
    expect(bench.started.length).toBeLessThan(9);
  });

  test("a stop ends it as stopped", async () => {
    const bench = new Bench();
    const stop = new AbortController();
    const results = bench.run(3, { signal: stop.signal });
    const first = results.next();
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: "STOPPED" });
  });
});
