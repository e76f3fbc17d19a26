import { expect, test } from "vitest";
import { readSources } from "./sources.js";

/**
 * Lists that are spread into the arguments of a call, and why each is short. A call takes some 120,000 arguments, and
 * ends with "Maximum call stack size exceeded" beyond: what a phone, a library or a folder makes long is gone through
 * with a loop instead.
 */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  "as many as a person or this file wrote": [
    "cli/commands/config.ts: Math.max(...texts.map((text) => text.length))",
    "cli/commands/config.ts: output.result(...(flags.length === 0",
    "cli/commands/config.ts: output.result(...rows.map((row)",
    "cli/declare/kept.ts: receipts .command",
    "cli/output/audit-lines.ts: Math.max(...ROWS.map",
    "cli/output/check-up-lines.ts: lines.push(...MISSING_REMEDY)",
    "cli/output/check-up-lines.ts: lines.push(...MISMATCH_REMEDY)",
    "cli/output/pick-groups.ts: counted(...KIND_WORDS[kind])",
    "cli/output/plan-lines.ts: Math.max(...shownRows.map",
    "cli/output/live-lines.ts: Math.max(...told.map",
    "cli/commands/status.ts: output.result(...statusLines",
    "cli/output/live-lines.ts: Math.max(...rows.map",
    "cli/commands/plan.ts: output.result(...planLines(",
    "cli/commands/demo-report.ts: output.result(...reportLines(",
    "cli/commands/report.ts: output.result(...reportLines(",
    "report/measure-thumbnails.ts: Math.max(...sizes)",
    "cli/commands/doctor.ts: output.result(...doctorLines(",
    "cli/output/doctor-lines.ts: Math.max(...checks.map",
    "cli/output/doctor-lines.ts: lines.push(...more)",
    "cli/output/doctor-lines.ts: lines.push(...inLines(",
    "cli/set-up.ts: output.note(...lines)",
    "integrations/launchd/install-agent.ts: removed.push(...(removeIfEmpty(logs)",
    "cli/set-up.ts: output.note(...setUp.besides.map(shown))",
    "cli/set-up.ts: output.result(...end.lines)",
    "doctor/check-computer.ts: Math.min(...places.map",
    "ledger/ledger-rows.ts: this.#statement(sql).get(...values)",
    "ledger/ledger-rows.ts: this.#statement(sql).all(...values)",
    "ledger/ledger-rows.ts: statement.all(...values)",
    "ledger/ledger-rows.ts: this.#statement(sql).run(...values)",
    "originals/read-file-once.ts: Math.max(...this.#wanted.map",
    "transfer/write-errors.ts: hasErrno(...refusals)",
  ],
  "at most 20 of each kind are named": [
    "cli/commands/audit.ts: output.result(...lines)",
    "cli/commands/library.ts: output.result(...checkUpLines(report))",
    "cli/commands/library.ts: output.result(...looseFileLines(",
    "cli/commands/staging.ts: output.result(...grouped(",
    "cli/commands/staging.ts: output.result(...named(safe))",
    "cli/commands/tell-run.ts: output.result(...summaryLines(",
    "cli/commands/verify.ts: output.result(...(others === null ? [] : otherLines(",
    "cli/commands/verify.ts: output.result(...folderLines(",
    "cli/commands/verify.ts: output.result(...recheckLines(",
    "cli/commands/verify.ts: output.result(...extraLines(",
    "cli/commands/verify.ts: output.result(...(await chainLines(",
    "cli/output/audit-lines.ts: lines.push(...absent.slice(0, MOST_NAMED)",
    "cli/output/check-up-lines.ts: lines.push(...named(",
    "cli/output/check-up-lines.ts: lines.push(...table(",
    "cli/output/check-up-lines.ts: lines.push(...seenLines(",
    "cli/output/check-up-lines.ts: lines.push(...sameBytesLines(",
    "cli/output/check-up-lines.ts: lines.push(...orphanLines(",
    "cli/output/summary-lines.ts: lines.push(...newLines(",
    "cli/output/summary-lines.ts: lines.push(...removedLines(",
    "cli/output/summary-lines.ts: lines.push(...elsewhere(",
  ],
  "at most 500 phones": [
    "cli/commands/phones.ts: output.result(...phoneLines(seen))",
    "cli/commands/watch.ts: output.result(...onScreen(",
    "cli/output/phone-lines.ts: Math.max(...seen.map",
    "cli/watch-phones.ts: output.result(...changeLines(",
    "cli/watch/approve.ts: output.result(...names.map",
  ],
  "the items of one batch": [
    "import/import-items.ts: outcomes.push(...(await send(",
    "import/import-items.ts: outcomes.push(...(await sendAgain(",
    "import/send-and-look.ts: outcomes.push(...look.outcomes)",
    "import/look-by-bytes.ts: outcomes.push(...",
    "import/send-and-look.ts: extra.push(...look.extra)",
    "import/look-until-accounted.ts: extra.push(...look.extra)",
    "import/look-until-accounted.ts: outcomes.push(...look.outcomes)",
    "import/settle-open-batches.ts: outcomes.push(...",
    "import/suspects.ts: this.#parts.push(...parts)",
    "verify/prove-imported.ts: late.push(...(await this.#readSome(",
  ],
  "the files of one item, or the folders of one path": [
    "cli/commands/safe-to-remove.ts: output.result(...files.map",
    "run/check-in-library.ts: gone.push(...item)",
    "transfer/safe-file-name.ts: join(...partsOf(",
    "verify/prove-imported.ts: judged.push(...(await this.#goneOrElsewhere(",
  ],
};

const { spreads } = readSources();
const isListed =
  (beginning: string) =>
  ({ file, text }: (typeof spreads)[number]) =>
    `${file}: ${text}`.startsWith(beginning);
const listed = Object.values(SHORT).flat();

test("no list that may be long is spread into a call", () => {
  const others = spreads.filter((spread) => !listed.some((beginning) => isListed(beginning)(spread)));
  expect(others.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});
