import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { PhoneFileError } from "../../src/phone/phone.js";
import type { Plan } from "../../src/plan/decision.js";
import type { Answer } from "../../src/receipt/answer.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import { buildBinaryPropertyList, parseDictionary } from "../../src/usb/wire/property-list.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { oneTestIn } from "../sampled.js";
import { ImportHarness, phoneOver, phoneWithCameraRoll } from "./import-harness.js";
import { jpeg } from "./small-phones.js";

const test = oneTestIn(3);

const ROLL = "/DCIM/101APPLE";
const editOf = (stem: string) => `/PhotoData/Mutations${ROLL}/${stem}/Adjustments`;
/** A UUID stands for itself: which one it is matters to nobody. */
const short = (path: string) => path.replace(/[0-9A-F]{8}-[0-9A-F-]{27}/, "UUID");

const phoneOfIOS26 = (): Promise<MemoryPhone> => phoneWithCameraRoll({ hasEditsOfIOS26: true });
const byPath = (answers: Iterable<Answer>) => new Map([...answers].map((answer) => [answer.path, answer]));
const word = ({ answer, reason }: Answer) => (reason === null ? answer : `${answer}: ${reason.code}`);

async function planOf(harness: ImportHarness, phone: MemoryPhone, edits = false): Promise<Plan> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  return await planForPhone(await harness.parts(phone, ledgerDatabase), {
    selection: {},
    edits,
    again: false,
    withoutPhoneLibrary: false,
  });
}

/** What the library says of an item that bears this name: how often it is there, and whether it is edited. */
function inLibrary(harness: ImportHarness, name: string): { edited: number[]; format: string | null } {
  const rows = harness.photos.library.database
    .prepare(
      `SELECT ZADJUSTMENTSSTATE state, ZADJUSTMENTFORMATIDENTIFIER format FROM ZASSET a
       JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = a.Z_PK
       LEFT JOIN ZUNMANAGEDADJUSTMENT u ON u.Z_PK = x.ZUNMANAGEDADJUSTMENT WHERE ZORIGINALFILENAME = ?`,
    )
    .all(name) as { state: number; format: string | null }[];
  return { edited: rows.map(({ state }) => state), format: rows[0]?.format ?? null };
}

test("edits of an iPhone with iOS 26 enter Photos as edited versions, without an AAE on the phone", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  expect([...phone.files.keys()].filter((path) => path.endsWith(".AAE"))).toEqual([
    "/DCIM/100APPLE/IMG_0005.AAE",
  ]);
  const { answers } = await harness.import(phone);
  const whole = new Map<string, Answer[]>();
  for (const answer of answers())
    whole.set(short(answer.item), [...(whole.get(short(answer.item)) ?? []), answer]);
  const told = (item: string) =>
    whole.get(item)?.map(({ path, answer }) => `${path.slice(path.lastIndexOf("/") + 1)} ${answer}`);
  expect(told(`${ROLL}/IMG_0021.JPG`)).toEqual([
    "IMG_0021.JPG proved",
    "Adjustments.plist proved",
    "FullSizeRender.jpg proved",
  ]);
  expect(told(`${ROLL}/IMG_0022.JPG`)).toEqual([
    "IMG_0022.JPG proved",
    "IMG_0022.MOV proved",
    "Adjustments.plist proved",
    "FullSizeRender.jpg proved",
    "FullSizeRender.mov proved",
  ]);
  expect(told(`${ROLL}/IMG_0023.MOV`)).toEqual([
    "IMG_0023.MOV proved",
    "Adjustments.plist proved",
    "FullSizeRender.mov proved",
  ]);
  expect(told(`${ROLL}/IMG_0024.JPG`)).toEqual([
    "IMG_0024.JPG proved",
    "IMG_0024.DNG proved",
    "Adjustments.plist proved",
    "FullSizeRender.jpg proved",
  ]);
  expect(whole.get("/PhotoData/CPLAssets/group12/UUID.JPG")?.map(word)).toEqual([
    "proved",
    "proved",
    "proved",
  ]);
  for (const item of [`${ROLL}/IMG_0021.JPG`, `${ROLL}/IMG_0022.JPG`, `${ROLL}/IMG_0023.MOV`])
    expect(new Set(whole.get(item)?.map(({ photosId }) => photosId)).size).toBe(1);

  for (const name of ["IMG_0021.JPG", "IMG_0022.JPG", "IMG_0024.JPG", "IMG_4713.JPG"])
    expect([name, inLibrary(harness, name)]).toEqual([name, { edited: [2], format: "com.apple.photo" }]);
  expect(inLibrary(harness, "IMG_0023.MOV")).toEqual({ edited: [2], format: "com.apple.video" });
  expect(harness.albums()["Last Import"]!.filter((name) => /IMG_E|FullSize|AAE/.test(name))).toEqual([]);
  expect(readdirSync(harness.stagingFolder), "what is proved leaves no copy").toEqual([]);
});

