import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { sampled } from "../sampled.js";

/**
 * What takes time in proportion to its input takes a second or a few here, on a slow and busy machine. What does not
 * takes hours, or all memory.
 */
const LONGEST_MS = 100_000;
const HEAP_MB = 300;

interface Case {
  readonly name: string;
  /** Of a process that did this alone; null where the heap's limit is enough. */
  readonly mostMb: number | null;
}

/** The built program, in a process that can be ended. */
class Child {
  readonly #process: ChildProcess;
  readonly cases: Promise<readonly Case[]>;

  constructor() {
    const file = fileURLToPath(new URL("./worst-cases.mjs", import.meta.url));
    this.#process = fork(file, { execArgv: [`--max-old-space-size=${HEAP_MB}`] });
    this.cases = Promise.race([
      once(this.#process, "message").then(([cases]) => cases as readonly Case[]),
      once(this.#process, "exit").then(() => {
        throw new Error("the built program could not be loaded: npm run build");
      }),
    ]);
    this.cases.catch(() => {}); // heard by who waits for it
  }

  async run(number: number): Promise<{ outcome: string; mostMb: number }> {
    await this.cases;
    const stop = new AbortController();
    const { signal } = stop;
    this.#process.send(number);
    const ended = Promise.race([
      once(this.#process, "message", { signal }).then(([end]) => end as { outcome: string; mostMb: number }),
      once(this.#process, "exit", { signal }).then(() => ({
        outcome: "out of memory, or crashed",
        mostMb: 0,
      })),
      wait(LONGEST_MS, { outcome: "too slow", mostMb: 0 }, { signal }),
    ]);
    return await ended.finally(() => stop.abort());
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }
}

let child: Child | null = new Child();
const cases = await child.cases;
afterAll(() => child?.end());

test.each(
  sampled(
    cases.map(({ name, mostMb }, number) => [name, number, mostMb] as const),
    25,
  ),
)(
  "the worst of its size is read or refused soon, and in little memory: %s",
  async (_name, number, mostMb) => {
    if (mostMb !== null) child?.end();
    if (mostMb !== null || child === null) child = new Child();
    const end = await child.run(number);
    if (end.outcome !== "done") {
      child.end();
      child = null;
    }
    expect(end.outcome).toBe("done");
    if (mostMb !== null) expect(end.mostMb).toBeLessThan(mostMb);
  },
  2 * LONGEST_MS,
);
