import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { TESTED_ON_COLUMNS, testedOnRow } from "../../src/cli/commands/report/lines.js";
import { deviceReportSchema } from "../../src/report/device-report.js";
import { leaksIn, MARKS, makeMarkedPhone } from "../report/marked-phone.js";
import { oneTestIn } from "../sampled.js";
import { CommandHarness } from "./command-harness.js";

const test = oneTestIn(3);

test("rollcall report shows all that it writes, writes that and no more, and nothing of a person is in it", async () => {
  await using harness = new CommandHarness();
  using marked = await makeMarkedPhone();
  const { phoneName: name, udid } = MARKS;
  await harness.plugIn({ mediaFolder: marked.mediaFolder, name, udid });
  const home = join(harness.folder, MARKS.home);
  const environment = { ROLLCALL_HOME: home, USER: MARKS.macUser, LOGNAME: MARKS.macUser };

  const file = join(harness.folder, "report.json");
  const written = await harness.rollcall(["report", "--yes", "--file", file], environment);
  expect(written.exitCode).toBe(0);
  const text = readFileSync(file, "utf8");
  expect(written.stdout).toContain(text);
  const report = deviceReportSchema.parse(JSON.parse(text));
  expect(written.stdout).toContain(testedOnRow(report));
  expect(report).toMatchObject({
    isVirtual: false,
    database: { outcome: "read" },
    phone: { usbmuxd: "other" },
  });
  expect(leaksIn(text + written.stdout + written.stderr)).toEqual([]);
  expect(readdirSync(harness.folder).sort()).toEqual([
    ...["Test.photoslibrary", "media", "osascript", "report.json", "usbmuxd"], // and no data folder
  ]);

  const again = await harness.rollcall(["report", "--yes", "--file", file], environment);
  expect([again.exitCode, again.stdout]).toEqual([2, ""]);
  expect(again.stderr).toContain("is there already");
  expect(readFileSync(file, "utf8")).toBe(text);
  const nowhere = await harness.rollcall(["report", "--yes", "--file", join(home, "x.json")], environment);
  expect([nowhere.exitCode, nowhere.stdout]).toEqual([2, ""]);
  expect(nowhere.stderr).toContain("there is no folder");
});

test("the row of the virtual iPhone in docs/tested-on.md is the one that rollcall demo report prints", async () => {
  await using harness = new CommandHarness();
  const { stdout, exitCode } = await harness.rollcall(["demo", "report", "--json"]);
  expect(exitCode).toBe(0);
  const report = deviceReportSchema.parse(JSON.parse(stdout));
  expect(report.isVirtual).toBe(true);
  const [ofNow, inPage] = [testedOnRow(report), rowsOfPage().find((row) => row.includes("(virtual)")) ?? ""];
  expect(lasting(inPage)).toEqual(lasting(ofNow));
});

test("docs/tested-on.md has the columns of a report's row, and every row has them", () => {
  const [header, ...rows] = rowsOfPage();
  expect(header).toBe(`| ${TESTED_ON_COLUMNS.join(" | ")} |`);
  for (const row of rows) expect(row.split(" | "), row).toHaveLength(TESTED_ON_COLUMNS.length);
});

const page = join(import.meta.dirname, "../../docs/tested-on.md");

/** Of its first table, the header too. */
function rowsOfPage(): string[] {
  const [table = ""] = readFileSync(page, "utf8").split("## Send one in");
  return table.split("\n").filter((line) => line.startsWith("| "));
}

/** Device, iOS, cable, photos and files, the database's size and model, thumbnails and edits: the rest changes by the hour. */
function lasting(row: string): string[] {
  const cells = row.split(" | ").slice(0, 7);
  return cells.map((cell) => cell.replace(/ in [\d.]+ m?s,/, ","));
}
