import { expect, test } from "vitest";
import { hasEnded } from "../../src/session/has-ended.js";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1, 10, 0, seconds));
const sentTo = { pid: 100, startedAt: at(0) };
const until = at(30);

test.each<[string, ...Parameters<typeof hasEnded>, boolean]>([
  ["no Photos runs", sentTo, null, until, true],
  ["no Photos runs, and nobody knows which one was asked", null, null, until, true],
  ["it runs on", sentTo, sentTo, until, false],
  ["another one was started long after the event", sentTo, { pid: 200, startedAt: at(31) }, until, true],
  ["the event itself may have started another one", sentTo, { pid: 200, startedAt: at(29) }, until, false],
  ["another one was started at the last moment", sentTo, { pid: 200, startedAt: until }, until, false],
  ["its number was given again, long after", sentTo, { pid: 100, startedAt: at(31) }, until, true],
  ["nobody can tell what runs", sentTo, "unknown", until, false],
  ["nobody knows which one was asked", null, { pid: 200, startedAt: at(31) }, until, false],
])("whether the Photos that was asked has ended: %s", (_what, asked, running, lastMoment, ended) => {
  expect(hasEnded(asked, running, lastMoment)).toBe(ended);
});
