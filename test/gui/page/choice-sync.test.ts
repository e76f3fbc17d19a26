import { beforeEach, expect, it } from "vitest";
import { ChoiceSync } from "../../../src/gui/page/choice-sync.js";
import type { Requests } from "../../../src/gui/page/server-state.js";

type ChoiceRequest = Requests["/api/choice"];

let sent: ChoiceRequest[];
let answers: { taken: () => void; refused: (error: Error) => void }[];
let heard: number[][];
let refusals: unknown[];
let sync: ChoiceSync;

beforeEach(() => {
  sent = [];
  answers = [];
  heard = [];
  refusals = [];
  sync = new ChoiceSync({
    send: (request) => {
      sent.push(request);
      return new Promise((taken, refused) => answers.push({ taken, refused }));
    },
    onChosen: (chosen) => heard.push([...chosen]),
    onRefused: (error) => refusals.push(error),
  });
  sync.begin(7, 10, [1, 2]);
});

/** The server takes the request that it got last. */
async function take(): Promise<void> {
  answers.at(-1)!.taken();
  await new Promise(setImmediate);
}

it("tells the server what was added and what was taken away, and no more", async () => {
  sync.begin(7, 10, [1, 2, 3, 4, 5]);
  sync.want(new Set([1, 2, 3, 4, 9]));
  await take();
  await take();
  expect(sent).toEqual([
    { plan: 7, change: "add", ids: [9] },
    { plan: 7, change: "remove", ids: [5] },
  ]);
});

it("tells the whole where that is shorter", () => {
  sync.want(new Set([8]));
  expect(sent).toEqual([{ plan: 7, change: "replace", ids: [8] }]);
});

it("what is chosen while a request is on its way goes after it, only the last of it", async () => {
  sync.want(new Set([1, 2, 3]));
  sync.want(new Set([1, 2, 3, 4]));
  sync.want(new Set([1, 2, 3, 5]));
  expect(sent).toHaveLength(1);
  await take();
  expect(sent.slice(1)).toEqual([{ plan: 7, change: "add", ids: [5] }]);
});

it("an import waits until the server has the choice", async () => {
  sync.want(new Set([8]));
  let isSettled = false;
  const settled = sync.settled().then(() => (isSettled = true));
  await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  await take();
  await settled;
});

it("what another tab chose is taken over", () => {
  sync.hear(7, 11, [5]);
  expect(heard).toEqual([[5]]);
});

it("an older word, and one about another list, change nothing", () => {
  sync.hear(7, 9, [5]);
  sync.hear(6, 12, [5]);
  expect(heard).toEqual([]);
});

it("the echo of what was chosen here changes nothing, not even one that comes late", async () => {
  sync.want(new Set([1, 2, 3]));
  await take();
  sync.want(new Set([1, 2, 3, 4]));
  await take();
  sync.hear(7, 11, [1, 2, 3]);
  sync.hear(7, 12, [1, 2, 3, 4]);
  expect(heard).toEqual([]);
});

it("two tabs that choose at once both show what the server made of it", async () => {
  sync.want(new Set([1, 2, 3]));
  sync.hear(7, 11, [1, 2, 9]);
  sync.hear(7, 12, [1, 2, 9, 3]);
  await take();
  expect(heard).toEqual([[1, 2, 9, 3]]);
});

it("a refused choice is taken back, and said", async () => {
  sync.want(new Set([8]));
  answers[0]!.refused(new Error("the plan has gone"));
  await new Promise(setImmediate);
  expect(heard).toEqual([[1, 2]]);
  expect(refusals).toEqual([new Error("the plan has gone")]);
});