test("an edit in a format that Photos is not known to take is named as not carried, and its photo comes", async () => {
  using harness = new ImportHarness();
  const { answers, head } = await harness.import(await phoneOfIOS26());
  const found = byPath(answers());
  for (const [stem, original, rendering, format] of [
    ["IMG_0025", "PNG", "FullSizeRender.jpg", '"ScreenshotServices"'],
    ["IMG_0026", "MOV", "FullSizeRender.mov", '"com.apple.video.slomo"'],
  ] as const) {
    expect(found.get(`${ROLL}/${stem}.${original}`)?.answer).toBe("proved");
    expect(inLibrary(harness, `${stem}.${original}`).edited).toEqual([0]);
    for (const file of ["Adjustments.plist", rendering])
      expect(found.get(`${editOf(stem)}/${file}`)).toMatchObject({
        answer: "set-aside",
        item: `${ROLL}/${stem}.${original}`,
        reason: { code: "EDIT_NOT_CARRIED", message: expect.stringContaining(format) },
      });
  }
  expect(head.totals.byAnswer.failed).toBe(0);
  expect(summaryLines(head, answers(), null).join("\n")).toContain(
    "2 edits stay on the phone: the receipt says why.",
  );
});

test("plan promises the files that the import then imports, and names the edits that it does not", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const plan = await planOf(harness, phone);
  const totals = planTotals(plan);
  expect(totals.editsNotCarried).toBe(2);
  const lines = planLines(totals, "iPhone", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.join("\n")).toContain("2 edits stay on the phone");
  const { head } = await harness.import(phone);
  const { items, files } = head.totals.thisRun;
  expect({ items, files }).toEqual({ items: plan.toImport.items, files: plan.toImport.files });
});

test("a second import of a phone with such edits says nothing new and sends no Apple event", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const first = await harness.import(phone);
  harness.photos.resetCounters();
  const second = await harness.import(phone);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.answersByPath).toEqual(first.answersByPath);
  expect(harness.photos.counters().total).toBe(0);
});

test("a photo edited after its import is EDITED_SINCE; --reimport-edited imports it with the edit, once", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const folder = editOf("IMG_0021");
  const names = ["Adjustments.plist", "FullSizeRender.jpg"];
  const edit = names.map((name) => [`${folder}/${name}`, phone.files.get(`${folder}/${name}`)!] as const);
  for (const [path] of edit) phone.remove(path);
  await harness.import(phone);
  expect(inLibrary(harness, "IMG_0021.JPG").edited).toEqual([0]);

  for (const [path, file] of edit) phone.put(path, file);
  const plan = await planOf(harness, phone);
  expect(planTotals(plan)).toMatchObject({ editedSince: 1, toImport: { items: 0 } });
  const second = byPath((await harness.import(phone)).answers());
  expect(edit.map(([path]) => word(second.get(path)!))).toEqual(Array(2).fill("not-chosen: EDITED_SINCE"));

  expect((await planOf(harness, phone, true)).toImport).toMatchObject({ items: 1, files: 3 });
  const third = byPath((await harness.import(phone, { edits: true })).answers());
  expect(edit.map(([path]) => third.get(path)?.answer)).toEqual(["proved", "proved"]);
  expect(inLibrary(harness, "IMG_0021.JPG").edited.sort()).toEqual([0, 2]);
  expect((await harness.import(phone, { edits: true })).head.totals.thisRun.items).toBe(0);
});

