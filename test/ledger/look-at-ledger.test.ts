import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { lookAtApproved, lookAtLedger } from "../../src/ledger/look-at-ledger.js";
import { says } from "../says.js";

let folder: string;
let path: string;
let elsewhere: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
  path = join(folder, "ledger of mine?.sqlite");
  // A closed database lets go of its -wal and -shm some time later: not in the folder that is compared.
  elsewhere = mkdtempSync(join(tmpdir(), "rc-"));
});
afterEach(() => {
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true });
});

const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
/** Every file with its bytes, to see that looking changed none and made none. */
const contents = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, hashOf(join(folder, name))]));

async function lookedAt(): Promise<unknown> {
  const before = contents();
  const found = await lookAtLedger(path).catch((error: { code: string }) => error.code);
  expect(contents()).toEqual(before);
  return found;
}

test("no ledger yet is no trouble, and none is made", async () => {
  expect(await lookedAt()).toBe(false);
});

test("a whole ledger is seen to be whole, and so is one that was made and never written to", async () => {
  const made = join(elsewhere, "made.sqlite");
  (await LedgerDatabase.open(made))[Symbol.dispose]();
  const database = new DatabaseSync(made);
  database.exec(`VACUUM INTO '${path}'`);
  database.close();
  expect(await lookedAt()).toBe(true);
  writeFileSync(path, "");
  expect(await lookedAt()).toBe(true);
});

test("a ledger that a killed run left with its log is looked at without the log being written back", async () => {
  const working = join(elsewhere, "working.sqlite");
  const open = await LedgerDatabase.open(working);
  copyFileSync(working, path);
  copyFileSync(`${working}-wal`, `${path}-wal`);
  open[Symbol.dispose]();
  expect(readdirSync(folder)).toContain("ledger of mine?.sqlite-wal");
  expect(await lookedAt()).toBe(true);
});

test.each([
  ["no database", (file: string) => writeFileSync(file, Buffer.alloc(9000, "no database"))],
  ["a folder", (file: string) => mkdirSync(file)],
  [
    "cut off",
    async (file: string) => {
      (await LedgerDatabase.open(file))[Symbol.dispose]();
      writeFileSync(file, readFileSync(file).subarray(0, 20_000));
    },
  ],
] as const)(
  "a damaged ledger (%s) is told as import would tell it, and left as it is",
  async (_what, make) => {
    await make(path);
    const found = await lookAtLedger(path).catch((error: { code: string; remedy: string }) => error);
    expect(found).toMatchObject({ code: "LEDGER_DAMAGED", remedy: says("backup") });
  },
);

test("a ledger of a newer Rollcall is told as such", async () => {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99; CREATE TABLE a (b)");
  database.close();
  expect(await lookedAt()).toBe("LEDGER_FROM_THE_FUTURE");
});

describe("the phones that a person approved", () => {
  const phone = (udid: string, name: string) => ({
    udid,
    name,
    productType: "iPhone16,1",
    iosVersion: "18.5",
  });
  const photos = { kind: "photos", key: "/a.photoslibrary" } as const;

  async function approvedLook(): Promise<unknown> {
    const before = contents();
    const found = await lookAtApproved(path).catch((error: { code: string }) => error.code);
    expect(contents()).toEqual(before);
    return found;
  }

  test("are named in their order, each once, and not those that were only copied from", async () => {
    expect(await approvedLook()).toEqual([]);
    const made = join(elsewhere, "made.sqlite");
    {
      using ledgerDatabase = await LedgerDatabase.open(made);
      for (const [udid, name] of [
        ["00008140-000C0FFEE0DDF00D", "Ben's iPhone"],
        ["00008140-000C0FFEE0DDF00E", "Anna's iPhone"],
      ] as const) {
        ledgerDatabase.ledgerFor(phone(udid, name), photos).choices.record("confirmed", "yes");
        ledgerDatabase
          .ledgerFor(phone(udid, name), { ...photos, key: "/b" })
          .choices.record("confirmed", "yes");
      }
      const guest = phone("00008140-000C0FFEE0DDF00F", "Guest");
      ledgerDatabase.ledgerFor(guest, { kind: "folder", key: "/copy" }).choices.record("confirmed", "yes");
      ledgerDatabase.ledgerFor(guest, photos).choices.record("icloud", "skip");
    }
    const database = new DatabaseSync(made);
    database.exec(`VACUUM INTO '${path}'`);
    database.close();
    expect(await approvedLook()).toEqual(["Anna's iPhone", "Ben's iPhone"]);
  });

  test("are not known where a killed run left its log, since reading it would write", async () => {
    const working = join(elsewhere, "working.sqlite");
    const open = await LedgerDatabase.open(working);
    copyFileSync(working, path);
    copyFileSync(`${working}-wal`, `${path}-wal`);
    open[Symbol.dispose]();
    expect(await approvedLook()).toBeNull();
  });

  test("of a damaged ledger are told as import would tell it", async () => {
    writeFileSync(path, Buffer.alloc(9000, "no database"));
    expect(await approvedLook()).toBe("LEDGER_DAMAGED");
  });
});
