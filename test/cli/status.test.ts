import { expect, test } from "vitest";
import { statusDocument } from "../../src/cli/commands/status/document.js";
import { statusLines } from "../../src/cli/commands/status/lines.js";
import { lookAtPhones, type PhoneLookDeps } from "../../src/cli/commands/status/look-at-phones.js";
import type { StatusNow } from "../../src/cli/commands/status/status-now.js";
import { RollcallError } from "../../src/errors.js";
import type { SeenPhone } from "../../src/phone/phone-watch.js";

const NOW = new Date(2026, 10, 22, 18, 0);

function phone(name: string, rest: Partial<SeenPhone> = {}): SeenPhone {
  const identity = { udid: name, name, productType: "iPhone16,1", iosVersion: "18.5" };
  const seenBy = { usb: true, usbmuxd: true };
  return { udid: name, identity, state: "ready", reason: null, cableBitsPerSecond: null, seenBy, ...rest };
}

function statusOf(rest: Partial<StatusNow>): StatusNow {
  return {
    atWork: null,
    phones: [],
    cableTrouble: null,
    cutOff: [],
    ledgerTrouble: null,
    lastRun: null,
    receiptTrouble: null,
    agent: [],
    ...rest,
  };
}

const trouble = (
  code: "PHONE_LIBRARY_UNREADABLE" | "DISK_FULL" | "ANOTHER_ROLLCALL" | "PHONE_GONE",
  message: string,
) => new RollcallError(code, { message, remedy: "Run rollcall doctor." });

const LOCKED = phone("Bob", {
  state: "locked",
  reason: { code: "PHONE_LOCKED", message: "Bob is locked.", remedy: "Unlock it." },
});

test.each<[string, Partial<StatusNow>, string[]]>([
  ["nothing at all", {}, ["phone        none on the cable", "last run     none yet"]],
  [
    "a locked phone",
    { phones: [{ seen: LOCKED, totals: null, trouble: null }] },
    ["phone        Bob is locked. Unlock it.", "last run     none yet"],
  ],
  [
    "a phone whose database cannot be read: flags of other commands are no remedy here",
    {
      phones: [
        {
          seen: phone("Anna"),
          totals: null,
          trouble: trouble("PHONE_LIBRARY_UNREADABLE", "It could not be read."),
        },
      ],
    },
    ["phone        It could not be read. rollcall plan says what to do.", "last run     none yet"],
  ],
  [
    "a ledger that cannot be read: sentences, and nothing behind a line to be typed",
    {
      ledgerTrouble: new RollcallError("FOLDER_NOT_WRITABLE", {
        message: "It cannot write to /data",
        why: "the system refused it",
        remedy: "sudo chown 1 /data",
      }),
    },
    [
      "phone        none on the cable",
      "ledger       It cannot write to /data. the system refused it. sudo chown 1 /data",
      "last run     none yet",
    ],
  ],
  [
    "another Rollcall",
    {
      atWork: trouble("ANOTHER_ROLLCALL", "Another Rollcall is running here."),
      phones: [{ seen: phone("Anna"), totals: null, trouble: null }],
      cutOff: null,
    },
    [
      "at work      Another Rollcall is running here. Phones are not read meanwhile.",
      "phone        Anna: on the cable, not read",
      "last run     none yet",
    ],
  ],
  [
    "a phone that could not be read, a run and a copy that were cut off",
    {
      phones: [
        { seen: phone("Anna"), totals: null, trouble: trouble("DISK_FULL", "The disk is full.") },
        { seen: LOCKED, totals: null, trouble: null },
      ],
      cutOff: [
        {
          id: "1",
          startedAt: new Date(2026, 10, 21, 9, 5),
          phone: { udid: "a", name: "Anna" },
          destination: { kind: "photos", key: "/x" },
        },
        {
          id: "2",
          startedAt: new Date(2026, 10, 22, 9, 5),
          phone: { udid: "b", name: "B\u001b[1mob" },
          destination: { kind: "folder", key: "/disk" },
        },
      ],
    },
    [
      "phone        The disk is full. Run rollcall doctor.",
      "             Bob is locked. Unlock it.",
      "interrupted  import from Anna, begun 21 Nov 2026, 09:05: the next rollcall import resumes it",
      "             copy of B\\u001b[1mob to /disk, begun 09:05: the next copy to it resumes it",
      "last run     none yet",
    ],
  ],
])("status says %s", (_what, rest, lines) => {
  expect(statusLines(statusOf(rest), NOW)).toEqual(lines);
});

test("status stays on a screen, however many runs were cut off", () => {
  const one = { id: "1", startedAt: NOW, phone: { udid: "a", name: "A" } };
  const cutOff = Array.from({ length: 40 }, () => ({
    ...one,
    destination: { kind: "folder", key: "/d" } as const,
  }));
  const lines = statusLines(statusOf({ cutOff }), NOW);
  expect(lines.length).toBeLessThan(12);
  expect(lines).toContain("             and 35 more");
});

test("in JSON each trouble has its code, and names the program as it was started", () => {
  const document = statusDocument(statusOf({ ledgerTrouble: trouble("DISK_FULL", "The disk is full.") }), {
    program: "npx rollcall",
    from: null,
  });
  expect(document.ledger).toEqual({
    code: "DISK_FULL",
    message: "The disk is full.",
    why: null,
    remedy: "Run npx rollcall doctor.",
  });
});

test("a phone that goes or takes too long spares the others, and says so", async () => {
  const asked: string[] = [];
  const finder = {
    open: async (udid: string, signal: AbortSignal) => {
      asked.push(udid);
      if (udid === "Gone") throw trouble("PHONE_GONE", "Gone is gone.");
      signal.throwIfAborted();
      throw new Error("it was not told to stop");
    },
  };
  const parts = {
    finder,
    signal: new AbortController().signal,
    limit: () => AbortSignal.abort(),
  } as unknown as PhoneLookDeps;
  const limits = [new AbortController().signal, AbortSignal.abort()];
  const looked = await lookAtPhones([phone("Gone"), LOCKED, phone("Slow")], {
    ...parts,
    limit: () => limits.shift()!,
  });
  expect(asked).toEqual(["Gone", "Slow"]);
  expect(looked.map(({ trouble: told }) => told?.message ?? null)).toEqual([
    "Gone is gone.",
    null,
    "After 30 seconds it was not known what is new on Slow.",
  ]);
});