test("an edited photo whose original another program imported is EDITED_SINCE until --reimport-edited", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const original = phone.files.get(`${ROLL}/IMG_0021.JPG`)!;
  const byHand = join(harness.folder, "by hand");
  mkdirSync(byHand);
  writeFileSync(join(byHand, "other name.JPG"), original.bytes);
  const path = JSON.stringify(join(byHand, "other name.JPG"));
  harness.photos.runText(`Application("Photos").import([Path(${path})], {skipCheckDuplicates: true}); ""`);

  const first = byPath((await harness.import(phone)).answers());
  expect(word(first.get(`${ROLL}/IMG_0021.JPG`)!)).toBe("proved: FOUND_IN_LIBRARY");
  for (const name of ["Adjustments.plist", "FullSizeRender.jpg"])
    expect(word(first.get(`${editOf("IMG_0021")}/${name}`)!)).toBe("not-chosen: EDITED_SINCE");
  expect(inLibrary(harness, "IMG_0021.JPG").edited).toEqual([]);
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
  const again = await harness.import(phone);
  expect(again.head.totals.thisRun.items).toBe(0);

  await harness.import(phone, { edits: true });
  expect(inLibrary(harness, "IMG_0021.JPG").edited).toEqual([2]);
});

test("with --reimport-edited in the first run such a photo comes whole at once", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const byHand = join(harness.folder, "IMG_0021.JPG");
  writeFileSync(byHand, phone.files.get(`${ROLL}/IMG_0021.JPG`)!.bytes);
  harness.photos.runText(
    `Application("Photos").import([Path(${JSON.stringify(byHand)})], {skipCheckDuplicates: true}); ""`,
  );
  await harness.import(phone, { edits: true });
  expect(inLibrary(harness, "IMG_0021.JPG").edited.sort()).toEqual([0, 2]);
});

test("an edit is sent under the name of its photo: IMG_0021.AAE and IMG_E0021.jpg", async () => {
  using harness = new ImportHarness();
  const sent: string[] = [];
  const { runScript } = harness;
  harness.runScript = (script, input, options) => {
    const { paths } = (input ?? {}) as { paths?: string[] };
    for (const path of paths ?? []) sent.push(path.slice(path.lastIndexOf("/") + 1));
    return runScript(script, input, options);
  };
  await harness.import(await phoneOfIOS26());
  const ofEdits = sent.filter((name) => /002[1-6]|4713/.test(name)).sort();
  expect(ofEdits).toEqual([
    ...["IMG_0021.AAE", "IMG_0021.JPG", "IMG_0022.AAE", "IMG_0022.JPG", "IMG_0022.MOV"],
    ...["IMG_0023.AAE", "IMG_0023.MOV", "IMG_0024.AAE", "IMG_0024.DNG", "IMG_0024.JPG"],
    ...["IMG_0025.PNG", "IMG_0026.MOV", "IMG_4713.AAE", "IMG_4713.JPG"],
    ...["IMG_E0021.jpg", "IMG_E0022.jpg", "IMG_E0022.mov", "IMG_E0023.mov", "IMG_E0024.jpg", "IMG_E4713.jpg"],
  ]);
});

test("a photo without a camera's name keeps its name, comes edited, and its rendering is named", async () => {
  using harness = new ImportHarness();
  const folder = join(harness.folder, "iphone");
  const files = {
    "DCIM/100APPLE/Lake.JPG": jpeg(1),
    "PhotoData/Mutations/DCIM/100APPLE/Lake/Adjustments/Adjustments.plist": good,
    "PhotoData/Mutations/DCIM/100APPLE/Lake/Adjustments/FullSizeRender.jpg": jpeg(2),
  };
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  await writePhoneDatabase(folder, [
    {
      directory: "DCIM/100APPLE",
      filename: "Lake.JPG",
      kind: "photo",
      createdAt: new Date(0),
      isEdited: true,
    },
  ]);
  const { answers } = await harness.import(await phoneOver(folder));
  expect([...answers()].map(word)).toEqual(["proved", "proved", "set-aside: EDIT_NOT_CARRIED"]);
  expect(inLibrary(harness, "Lake.JPG")).toEqual({ edited: [2], format: "com.apple.photo" });
  expect(harness.itemCount()).toBe(1);
});

