import { statfsSync, writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { Ledger } from "../../src/ledger/ledger.js";
import { waitUntilQuiet } from "../../src/import/wait-until-quiet.js";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import { Desk } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

class Crash extends Error {}
const plain = { withoutPhoneLibrary: true } as const;
const say = async (label: string, p: Promise<unknown>) => {
  try { const v = await p; console.log(label, "OK", JSON.stringify(v)); return v; } catch (e) { const x = e as Error & { code?: string }; console.log(label, "THREW", x.constructor.name, x.code, x.message); }
};
const P = (n: number, d = "100APPLE") => `/DCIM/${d}/IMG_${String(n).padStart(4, "0")}`;
const wrap = (desk: Desk, f: (name: string, input: any, go: () => Promise<any>) => Promise<any>) => {
  const whole = desk.runScript;
  desk.runScript = ((script: any, input: any, options: any) => f(script.name, input, () => whole(script, input, options) as any)) as RunScript;
  return () => { desk.runScript = whole; };
};
const answers = (r: any) => [...r.answers()].map((a: any) => [a.path, a.answer, a.photosId?.slice(0, 4), a.reason?.code]);

test("H13 late look: never-sent unreadable file adopts another's photo", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: Buffer.from("this is no jpeg at all, sorry") });
  let n = 0; let held: (() => Promise<any>) | null = null;
  wrap(desk, async (name, _i, go) => {
    if (name === "importFiles" && n++ === 0) { held = go; return { ok: false, number: -1712, message: "t/o", step: "import" }; }
    if (name === "albumContents" && held !== null && n++ > 1) { const h = held; held = null; await h(); } // arrives late
    return go();
  });
  await say("H13", desk.import(phone, plain).then(answers));
});

test("H12 unknown of batch 1 comes late and is taken for the refused one of batch 2", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: Buffer.concat([jpeg(2), Buffer.alloc(50)]) });
  let n = 0; let held: (() => Promise<any>) | null = null;
  wrap(desk, async (name, _i, go) => {
    if (name === "importFiles") {
      n++;
      if (n === 1) { held = go; return { ok: false, number: -1712, message: "t/o", step: "import" }; }
      if (n === 2) { await held!(); return { ok: true, value: { ids: null, count: 0 } }; } // left out without a word
    }
    return go();
  });
  await say("H12", desk.import(phone, plain).then(answers));
  console.log("H12 items", desk.itemCount());
});

test("H60 Photos shows another name", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  wrap(desk, async (name, _i, go) => {
    const e = await go();
    if (name === "albumContents" && e.ok && e.value) e.value = { ...e.value, filenames: e.value.filenames.map((f: string) => f === "IMG_0001.JPG" ? "IMG_0001.jpeg" : f) };
    return e;
  });
  for (let i = 0; i < 3; i++) await say(`H60 ${i}`, desk.import(phone, plain).then(answers));
  console.log("H60 items", desk.itemCount());
});

test("H61 into not heeded and ids unreadable", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  wrap(desk, async (name, _i, go) => {
    const e = await go();
    if (name === "albumContents" && e.ok && e.value) e.value = { ids: [], filenames: [], sizes: [] };
    if (name === "importFiles" && e.ok) e.value = { ...e.value, ids: null };
    return e;
  });
  for (let i = 0; i < 3; i++) await say(`H61 ${i}`, desk.import(phone, plain).then(answers));
  console.log("H61 items", desk.itemCount());
});

test("H38 wait until quiet with a wedged Photos", async () => {
  using desk = new Desk();
  const t0 = desk.clock.now().getTime();
  await waitUntilQuiet({ length: async () => { await desk.clock.wait(120_000); throw new PhotosEventError("x", -1712, false); } } as never, desk.clock);
  console.log("H38 hours waited", (desk.clock.now().getTime() - t0) / 3.6e6);
});

test("H27 import times out and Photos stays wedged", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  let wedged = false;
  wrap(desk, async (name, _i, go) => {
    if (name === "importFiles") wedged = true;
    if (wedged && name !== "photosRunning") return { ok: false, number: -1712, message: "t/o", step: name };
    return go();
  });
  await say("H27", desk.import(phone, plain).then(answers));
});

test("H3 quit fails", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const names: string[] = [];
  wrap(desk, async (name, _i, go) => { names.push(name); if (name === "quitPhotos") return { ok: false, number: -1712, message: "t/o", step: "quit" }; return go(); });
  await say("H3", desk.import(phone, plain).then(answers));
  console.log("H3", names.join(" "), desk.events.some(e => e.type === "receipt"));
});

