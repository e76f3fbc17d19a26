import { expect, test } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { Desk } from "./one-desk.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

class Crash extends Error {}

/** Twelve items, two of them Live Photos, in three batches. */
function twelveItems() {
  const files: Record<string, Buffer> = {};
  for (let number = 1; number <= 12; number += 1) {
    const stem = `/DCIM/100APPLE/IMG_${String(number).padStart(4, "0")}`;
    const identifier = number <= 2 ? `LIVE-${number}` : null;
    files[`${stem}.JPG`] = jpeg(number, identifier);
    if (identifier !== null) files[`${stem}.MOV`] = mov(number, identifier);
  }
  return phoneWith(files);
}

const request = { withoutPhoneLibrary: true, batchLimits: { items: 4, bytes: 1e9 } } as const;

/** The run ends for good at the n-th script, before or after Photos did what it asked. */
function crashAt(desk: Desk, scriptNumber: number, when: "before" | "after"): () => boolean {
  const whole: RunScript = desk.runScript;
  let count = 0;
  let hasCrashed = false;
  desk.runScript = async (script, input, options) => {
    count += 1;
    if (hasCrashed) throw new Crash();
    if (count === scriptNumber && when === "before") {
      hasCrashed = true;
      throw new Crash();
    }
    const envelope = await whole(script, input, options);
    if (count === scriptNumber) {
      hasCrashed = true;
      throw new Crash();
    }
    return envelope;
  };
  return () => {
    desk.runScript = whole;
    return hasCrashed;
  };
}

test("a run cut off before or after any single script ends, after one more run, as if it had not been", async () => {
  let undisturbed: { albums: Record<string, string[]>; items: number; answers: string[] };
  {
    using desk = new Desk();
    const { answersByPath } = await desk.import(twelveItems(), request);
    undisturbed = { albums: desk.albums(), items: desk.itemCount(), answers: [...answersByPath.values()] };
  }
  for (const when of ["before", "after"] as const) {
    for (let scriptNumber = 1; ; scriptNumber += 1) {
      using desk = new Desk();
      const phone = twelveItems();
      const restore = crashAt(desk, scriptNumber, when);
      const isCut = await desk.import(phone, request).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Crash)) throw error;
          return true;
        },
      );
      const hasCrashed = restore();
      const { answersByPath } = await desk.import(phone, request);
      const state = { albums: desk.albums(), items: desk.itemCount(), answers: [...answersByPath.values()] };
      expect({ cut: `${when} script ${scriptNumber}`, ...state }).toEqual({
        cut: `${when} script ${scriptNumber}`,
        ...undisturbed,
      });
      if (!hasCrashed && !isCut) break;
    }
  }
}, 120_000);
