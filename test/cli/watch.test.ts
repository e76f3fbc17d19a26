import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agentSetUp } from "../../src/cli/commands/setup/agent.js";
import { arrivalEnd } from "../../src/cli/commands/watch/start-import.js";
import { keepSmall, WatchLog } from "../../src/cli/commands/watch/watch-log.js";
import { claimDataFolder } from "../../src/cli/process/folders.js";
import { MARKER } from "../../src/owned-folder.js";
import { FakeMac } from "../integrations/fake-mac.js";

test("the log of a watch never takes more than twice its bound, and keeps the newest lines", () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-log-"));
  try {
    const log = new WatchLog(join(folder, "logs"), 1_000);
    for (let number = 0; number < 200; number += 1) log.write(`line ${String(number).padStart(20, "0")}`);
    const now = join(folder, "logs/watch.log");
    const earlier = join(folder, "logs/watch.1.log");
    expect(statSync(now).size).toBeLessThanOrEqual(1_000);
    expect(statSync(earlier).size).toBeLessThanOrEqual(1_000);
    const lines = (readFileSync(earlier, "utf8") + readFileSync(now, "utf8")).trimEnd().split("\n");
    expect(lines.at(-1)).toBe(`line ${String(199).padStart(20, "0")}`);
    expect(lines).toEqual([...lines].sort());
    expect(statSync(now).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what launchd keeps of the agent's output is emptied once it has become large, and else left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-log-"));
  try {
    const path = join(folder, "agent.log");
    keepSmall(path, 10);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "0123456789");
    keepSmall(path, 10);
    expect(readFileSync(path, "utf8")).toBe("0123456789");
    writeFileSync(path, "0123456789a");
    keepSmall(path, 10);
    expect(readFileSync(path, "utf8")).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("with the agent go the logs of its watch in a data folder that was named, and nothing else there", async () => {
  using mac = new FakeMac();
  const data = join(mac.home, "a place of Anna's");
  const how = { node: process.execPath, program: "/none/main.js", environment: { ROLLCALL_HOME: data } };
  const folders = { home: mac.home, data };
  const setUp = agentSetUp({ run: mac.run(), how, takeJob: "/none/take-job.js", folders, note: () => {} });
  await claimDataFolder(data);
  new WatchLog(join(data, "logs")).write("it was here");
  const removed = await setUp.remove();
  expect(removed.document).toMatchObject({ removed: [join(data, "logs/watch.log")] });
  expect(existsSync(data)).toBe(false);

  new WatchLog(join(data, "logs")).write("it was here");
  writeFileSync(join(data, "logs/notes.txt"), "Anna's own");
  await setUp.remove();
  expect(readdirSync(join(data, "logs"))).toEqual([MARKER, "notes.txt"]);
});

test("how an import of the watch ended is told by its document, and by its status where there is none", () => {
  const error = { code: "PHONE_LOCKED", message: "It is locked.", why: null, remedy: "Unlock it." };
  expect(arrivalEnd(5, JSON.stringify({ error, status: 5 }))).toEqual({
    kind: "trouble",
    code: "PHONE_LOCKED",
    message: "It is locked.",
    remedy: "Unlock it.",
  });
  const totals = { thisRun: { items: 2 } };
  expect(arrivalEnd(0, JSON.stringify({ summary: "2 new photos", totals }))).toMatchObject({
    kind: "done",
    newItems: 2,
  });
  expect(arrivalEnd(3, JSON.stringify({ summary: "1 photo not as it should be", totals }))).toMatchObject({
    kind: "trouble",
    code: "WRONG_ANSWERS",
  });
  expect(arrivalEnd(1, "no JSON")).toMatchObject({ kind: "trouble", code: "NO_DOCUMENT" });
  expect(arrivalEnd(null, "")).toMatchObject({ kind: "trouble", code: "NO_DOCUMENT" });
  for (const other of ["null", "7", "[]", '{"error":null}', '{"error":7}', '{"summary":{},"totals":null}'])
    expect(arrivalEnd(0, other), other).toMatchObject({ kind: "trouble", code: "NO_DOCUMENT" });
  expect(arrivalEnd(0, '{"summary":"done","totals":{"thisRun":null}}')).toMatchObject({ newItems: 0 });
});
