import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import { aae, jpeg } from "../run/small-phones.js";
import { CommandHarness } from "./command-harness.js";

interface List {
  readonly safe: { item: string; name: string }[];
  readonly staying: { item: string; reason: { code: string }; part: string | null }[];
  readonly others: { path: string }[];
  readonly totals: Record<"safe" | "staying", { items: number }>;
  readonly deletes: boolean;
}

/** Every file below a folder, with its content, in one line of text. */
const fingerprint = (folder: string) => {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => [join(entry.parentPath, entry.name), entry.isFile()] as const)
    .sort())
    hash.update(entry[0]).update(entry[1] ? readFileSync(entry[0]) : "");
  return hash.digest("hex");
};

const FOLDER = "DCIM/100APPLE";
const shot = (number: number, changes: Partial<PhoneDatabaseRow> = {}): PhoneDatabaseRow => ({
  directory: FOLDER,
  filename: `IMG_000${number}.JPG`,
  kind: "photo",
  createdAt: new Date(Date.UTC(2026, 10, 18 + number, 12)),
  ...changes,
});

async function fiveShots(harness: CommandHarness, changes: Partial<PhoneDatabaseRow> = {}): Promise<void> {
  const numbers = [1, 2, 3, 4, 5];
  mkdirSync(join(harness.mediaFolder, FOLDER), { recursive: true });
  for (const number of numbers)
    writeFileSync(join(harness.mediaFolder, FOLDER, `IMG_000${number}.JPG`), jpeg(number));
  const rows = numbers.map((number) => shot(number, number === 4 ? { ...changes, isEdited: true } : changes));
  await writePhoneDatabase(harness.mediaFolder, rows);
}

test("safe-to-remove lists what verify proves today in all its files, and deletes nothing", async () => {
  await using harness = new CommandHarness();
  await fiveShots(harness);
  const rendering = `PhotoData/Mutations/${FOLDER}/IMG_0004/Adjustments/FullSizeRender.jpg`;
  mkdirSync(join(harness.mediaFolder, rendering, ".."), { recursive: true });
  writeFileSync(join(harness.mediaFolder, rendering), jpeg(44));
  writeFileSync(join(harness.mediaFolder, FOLDER, "IMG_0005.XMP"), "<x/>");
  writeFileSync(join(harness.mediaFolder, FOLDER, "IMG_0012.TXT"), "a note");
  await harness.plugIn();
  await harness.receiptOf("import");
  const edited = `/${FOLDER}/IMG_0003.JPG`;
  writeFileSync(join(harness.mediaFolder, edited.replace("JPG", "AAE")), aae(7));
  await harness.receiptOf("import");

  const phoneBefore = fingerprint(harness.mediaFolder);
  const page = join(harness.folder, "may go.html");
  const listed = await harness.rollcall(["receipts", "safe-to-remove", "--json", "--html", page]);
  expect(listed.exitCode).toBe(0);
  const list = JSON.parse(listed.stdout) as List;
  const { answers, totals } = await harness.receiptOf("verify");
  const doubtful = new Set(answers.filter(({ answer }) => answer !== "proved").map(({ item }) => item));
  const all = new Set(answers.map(({ item }) => item));
  expect(list.safe.map(({ item }) => item).sort()).toEqual(
    [...all].filter((item) => !doubtful.has(item)).sort(),
  );
  expect(list.safe.map(({ name }) => name)).toEqual(["IMG_0001", "IMG_0002"]);
  expect(list.staying.map(({ item, part }) => [item, part])).toEqual([
    [edited, `/${FOLDER}/IMG_0003.AAE`],
    [`/${FOLDER}/IMG_0004.JPG`, `/${rendering}`],
    [`/${FOLDER}/IMG_0005.JPG`, `/${FOLDER}/IMG_0005.XMP`],
  ]);
  expect(list.others.map(({ path }) => path)).toEqual([`/${FOLDER}/IMG_0012.TXT`]);
  expect(list.totals.safe.items + list.totals.staying.items).toBe(totals.items);
  expect(list.deletes).toBe(false);
  expect(fingerprint(harness.mediaFolder)).toBe(phoneBefore);

  const html = readFileSync(page, "utf8");
  expect(html).toContain("Rollcall never deletes anything from a phone.");
  expect(html.match(/<img class="picture" src="data:image\/jpeg;base64,/g)?.length).toBe(2);
  expect(html).toMatch(/<h3>19 November 2026<\/h3>[\s\S]*<h3>20 November 2026<\/h3>/);
  const text = (await harness.rollcall(["receipts", "safe-to-remove"])).stdout;
  expect(text).toContain("  19 November 2026\n    IMG_0001 (JPG)   /DCIM/100APPLE/IMG_0001.JPG\n");
  expect(text).toContain("    23 November 2026: IMG_0005 (IMG_0005.XMP)\n");
  expect(text).toContain("IMG_0012.TXT stays: it is not a photo or video.\n");
  expect(text).not.toMatch(/set-aside|not-chosen|in-trash/);

  writeFileSync(page, "a page of somebody's");
  const kept = await harness.rollcall(["receipts", "safe-to-remove", "--html", page]);
  expect(kept.exitCode).toBe(2);
  expect(readFileSync(page, "utf8")).toBe("a page of somebody's");
}, 300_000);

test("nothing may leave a phone that keeps its photos in iCloud Photos, or of which nobody knows", async () => {
  await using harness = new CommandHarness();
  await fiveShots(harness, { isSyncedWithICloud: true });
  await harness.plugIn();
  await harness.receiptOf("import", "--icloud", "import");
  const why = async () => {
    const { stdout } = await harness.rollcall(["receipts", "safe-to-remove", "--json"]);
    const { safe, staying } = JSON.parse(stdout) as List;
    expect(safe).toEqual([]);
    return [...new Set(staying.map(({ reason }) => reason.code))];
  };
  expect(await why()).toEqual(["ICLOUD_AND_A_SECOND_COPY"]);
  const { stdout } = await harness.rollcall(["receipts", "safe-to-remove"]);
  expect(stdout).toContain("Nothing may leave Anna's iPhone yet.\n");
  expect(stdout).toContain("iCloud and your other devices lose theirs");
  const page = (await harness.rollcall(["receipts", "path"])).stdout.trim().replace(/json$/, "html");
  expect(readFileSync(page, "utf8")).toContain("5 photos are proved and stay all the same");

  await harness.receiptOf("import", "--without-phone-library");
  expect(await why()).toEqual(["ICLOUD_NOT_KNOWN"]);
}, 300_000);

test("the receipt of a copy is refused in one line: it says nothing of Photos", async () => {
  await using harness = new CommandHarness();
  await harness.plugIn();
  await harness.receiptOf("copy", join(harness.folder, "copies"));
  const none = await harness.rollcall(["receipts", "safe-to-remove"]);
  expect(none.stderr).toContain("There is no receipt of an import into Photos yet.");
  expect(none.exitCode).toBe(2);
  const { stdout: path } = await harness.rollcall(["receipts", "path"]);
  const refused = await harness.rollcall(["receipts", "safe-to-remove", path]);
  expect(refused.stderr).toMatch(/^error: .* is the receipt of a copy into a folder/);
  expect(refused.exitCode).toBe(2);

  const opened = await harness.rollcall(["receipts", "open"]);
  if (process.platform !== "darwin") expect(opened.stdout.trim()).toBe(path.trim().replace(/json$/, "html"));
  expect(JSON.parse((await harness.rollcall(["receipts", "--json"])).stdout)).toMatchObject({
    receipts: [{ page: path.trim().replace(/json$/, "html") }],
  });
}, 180_000);
