import { expect, test } from "vitest";
import { Desk, phoneWithCameraRoll } from "./one-desk.js";

test("a first import brings every new photo into Photos and into Last Import, and every file answers", async () => {
  using desk = new Desk();
  const phone = await phoneWithCameraRoll();
  const { head, answersByPath } = await desk.import(phone);

  expect([...answersByPath].filter(([, answer]) => answer === "failed" || answer === "unknown")).toEqual([]);
  expect(Object.keys(desk.albums())).toEqual(["Last Import"]);
  expect(desk.albums()["Last Import"]).toHaveLength(head.totals.thisRun.items);
  expect(desk.itemCount()).toBe(head.totals.thisRun.items);
  expect(head.totals.byAnswer).toMatchObject({ "in-trash": 1, hidden: 1, "in-icloud-only": 1, "set-aside": 1 });
  expect(head.evidence.rung).toBe(2);
});

test("a second import says nothing new, sends no Apple event and leaves Last Import as it was", async () => {
  using desk = new Desk();
  const phone = await phoneWithCameraRoll();
  const first = await desk.import(phone);
  const albums = desk.albums();
  desk.photos.resetCounters();
  const second = await desk.import(phone);

  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.head.destination).toMatchObject({ kind: "photos", album: null });
  expect(desk.photos.counters().total).toBe(0);
  expect(desk.albums()).toEqual(albums);
  expect(second.answersByPath).toEqual(first.answersByPath);
});