test("H55 person deletes a photo between crash and resume", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const undo = wrap(desk, async (name, _i, go) => { if (name === "deleteAlbum") throw new Crash("crash"); return go(); });
  await say("H55 first", desk.import(phone, { ...plain }));
  undo();
  // rig: pretend one id of the run is not known any more
  const ledger = await Ledger.open(desk.ledgerPath);
  ledger[Symbol.dispose]();
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const db = new DatabaseSync(desk.ledgerPath);
  console.log(db.prepare("SELECT id, journal_id, journal_closing, album_id FROM run").all());
  db.exec("UPDATE item_file SET photos_id = '00000000-0000-0000-0000-000000000000/L0/001' WHERE path LIKE '%0001.JPG'");
  db.exec("UPDATE run SET journal_id = journal_closing, journal_closing = NULL");
  db.close();
  await say("H55 second", desk.import(phone, plain).then(answers));
  await say("H55 third", desk.import(phone, plain).then(answers));
});

test("H8 file known under another role at another path", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1, "LIVE"), [`${P(1)}.MOV`]: mov(1, "LIVE") });
  await say("H8 first", desk.import(phone, plain).then(answers));
  phone.put(`${P(7, "101APPLE")}.MOV`, { bytes: mov(1, "LIVE"), modifiedAt: new Date("2026-11-21T09:00:00Z") });
  await say("H8 second", desk.import(phone, plain).then(answers));
});

test("H8b same run", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1, "LIVE"), [`${P(1)}.MOV`]: mov(1, "LIVE"), [`${P(7, "101APPLE")}.MOV`]: mov(1, "LIVE") });
  await say("H8b", desk.import(phone, plain).then(answers));
});

test("H19 limit with a file that always fails", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: Buffer.from("not a jpeg"), [`${P(2)}.JPG`]: jpeg(2) });
  for (let i = 0; i < 3; i++) await say(`H19 ${i}`, desk.import(phone, { ...plain, selection: { limit: 1 } }).then(answers));
});

test("H6b open run of another library is not settled", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const undo = wrap(desk, async (name, _i, go) => { if (name === "importFiles") { await go(); throw new Crash("crash"); } return go(); });
  await say("H6b first (named)", desk.import(phone, plain));
  undo();
  // another library was the last one; Photos is closed at the start, so the open one is known only later
  const ledger = await Ledger.open(desk.ledgerPath);
  ledger.between(phone.identity, { kind: "photos", key: "/elsewhere/Other.photoslibrary" }).continueOrBeginRun(new Date(Date.now() + 1e10));
  const other = ledger.between(phone.identity, { kind: "photos", key: "/elsewhere/Other.photoslibrary" });
  other.finishRun(other.openRun()!.id, "/x", new Date());
  ledger[Symbol.dispose]();
  const parts = desk.parts.bind(desk);
  let asked = 0;
  desk.parts = async (...a: Parameters<Desk["parts"]>) => {
    const p = await parts(...a);
    Object.assign(p.process, { openLibrary: async () => (asked++ === 0 ? null : desk.photos.library.path) });
    return p;
  };
  await say("H6b second", desk.import(phone, plain).then(answers));
  console.log("H6b items", desk.itemCount());
});

test("H6c --library names a package that is not the open one", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await say("H6c first", desk.import(phone, { ...plain, libraryPath: "/tmp" }).then((r) => r.head.destination));
  await say("H6c second", desk.import(phone, plain).then((r) => [r.head.destination, r.head.totals.thisRun]));
  console.log("H6c items", desk.itemCount());
});

test("H37 staging below a file; receipts folder gone", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  rmSync(desk.stagingFolder, { recursive: true }); writeFileSync(desk.stagingFolder, "");
  await say("H37a staging is a file", desk.import(phone, plain));
  const target = join(desk.folder, "c"); writeFileSync(join(desk.folder, "c2"), "");
  await say("H37b copy DIR is a file", desk.copy(phone, join(desk.folder, "c2")));
  const { mkdirSync } = await import("node:fs"); mkdirSync(target); writeFileSync(join(target, "DCIM"), "");
  await say("H37c DIR/DCIM is a file", desk.copy(phone, target));
  rmSync(join(desk.folder, "receipts"), { recursive: true });
  await say("H37d receipts gone", desk.copy(phone, join(desk.folder, "c3")));
});
