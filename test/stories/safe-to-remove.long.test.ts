import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aae, jpeg } from "../run/small-phones.js";
import { Table } from "./built-command.js";

interface List {
  readonly safe: { item: string }[];
  readonly staying: { item: string; reason: { code: string } }[];
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

test("safe-to-remove lists what verify proves today in all its files, nothing edited since, and deletes nothing", async () => {
  await using table = new Table();
  const folder = join(table.mediaFolder, "DCIM/100APPLE");
  mkdirSync(folder, { recursive: true });
  for (const number of [1, 2, 3]) writeFileSync(join(folder, `IMG_000${number}.JPG`), jpeg(number));
  await table.plugIn();
  await table.receiptOf("import", "--without-phone-library");
  const edited = "/DCIM/100APPLE/IMG_0003.JPG";
  writeFileSync(join(table.mediaFolder, edited.replace("JPG", "AAE")), aae(7));
  await table.receiptOf("import", "--without-phone-library");

  const phoneBefore = fingerprint(table.mediaFolder);
  const page = join(table.folder, "may go.html");
  const listed = await table.rollcall(["receipts", "safe-to-remove", "--json", "--html", page]);
  expect(listed.exitCode).toBe(0);
  const list = JSON.parse(listed.stdout) as List;
  const { answers } = await table.receiptOf("verify");
  const doubtful = new Set(answers.filter(({ answer }) => answer !== "proved").map(({ item }) => item));
  const all = new Set(answers.map(({ item }) => item));
  expect(list.safe.map(({ item }) => item).sort()).toEqual(
    [...all].filter((item) => !doubtful.has(item)).sort(),
  );
  expect(list.safe.length + list.staying.length).toBe(all.size);
  expect(list.staying.map(({ item }) => item)).toContain(edited);
  expect(list.deletes).toBe(false);
  expect(fingerprint(table.mediaFolder)).toBe(phoneBefore);
  expect(readFileSync(page, "utf8")).toContain("Rollcall never deletes anything from a phone.");
}, 60_000);

test("the receipt of a copy is refused in one line: it says nothing of Photos", async () => {
  await using table = new Table();
  await table.plugIn();
  await table.receiptOf("copy", join(table.folder, "copies"));
  const none = await table.rollcall(["receipts", "safe-to-remove"]);
  expect(none.stderr).toContain("There is no receipt of an import into Photos yet.");
  expect(none.exitCode).toBe(2);
  const { stdout: path } = await table.rollcall(["receipts", "path"]);
  const refused = await table.rollcall(["receipts", "safe-to-remove", path]);
  expect(refused.stderr).toMatch(/^error: .* is the receipt of a copy into a folder/);
  expect(refused.exitCode).toBe(2);

  const opened = await table.rollcall(["receipts", "open"]);
  if (process.platform !== "darwin") expect(opened.stdout.trim()).toBe(path.trim().replace(/json$/, "html"));
  expect(JSON.parse((await table.rollcall(["receipts", "--json"])).stdout)).toMatchObject({
    receipts: [{ page: path.trim().replace(/json$/, "html") }],
  });
}, 60_000);
