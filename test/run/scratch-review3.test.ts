import { readdirSync, statSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { RollcallError, stopped } from "../../src/errors.js";
import { DistinctPlaces } from "../../src/transfer/safe-file-name.js";
import { requireSpace } from "../../src/plan/space-needed.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { Desk } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";
class Crash extends Error {}
const plain = { withoutPhoneLibrary: true, batchLimits: { items: 3, bytes: 1e9 } } as const;
const P = (n: number, d = "100APPLE") => `/DCIM/${d}/IMG_${String(n).padStart(4, "0")}`;
function files() {
  const T = new Date("2026-11-01T10:00:00Z").getTime();
  const f: [string, Buffer][] = [
    [`${P(1)}.JPG`, jpeg(1, "L1")], [`${P(1)}.MOV`, mov(1, "L1")], [`${P(2)}.JPG`, jpeg(2)],
    [`${P(1, "101APPLE")}.JPG`, jpeg(22)], [`${P(2, "101APPLE")}.JPG`, jpeg(2)], // twin
    [`${P(3)}.JPG`, jpeg(3)], [`${P(3)}.AAE`, aae(3)], [`/DCIM/100APPLE/IMG_E0003.JPG`, jpeg(33)],
    [`${P(4)}.JPG`, Buffer.from("not a jpeg at all")], [`${P(5)}.JPG`, jpeg(5)], [`${P(6)}.JPG`, jpeg(6)], [`${P(6, "102APPLE")}.JPG`, jpeg(6)],
  ];
  return f.map(([p, bytes], i) => [p, { bytes, modifiedAt: new Date(T + i * 60000) }] as const);
}
const state = (desk: Desk, r: any) => JSON.stringify({ a: desk.albums(), n: desk.itemCount(), w: [...r.answersByPath] });
const partials = (d: string): string[] => readdirSync(d, { recursive: true }).map(String).filter((f) => f.endsWith(".rollcall-partial"));

test("sweep", async () => {
  let expected: string;
  let scripts = 0, requests = 0;
  {
    using desk = new Desk();
    const whole = desk.runScript;
    desk.runScript = ((s: any, i: any, o: any) => { scripts++; return whole(s, i, o); }) as RunScript;
    expected = state(desk, await desk.import(new MemoryPhone(files(), { onRequest: () => { requests++; } }), plain));
    console.log("expected", expected, scripts, requests);
  }
  const bad: string[] = [];
  const trial = async (label: string, first: (desk: Desk) => Promise<unknown>) => {
    using desk = new Desk();
    const whole = desk.runScript;
    let how = "ended";
    await Promise.race([first(desk).catch((e) => { how = `${e.name} ${e.code} ${e.message.slice(0, 60)}`; }), new Promise((r) => setTimeout(() => { how = "HANG"; r(0); }, 3000))]);
    desk.runScript = whole;
    const left = partials(desk.stagingFolder);
    try {
      const r = await desk.import(new MemoryPhone(files()), plain);
      const s = state(desk, r);
      if (s !== expected || how === "HANG" || left.length) bad.push(`${label}: ${how} partials=${left.length} -> ${s === expected ? "same" : s}`);
      desk.photos.resetCounters();
    } catch (e) { bad.push(`${label}: ${how} -> ${(e as Error).message}`); }
  };
  const outcomes = new Set<string>();
  for (let n = 1; n <= requests; n++) {
    await trial(`gone at request ${n}`, (desk) => { let c = 0; return desk.import(new MemoryPhone(files(), { onRequest: async () => { if (++c >= n) throw new RollcallError("PHONE_GONE", { message: "gone", remedy: "" }); } }), plain); });
  }
  for (let n = 1; n <= scripts; n++) {
    await trial(`abort at script ${n}`, (desk) => { const c = new AbortController(); const whole = desk.runScript; let k = 0; desk.runScript = (async (s: any, i: any, o: any) => { if (++k === n) c.abort(stopped(c.signal)); return whole(s, i, o); }) as RunScript; return desk.import(new MemoryPhone(files()), plain, c.signal); });
    for (const number of [-1743, -1712, -10000])
    await trial(`${number} from script ${n} on`, (desk) => { const whole = desk.runScript; let k = 0; desk.runScript = (async (s: any, i: any, o: any) => { if (++k >= n) return { ok: false, number, message: "x", step: s.name }; return whole(s, i, o); }) as RunScript; return desk.import(new MemoryPhone(files()), plain); });
    await trial(`-1712 once, done, at script ${n}`, (desk) => { const whole = desk.runScript; let k = 0; desk.runScript = (async (s: any, i: any, o: any) => { const e = await whole(s, i, o); if (++k === n) return { ok: false, number: -1712, message: "x", step: s.name }; return e; }) as RunScript; return desk.import(new MemoryPhone(files()), plain); });
  }
  for (let n = 1; n <= requests; n += 1) {
    await trial(`abort at request ${n}`, (desk) => { const c = new AbortController(); let k = 0; return desk.import(new MemoryPhone(files(), { onRequest: () => { if (++k === n) c.abort(stopped(c.signal)); } }), plain, c.signal); });
  }
  console.log("BAD", bad.length); for (const b of bad) console.log(b.slice(0, 420));
}, 150_000);

test("places", () => {
  const first = new DistinctPlaces(true); console.log(first.placeFor("/DCIM/100APPLE/a.JPG"), first.placeFor("/DCIM/100APPLE/A.JPG"));
  const second = new DistinctPlaces(true); console.log(second.placeFor("/DCIM/100APPLE/A.JPG"));
});