const good = encodeAdjustments(new Date("2026-11-01T10:00:00Z"), 0.5);
const RECIPE = `${editOf("IMG_0021")}/Adjustments.plist`;
const RENDERING = `${editOf("IMG_0021")}/FullSizeRender.jpg`;

test.each([
  ["is cut off", good.subarray(0, 500), "damaged, or not a property list"],
  ["is a picture", jpeg(3), "damaged, or not a property list"],
  ["names no format", Buffer.from("<plist><dict></dict></plist>"), "does not name the format"],
  [
    "has a number for a format",
    Buffer.from(good.toString().replace(/<string>com.apple.photo<\/string>/, "<integer>1</integer>")),
    "not an identifier",
  ],
  [
    "holds no data",
    Buffer.from(good.toString().replace(/<data>[^<]*<\/data>/, "<data></data>")),
    "it holds no edit",
  ],
  [
    "is larger than any edit",
    Buffer.concat([good, Buffer.alloc(4 * 1024 * 1024, " ")]),
    "larger than any edit",
  ],
])("an edit whose recipe %s is named as not carried, and the photo comes", async (_title, bytes, why) => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  phone.put(RECIPE, { bytes, modifiedAt: new Date("2026-11-15T10:00:00Z") });
  const { answers, answersByPath, head } = await harness.import(phone);
  const found = byPath(answers());
  expect(found.get(`${ROLL}/IMG_0021.JPG`)?.answer).toBe("proved");
  for (const path of [RECIPE, RENDERING])
    expect(found.get(path)).toMatchObject({
      answer: "set-aside",
      reason: { code: "EDIT_NOT_CARRIED", message: expect.stringContaining(why) },
    });
  expect(head.totals.byAnswer.failed).toBe(0);
  expect((await harness.import(phone)).answersByPath).toEqual(answersByPath);
});

test("an edit whose recipe the phone does not give is named as not carried, and the photo comes", async () => {
  using harness = new ImportHarness();
  const files = (await phoneOfIOS26()).files;
  const reason = { code: "FILE_REFUSED" as const, message: "the phone refuses it", remedy: "Unlock it." };
  const phone = new MemoryPhone(files, {
    onRequest: ({ what, path }) => {
      if (what === "open" && path === RECIPE) throw new PhoneFileError(path, reason);
    },
  });
  const found = byPath((await harness.import(phone)).answers());
  expect(found.get(`${ROLL}/IMG_0021.JPG`)?.answer).toBe("proved");
  expect(found.get(RENDERING)?.reason).toMatchObject({
    code: "EDIT_NOT_CARRIED",
    message: expect.stringContaining("could not be read: the phone refuses it"),
  });
});

test("an edit that was carried in a binary property list arrives with these bytes", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const bytes = buildBinaryPropertyList(parseDictionary(good));
  phone.put(RECIPE, { bytes, modifiedAt: new Date("2026-11-15T10:00:00Z") });
  const recipe = byPath((await harness.import(phone)).answers()).get(RECIPE)!;
  expect(recipe.answer).toBe("proved");
  const id = recipe.photosId!.slice(0, 36);
  const kept = join(harness.photos.library.path, "resources/renders", id.charAt(0), `${id}.plist`);
  expect(readFileSync(kept)).toEqual(bytes);
});

test("a photo comes without an edit that changes to another format between plan and copy", async () => {
  using harness = new ImportHarness();
  const files = (await phoneOfIOS26()).files;
  const other = encodeAdjustments(new Date("2026-11-20T11:00:00Z"), 0.5, "com.example.editor");
  let opened = 0;
  const phone: MemoryPhone = new MemoryPhone(files, {
    onRequest: ({ what, path }) => {
      if (what !== "open" || path !== RECIPE || ++opened !== 2) return;
      phone.put(RECIPE, { bytes: other, modifiedAt: new Date("2026-11-20T11:00:00Z") });
    },
  });
  // So little room that what is not given back would be waited for without end.
  const first = byPath((await harness.import(phone, { stagedBytesLimit: 1 })).answers());
  expect(opened).toBeGreaterThan(1);
  expect(first.get(`${ROLL}/IMG_0021.JPG`)?.answer).toBe("proved");
  expect(inLibrary(harness, "IMG_0021.JPG").edited).toEqual([0]);
  for (const path of [RECIPE, RENDERING]) {
    expect(word(first.get(path)!)).toBe("failed: EDIT_NOT_CARRIED");
    expect(first.get(path)?.reason?.message).toContain('"com.example.editor"');
  }
  const second = await harness.import(phone);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(word(byPath(second.answers()).get(RENDERING)!)).toBe("set-aside: EDIT_NOT_CARRIED");
});

