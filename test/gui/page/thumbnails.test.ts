import { beforeEach, expect, it } from "vitest";
import { type Picture, Thumbnails } from "../../../src/gui/page/thumbnails.js";

interface Asked {
  readonly id: number;
  readonly signal: AbortSignal;
  readonly come: (picture: Picture | null) => void;
  readonly fail: () => void;
}

let asked: Asked[];
let shown: string[];
let revoked: string[];
let thumbnails: Thumbnails;

beforeEach(() => {
  asked = [];
  shown = [];
  revoked = [];
  thumbnails = new Thumbnails(
    {
      fetch: (id, signal) =>
        new Promise((come, refuse) => {
          const fail = () => refuse(new Error("no"));
          signal.addEventListener("abort", fail);
          asked.push({ id, signal, come, fail });
        }),
      revoke: (url) => revoked.push(url),
    },
    (key) => shown.push(key),
    1000,
  );
});

const wanted = (...ids: number[]) => ids.map((id) => ({ key: `p${id}`, id }));
const idsAsked = () => asked.map(({ id }) => id);

async function comes(id: number, bytes = 100): Promise<void> {
  asked.findLast((one) => one.id === id)!.come({ url: `blob:${id}`, bytes });
  await new Promise(setImmediate);
}

it("asks for four at once, in their order, and for the next when one came", async () => {
  thumbnails.want(wanted(1, 2, 3, 4, 5, 6));
  expect(idsAsked()).toEqual([1, 2, 3, 4]);
  await comes(2);
  expect(idsAsked()).toEqual([1, 2, 3, 4, 5]);
  expect(shown).toEqual(["p2"]);
  expect(thumbnails.get("p2")).toEqual({ url: "blob:2", bytes: 100 });
});

it("what scrolled away is given up, and what is wanted now is asked for at once", () => {
  thumbnails.want(wanted(1, 2, 3, 4, 5));
  thumbnails.want(wanted(4, 80, 81));
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false, false, false]);
  expect(idsAsked()).toEqual([1, 2, 3, 4, 80, 81]);
});

it("a picture that came is not asked for again, nor one that the phone does not have", async () => {
  thumbnails.want(wanted(1, 2));
  await comes(1);
  asked[1]!.come(null);
  await new Promise(setImmediate);
  thumbnails.want(wanted(1, 2));
  expect(idsAsked()).toEqual([1, 2]);
  expect(thumbnails.get("p2")).toBeNull();
});

it("what failed is asked for again once the phone is back", async () => {
  thumbnails.want(wanted(1));
  asked[0]!.fail();
  await new Promise(setImmediate);
  thumbnails.want(wanted(1));
  expect(idsAsked()).toEqual([1]);
  thumbnails.tryAgain();
  expect(idsAsked()).toEqual([1, 1]);
});

it("beyond its bytes what was not shown for longest is let go, never what is in view", async () => {
  for (const id of [1, 2, 3]) {
    thumbnails.want(wanted(id));
    await comes(id, 400);
  }
  expect(revoked).toEqual(["blob:1"]);
  thumbnails.want(wanted(2));
  thumbnails.want(wanted(4));
  await comes(4, 400);
  expect(revoked).toEqual(["blob:1", "blob:3"]);
  thumbnails.want(wanted(2, 4, 5));
  await comes(5, 900);
  expect(revoked).toEqual(["blob:1", "blob:3"]);
});

it("another phone: everything is given up and let go", async () => {
  thumbnails.want(wanted(1, 2));
  await comes(1);
  thumbnails.clear();
  expect(revoked).toEqual(["blob:1"]);
  expect(asked[1]!.signal.aborted).toBe(true);
  expect(thumbnails.get("p1")).toBeUndefined();
});
