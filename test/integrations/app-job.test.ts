import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  askUnderWay,
  claimMailbox,
  jobFile,
  mailboxFolder,
  putJob,
  resultOf,
  statusOf,
  takeJob,
} from "../../src/integrations/app/mailbox.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { makeFolder } from "../../src/make-folder.js";

const ANNA = { phone: "00008140-000C0FFEE0DDF00D", waitSeconds: 20 };
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "rc-jobs-"));
  claimMailbox({ home });
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = () => mailboxFolder({ home });
const jobsLeft = () =>
  readdirSync(folder()).filter((name) => /\.(job|taken|status|result|cancel)$/.test(name));

describe("the folder of jobs", () => {
  const now = () => new Date();
  const whole = () => ({
    job: 1,
    id: "00000000-0000-4000-8000-000000000000",
    asker: process.pid,
    askedAt: new Date().toISOString(),
    want: "import",
    ...ANNA,
  });
  const put = (text: string, mode = 0o600) => {
    const path = jobFile(folder(), whole().id, "job");
    writeSetUpFile({ path, text });
    chmodSync(path, mode);
  };

  test("gives a job to one taker only", () => {
    const job = putJob(folder(), { want: "import", ...ANNA });
    expect(takeJob(folder(), now())).toEqual(job);
    expect(takeJob(folder(), now())).toBeNull();
  });

  test("a job that is whole is taken", () => {
    const job = whole();
    put(JSON.stringify(job));
    expect(takeJob(folder(), now())).toEqual(job);
  });

  const others: [string, object | string][] = [
    ["no text", ""],
    ["half of one", "{"],
    ["nothing", "null"],
    ["a list", "[]"],
    ["of another version", { job: 2 }],
    ["that wants something else", { want: "rm" }],
    ["with a key of its own", { arguments: ["--yes"] }],
    ["without a phone", { phone: undefined }],
    ["with a flag for a phone", { phone: "--library=/tmp/x" }],
    ["with a word of the command for a phone", { phone: "--unattended" }],
    ["with a path for a phone", { phone: "/etc/passwd/../../x" }],
    ["that waits for a week", { waitSeconds: 604_800 }],
    ["with a number as text", { waitSeconds: "20" }],
    ["of another name than its file", { id: "00000000-0000-4000-8000-00000000000f" }],
    ["whose name leads elsewhere", { id: "../../../../tmp/x" }],
    ["of an hour ago", { askedAt: "2026-11-22T10:00:00Z" }],
    ["of a process that is gone", { asker: 999_999_999 }],
  ];
  test.each(others)("takes no job that is %s, and removes it", (_, change) => {
    put(typeof change === "string" ? change : JSON.stringify({ ...whole(), ...change }));
    expect(takeJob(folder(), now())).toBeNull();
    expect(jobsLeft()).toEqual([]);
  });

  test.each([0o640, 0o604, 0o622])("takes no job that others can open (%o)", (mode) => {
    put(JSON.stringify(whole()), mode);
    expect(takeJob(folder(), now())).toBeNull();
  });

  test("takes no job by a link, and none of a megabyte", () => {
    makeFolder(folder());
    const elsewhere = join(home, "elsewhere");
    writeFileSync(elsewhere, JSON.stringify(whole()), { mode: 0o600 });
    symlinkSync(elsewhere, jobFile(folder(), whole().id, "job"));
    expect(takeJob(folder(), now())).toBeNull();
    expect(existsSync(elsewhere)).toBe(true);
    put(JSON.stringify(whole()) + " ".repeat(1 << 20));
    expect(takeJob(folder(), now())).toBeNull();
  });

  test("a pipe, a folder or a link among them holds up nobody, and other jobs are taken", () => {
    const [pipe, blocked] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];
    makeFolder(folder());
    for (const file of ["taken", "status", "result"] as const)
      execFileSync("mkfifo", ["-m", "600", jobFile(folder(), pipe, file)]);
    makeFolder(join(jobFile(folder(), blocked, "taken"), "full"));
    writeFileSync(jobFile(folder(), blocked, "job"), "{}", { mode: 0o600 });
    utimesSync(jobFile(folder(), blocked, "job"), 0, 0);
    expect(askUnderWay(folder())).toBeNull();
    const job = whole();
    put(JSON.stringify(job));
    expect(takeJob(folder(), now())).toEqual(job);
    const mine = putJob(folder(), { want: "ask" });
    symlinkSync("/dev/zero", jobFile(folder(), mine.id, "result"));
    execFileSync("mkfifo", ["-m", "600", jobFile(folder(), mine.id, "status")]);
    expect([statusOf(folder(), mine), resultOf(folder(), mine)]).toEqual([null, ""]);
  });

  test("is closed to others, and so is what lies in it", () => {
    const { id } = putJob(folder(), { want: "ask" });
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(statSync(jobFile(folder(), id, "job")).mode & 0o777).toBe(0o600);
    expect(readFileSync(jobFile(folder(), id, "job"), "utf8")).toMatch(/^\{"job":1,.*\}\n$/);
  });
});