test("verify compares the recipe that Photos keeps with the bytes of the phone's Adjustments.plist", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const { receiptPath, answers } = await harness.import(phone);
  const recipe = byPath(answers()).get(RECIPE)!;
  const id = recipe.photosId!.slice(0, 36);
  const kept = join(harness.photos.library.path, "resources/renders", id.charAt(0), `${id}.plist`);
  expect(readFileSync(kept)).toEqual(Buffer.from(phone.files.get(RECIPE)!.bytes));

  const today = async () => {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const { photos, clock, originals } = await harness.parts(phone, ledgerDatabase);
    const library = await originals.open(harness.photos.library.path);
    if ("code" in library) throw new Error(library.message);
    const ledger = ledgerDatabase.ledgerFor(phone.identity, {
      kind: "photos",
      key: harness.photos.library.path,
    });
    const { receipt } = await recheckReceipt(
      await readReceipt(receiptPath),
      { photos, clock, ledger, library },
      {},
    );
    return word(byPath(receipt.answers).get(RECIPE)!);
  };
  expect(await today()).toBe("proved");
  const changed = readFileSync(kept);
  changed[changed.length - 20]! ^= 1;
  writeFileSync(kept, changed);
  expect(await today()).toBe("present: EDIT_KEPT_OTHERWISE");
});

test("a photo whose edit is not carried may not leave the phone; one whose edit came may", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(await phoneOfIOS26());
  const checkedFrom = new Date(0);
  const today = { checkedFrom, isAsLastSeen: () => true, later: [], cloud: "unused" } as const;
  const { safe, staying } = safeToRemove(answers(), today);
  const why = new Map(staying.map(({ files, reason }) => [files[0].item, reason.code]));
  expect(why.get(`${ROLL}/IMG_0025.PNG`)).toBe("EDIT_NOT_CARRIED");
  expect(why.get(`${ROLL}/IMG_0026.MOV`)).toBe("EDIT_NOT_CARRIED");
  const mayLeave = safe.map(([{ item }]) => item);
  for (const name of ["IMG_0021.JPG", "IMG_0022.JPG", "IMG_0023.MOV", "IMG_0024.JPG"])
    expect(mayLeave).toContain(`${ROLL}/${name}`);
});

test("a copy holds recipes and renderings as the phone has them, and a second one copies nothing", async () => {
  using harness = new ImportHarness();
  const phone = await phoneOfIOS26();
  const folder = join(harness.folder, "copied");
  const { answers } = await harness.copy(phone, folder);
  const below = [...answers()].filter(({ path }) => path.startsWith("/PhotoData/Mutations/"));
  expect(below.map(word)).toEqual(Array(15).fill("proved"));
  for (const { path } of below)
    expect(readFileSync(join(folder, path))).toEqual(Buffer.from(phone.files.get(path)!.bytes));
  expect((await harness.copy(phone, folder)).head.totals.thisRun.items).toBe(0);
});

test("a copy made while a recipe could not be read has no file moved aside once it can", async () => {
  using harness = new ImportHarness();
  const files = (await phoneOfIOS26()).files;
  const reason = { code: "FILE_REFUSED" as const, message: "the phone refuses it", remedy: "Unlock it." };
  let opened = 0;
  const phone = new MemoryPhone(files, {
    onRequest: ({ what, path }) => {
      if (what === "open" && path === RECIPE && ++opened === 1) throw new PhoneFileError(path, reason);
    },
  });
  const folder = join(harness.folder, "copied");
  await harness.copy(phone, folder);
  const again = await harness.copy(phone, folder);
  expect(again.head.totals.byAnswer.failed).toBe(0);
  expect(readdirSync(folder).filter((name) => /replaced/i.test(name))).toEqual([]);
  expect(readFileSync(join(folder, RECIPE))).toEqual(Buffer.from(files.get(RECIPE)!.bytes));
});
