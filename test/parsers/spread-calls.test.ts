import { expect, test } from "vitest";
import { readSources } from "./sources.js";

/**
 * Lists that are spread into the arguments of a call, and why each is short. A call takes some 120,000 arguments, and
 * ends with "Maximum call stack size exceeded" beyond: what a phone, a library or a folder makes long is gone through
 * with a loop instead.
 */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  "as many as a person or this file wrote": [
    "cli/commands/config/run.ts: Math.max(...texts.map((text) => text.length))",
    "cli/commands/config/run.ts: output.result(...(flags.length === 0",
    "cli/commands/config/run.ts: output.result(...rows.map((row)",
    "cli/commands/plan/audit-lines.ts: Math.max(...ROWS.map",
    "cli/commands/library/lines.ts: lines.push(...MISSING_REMEDY)",
    "cli/commands/library/lines.ts: lines.push(...MISMATCH_REMEDY)",
    "cli/terminal/pick-groups.ts: counted(...KIND_WORDS[kind])",
    "cli/commands/plan/lines.ts: Math.max(...shownRows.map",
    "cli/terminal/live-lines.ts: Math.max(...told.map",
    "cli/commands/status/run.ts: output.result(...statusLines",
    "cli/terminal/live-lines.ts: Math.max(...texts.map",
    "cli/commands/plan/run.ts: output.result(...planLines(",
    "cli/commands/demo/report.ts: output.result(...reportLines(",
    "cli/commands/report/run.ts: output.result(...reportLines(",
    "report/measure-thumbnails.ts: Math.max(...sizes)",
    "cli/commands/doctor/run.ts: output.result(...doctorLines(",
    "cli/commands/doctor/lines.ts: Math.max(...checks.map",
    "cli/commands/doctor/lines.ts: lines.push(...more)",
    "cli/commands/doctor/lines.ts: lines.push(...inLines(",
    "cli/commands/setup/set-up.ts: output.note(...lines)",
    "gui/page/photo-words.ts: words.push(...(answer.reason",
    "integrations/launchd/install-agent.ts: removed.push(...(removeIfEmpty(logs)",
    "cli/commands/setup/set-up.ts: output.note(...setUp.besides.map(escapeControls))",
    "cli/commands/setup/set-up.ts: output.result(...end.lines)",
    "doctor/check-computer.ts: Math.min(...places.map",
    "ledger/ledger-rows.ts: this.#statement(sql).get(...values)",
    "ledger/ledger-rows.ts: this.#statement(sql).all(...values)",
    "ledger/ledger-rows.ts: statement.all(...values)",
    "ledger/ledger-rows.ts: this.#statement(sql).run(...values)",
    "originals/read-file-once.ts: Math.max(...this.#wanted.map",
    "transfer/write-errors.ts: hasErrno(...refusals)",
  ],
  "at most 20 of each kind are named": [
    "cli/commands/plan/audit.ts: output.result(...lines)",
    "cli/commands/library/run.ts: output.result(...checkUpLines(report))",
    "cli/commands/library/run.ts: output.result(...looseFileLines(",
    "cli/commands/staging/run.ts: output.result(...grouped(",
    "cli/commands/staging/clear.ts: output.result(...grouped(staying))",
    "cli/commands/staging/clear.ts: output.result(...named(safe))",
    "cli/terminal/print-run.ts: output.result(...summaryLines(",
    "cli/commands/verify/run.ts: output.result(...(others === null ? [] : otherLines(",
    "cli/commands/verify/run.ts: output.result(...folderLines(",
    "cli/commands/verify/run.ts: output.result(...recheckLines(",
    "cli/commands/verify/run.ts: output.result(...extraLines(",
    "cli/commands/verify/run.ts: output.result(...(await chainLines(",
    "cli/commands/plan/audit-lines.ts: lines.push(...absent.slice(0, MOST_NAMED)",
    "cli/commands/library/lines.ts: lines.push(...named(",
    "cli/commands/library/lines.ts: lines.push(...table(",
    "cli/commands/library/lines.ts: lines.push(...seenLines(",
    "cli/commands/library/lines.ts: lines.push(...sameBytesLines(",
    "cli/commands/library/lines.ts: lines.push(...orphanLines(",
    "cli/terminal/summary-lines.ts: lines.push(...newLines(",
    "cli/terminal/summary-lines.ts: lines.push(...removedLines(",
    "cli/terminal/summary-lines.ts: lines.push(...elsewhere(",
  ],
  "at most 500 phones": [
    "cli/commands/phones/run.ts: output.result(...phoneLines(seen))",
    "cli/commands/watch/run.ts: output.result(...onScreen(",
    "cli/terminal/phone-lines.ts: Math.max(...seen.map",
    "cli/compose/phones-coming-and-going.ts: output.result(...changeLines(",
    "cli/commands/watch/approve.ts: output.result(...names.map",
  ],
  "the items of one batch": [
    "import/import-items.ts: outcomes.push(...(await send(",
    "import/import-items.ts: outcomes.push(...(await sendAgain(",
    "import/send-and-look.ts: outcomes.push(...look.outcomes)",
    "import/look-by-bytes.ts: outcomes.push(...",
    "import/send-and-look.ts: extra.push(...look.extra)",
    "import/poll-until-accounted-for.ts: extra.push(...look.extra)",
    "import/poll-until-accounted-for.ts: outcomes.push(...look.outcomes)",
    "import/reconcile-open-batches.ts: outcomes.push(...",
    "import/deferred-retries.ts: this.#parts.push(...parts)",
    "verify/prove-imported.ts: late.push(...(await this.#readSome(",
  ],
  "the files of one item, or the folders of one path": [
    "cli/commands/receipts/safe-to-remove.ts: output.result(...files.map",
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
