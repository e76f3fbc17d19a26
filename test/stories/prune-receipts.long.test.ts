import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDataFolder } from "../../src/cli/process/folders.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { Answer } from "../../src/receipt/answer.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { answer, failed, headOf, proved } from "../receipt/some-answers.js";
import { CommandHarness } from "./command-harness.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A data folder with receipts of runs so many days ago, each of photos of its own. */
async function withReceipts(
  runs: readonly { readonly daysAgo: number; readonly phone?: string; readonly isWrong?: boolean }[],
): Promise<CommandHarness> {
  const harness = new CommandHarness();
  onTestFinished(() => harness[Symbol.asyncDispose]());
  const { receipts } = await openDataFolder(harness.environment.ROLLCALL_HOME!);
  const folder = new ReceiptFolder(receipts, commandWords);
  for (const { daysAgo, phone = "Anna", isWrong = false } of runs) {
    const answers: Answer[] = [answer(`/DCIM/100APPLE/IMG_${1000 + daysAgo}.JPG`, isWrong ? failed : proved)];
    const startedAt = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
    const id = `run-${daysAgo}`;
    const { phone: usual } = headOf(answers);
    const head = headOf(answers, {
      id,
      startedAt,
      finishedAt: startedAt,
      previous: await folder.previous(id),
      phone: { ...usual, name: phone },
    });
    await folder.write(head, () => answers);
  }
  return harness;
}

interface Listed {
  readonly receipts: readonly { readonly startedAt: string; readonly previousIs: string | null }[];
}

/** How many days ago the listed runs were, and what is said of the receipt before each. */
async function listed(harness: CommandHarness): Promise<[number, string | null][]> {
  const { stdout } = await harness.rollcall(["receipts", "--json"]);
  return (JSON.parse(stdout) as Listed).receipts.map(({ startedAt, previousIs }) => [
    Math.round((Date.now() - Date.parse(startedAt)) / DAY_MS),
    previousIs,
  ]);
}

test("receipts prune keeps the newest and the last year, asks first, and the rest raises no alarm", async () => {
  const harness = await withReceipts([{ daysAgo: 900 }, { daysAgo: 800 }, { daysAgo: 200 }, { daysAgo: 2 }]);
  const prune = ["receipts", "prune", "--keep-last", "1", "--keep-within", "1y"];
  expect((await harness.rollcall(["receipts", "prune"])).exitCode).toBe(2);

  const nobody = await harness.rollcall(prune);
  expect(nobody.exitCode, nobody.stderr).toBe(2);
  expect(nobody.stderr).toContain("--yes removes them without asking");
  expect(await listed(harness)).toHaveLength(4);

  const pruned = await harness.rollcall([...prune, "--yes"]);
  expect([pruned.exitCode, pruned.stderr]).toEqual([0, ""]);
  expect(pruned.stdout).toMatch(/^Removed 2 receipts, .*\. 2 receipts stay\.(?:\n|$)/);
  expect((await listed(harness)).sort()).toEqual([
    [2, "there"],
    [200, "pruned"],
  ]);
  expect((await harness.rollcall(["receipts"])).stdout).toMatch(/was pruned by you on \d/);
  const left = readdirSync(join(harness.environment.ROLLCALL_HOME!, "receipts"));
  expect(left.filter((name) => !name.startsWith("."))).toHaveLength(2 * 3);
});

test("receipts takes filters, and says what filtered when nothing is left", async () => {
  const harness = await withReceipts([
    { daysAgo: 40, isWrong: true },
    { daysAgo: 2 },
    { daysAgo: 1, phone: "Ben" },
  ]);
  const rowsOf = async (...flags: string[]) => {
    const { stdout } = await harness.rollcall(["receipts", ...flags, "--json"]);
    return (JSON.parse(stdout) as Listed).receipts.length;
  };
  expect([
    await rowsOf(),
    await rowsOf("--phone", "anna"),
    await rowsOf("--since", "7d"),
    await rowsOf("--wrong"),
    await rowsOf("--phone", "Anna", "--since", "7d", "--into", "photos"),
  ]).toEqual([3, 2, 2, 1, 1]);
  const none = await harness.rollcall(["receipts", "--phone", "Carla", "--since", "2020"]);
  expect(none.stdout).toMatch(/^None of 3 receipts is of a phone called Carla, since 1 Jan 2020.*\.$/);
  expect((await harness.rollcall(["receipts", "--since", "2026", "--until", "2025"])).exitCode).toBe(2);
});
