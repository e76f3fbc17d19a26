import { expect, test } from "vitest";
import { LiveState } from "../../src/gui/live-state.js";
import type { Change, PageState } from "../../src/gui/page/server-state.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";

const EMPTY = { version: "1", phones: [] } as unknown as PageState;

test("who comes is told all there is, then what changes; ten seconds of nothing are told, too", async () => {
  const live = new LiveState(EMPTY, new ManualTime());
  live.beginRun(1, 5);
  live.answer({ id: 7, answer: "copied" });
  const lines = live.changes(new AbortController().signal);
  const next = async () => (await lines.next()).value as Change;
  expect(await next()).toEqual({ type: "state", state: EMPTY });
  expect((await next()).type).toBe("choice");
  expect(await next()).toEqual({ type: "answers", run: 1, plan: 5, answers: [{ id: 7, answer: "copied" }] });
  expect(await next()).toEqual({ type: "still-here" });
  live.answer({ id: 8, answer: "copied" });
  live.answer({ id: 7, answer: "imported" });
  expect(await next()).toMatchObject({ answers: [{ id: 8 }, { id: 7, answer: "imported" }] });
  live.beginRun(1, 6);
  live.answer({ id: 2, answer: "imported" });
  expect(await next()).toEqual({
    type: "answers",
    run: 1,
    plan: 6,
    answers: [{ id: 2, answer: "imported" }],
  });
  live.quit();
  expect(await next()).toEqual({ type: "quit" });
  expect((await lines.next()).done).toBe(true);
});

test("a slow reader is told the state of the moment, once, and not each one before", async () => {
  const live = new LiveState(EMPTY, new ManualTime());
  const lines = live.changes(new AbortController().signal);
  await lines.next();
  await lines.next();
  for (let version = 2; version < 50; version += 1) live.set({ version: String(version) });
  expect((await lines.next()).value).toMatchObject({ state: { version: "49" } });
  expect((await lines.next()).value).toEqual({ type: "still-here" });
});

test("a page is counted as long as it listens", async () => {
  const live = new LiveState(EMPTY, new ManualTime());
  const gone = new AbortController();
  const lines = live.changes(gone.signal);
  await lines.next();
  expect(live.pages).toBe(1);
  gone.abort(new Error("closed"));
  await lines.next();
  await expect(lines.next()).rejects.toThrow("closed");
  expect(live.pages).toBe(0);
});
