import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AFC_STATUS } from "../../src/usb/afc/afc-packet.js";
import * as fault from "../../src/virtual/iphone/iphone-fault.js";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { CableFault } from "../../src/virtual/iphone/virtual-cable.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { Cable } from "./cable.js";
import { ImportHarness } from "./import-harness.js";

const cases = casesOr(10);

/** Random bytes cost more than the test: every file is a window into these. */
const noise = randomBytes(4 * 1024 * 1024);

test(`under any cable and phone fault each file has an answer, and copied bytes are right (seed ${seed})`, async () => {
  const met = new Set<string>();
  const isAll = await playCases(cases, async (numbers) => {
    const plan: string[] = [];
    try {
      await oneRun(numbers, plan);
    } catch (error) {
      throw new Error(`${plan.join(", ")}: ${(error as Error).message}`, { cause: error });
    }
    for (const one of plan) met.add(one.split(" ")[0]!);
  });
  if (isAll && cases >= 40)
    expect([...met].sort()).toEqual(
      [
        "changed",
        "grows",
        "open-refused",
        "pulled",
        "read-refused",
        "replugged",
        "rewritten",
        "shrinks",
        "stalled",
        "stat-refused",
        "vanishes",
      ].sort(),
    );
}, 3_600_000);

async function oneRun(numbers: SeededNumbers, plan: string[]): Promise<void> {
  using harness = new ImportHarness();
  await using cable = new Cable();
  // Where it stalls, and where the machine is slow: then it reads on, too.
  cable.silenceMs = 400;
  const contents = new Map<string, Buffer[]>();
  const put = (path: string, minute: number) => {
    const sizeBytes = numbers.below(4) === 0 ? numbers.below(2_600_000) : 1 + numbers.below(60_000);
    const start = numbers.below(noise.length - sizeBytes);
    const bytes = noise.subarray(start, start + sizeBytes + 1);
    contents.set(path, [...(contents.get(path) ?? []), bytes]);
    cable.put(path, bytes, new Date(Date.UTC(2026, 10, 1, 10, minute)));
  };
  const paths = Array.from({ length: 3 + numbers.below(8) }, (_, at) => {
    const ending = ["JPG", "MOV", "HEIC", "TXT"][numbers.below(4)]!;
    return `/DCIM/10${at % 3}APPLE/IMG_${1000 + at}.${ending}`;
  });
  for (const path of paths) put(path, 0);

  const disturbed = new Set<string>();
  const anyPath = () => {
    const path = paths[numbers.below(paths.length)]!;
    disturbed.add(path);
    return path;
  };
  const total = [...contents.values()].reduce((sum, [bytes]) => sum + bytes!.length, 0);
  const cableFaults = Array.from({ length: 1 + numbers.below(3) }, (): CableFault => {
    // Falling silent is heard after a while that passes for real, so it is the rarest.
    const what = (["pulled", "pulled", "replugged", "replugged", "stalled"] as const)[numbers.below(5)]!;
    return { what, afterBytes: 1 + numbers.below(total) };
  });
  plan.push(...cableFaults.map(({ what, afterBytes }) => `${what} after ${afterBytes}`));
  const faults: fault.IPhoneFault[] = [{ name: "random", cableFaults }];
  const also = [
    () => fault.openRefused(anyPath(), AFC_STATUS.inputOutput),
    () => fault.readRefused(anyPath(), 1 + numbers.below(60_000)),
    () => fault.statRefused(anyPath()),
    () => fault.vanishesAfterStat(anyPath()),
    () => fault.shrinksAfterStat(anyPath()),
    () => fault.growsAfterStat(anyPath()),
    () => fault.rewrittenWhileRead(anyPath(), 1 + numbers.below(60_000)),
    () => changesAt(numbers.below(60), () => put(anyPath(), 1)),
    () => fault.shortReads(),
    () => fault.fewHandles(1 + numbers.below(3)),
  ];
  for (let more = numbers.below(3); more > 0; more -= 1) {
    const one = also[numbers.below(also.length)]!();
    faults.push(one);
    if (!/short|few/.test(one.name)) plan.push(`${one.name} ${[...disturbed].join(" ")}`);
  }

  await cable.plugIn(faults);
  cable.onWaiting = (iphone) => (numbers.below(2) === 0 ? iphone.attach() : iphone.attachAsPhonesDo());
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const { answers } = await harness.copy(phone, target);

  const all = [...answers()];
  expect(all.map(({ path }) => path).sort()).toEqual([...paths].sort());
  for (const { path, answer, reason } of all) {
    const copy = join(target, path);
    if (answer === "proved") {
      const copied = readFileSync(copy);
      // What a phone pads a file with that it says has grown is part of the file.
      const isWhole = contents
        .get(path)!
        .some((bytes) => copied.equals(bytes) || copied.equals(inverted(bytes)));
      expect(isWhole || disturbed.has(path), `${path} is as the phone had it`).toBe(true);
      if (!isWhole)
        expect(copied.subarray(0, contents.get(path)![0]!.length)).toEqual(contents.get(path)![0]);
    } else {
      expect(answer, path).toBe("failed");
      expect(disturbed, `${path}: ${reason?.message}`).toContain(path);
      expect(existsSync(copy)).toBe(false);
    }
  }
  const left = readdirSync(target, { recursive: true, encoding: "utf8" });
  expect(left.filter((name) => name.includes("partial"))).toEqual([]);
  expect(cable.iphone.counters.mostHandlesOpen).toBeLessThanOrEqual(16);
}

/** As the virtual iPhone rewrites a file. */
function inverted(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

/** Some file is written anew while the phone is asked for the n-th time. */
function changesAt(request: number, change: () => void): fault.IPhoneFault {
  let asked = 0;
  return {
    name: "changed",
    statusFor() {
      if (asked++ === request) change();
      return null;
    },
  };
}
