import { expect, test } from "vitest";
import type { LargeView } from "../../src/gui/page/server-state.js";
import { phoneWithCameraRoll } from "../run/import-harness.js";
import { GuiDesk } from "./gui-desk.js";

test("a photo and a Live Photo's video are given byte for byte, whole and in stretches", async () => {
  const phone = await phoneWithCameraRoll();
  await using desk = new GuiDesk([phone]);
  const { plan, photos } = await desk.photoList();
  const live = photos.find(({ kind }) => kind === "live")!;
  const large = (await (await desk.ask(`/api/large/${plan}/${live.id}`)).json()) as LargeView;
  expect(large.show).toBe("image");
  for (const address of [large.address!, large.liveAddress!]) {
    const whole = await desk.ask(address, { headers: { authorization: null } });
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect([whole.status, whole.headers.get("accept-ranges")]).toEqual([200, "bytes"]);
    expect([...phone.files.values()].some((file) => Buffer.from(file.bytes).equals(bytes))).toBe(true);
    for (const [range, from, to] of [
      ["bytes=0-9", 0, 10],
      ["bytes=100-", 100, bytes.length],
      ["bytes=-7", bytes.length - 7, bytes.length],
    ] as const) {
      const part = await desk.ask(address, { headers: { range } });
      expect(part.status).toBe(206);
      expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/${bytes.length}`);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
    }
    const beyond = await desk.ask(address, { headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${bytes.length}`]);
  }
});

test("a file that was replaced since it was listed is not given under its old length", async () => {
  const phone = await phoneWithCameraRoll();
  await using desk = new GuiDesk([phone]);
  const { plan, photos } = await desk.photoList();
  // Two folders have an IMG_0001.JPG.
  const pathsOf = (name: string) => [...phone.files.keys()].filter((one) => one.endsWith(`/${name}`));
  const photo = photos.find(
    ({ kind, state, isEdited, name }) =>
      kind === "photo" && state === "new" && !isEdited && pathsOf(name).length === 1,
  )!;
  const [path = ""] = pathsOf(photo.name);
  const { address } = (await (await desk.ask(`/api/large/${plan}/${photo.id}`)).json()) as LargeView;
  phone.put(path, { bytes: Buffer.from("short"), modifiedAt: new Date() });
  const response = await desk.ask(address!);
  await expect(response.arrayBuffer()).rejects.toThrow();
});

test("small pictures come with their type, and what has none is no error", async () => {
  await using desk = new GuiDesk([await phoneWithCameraRoll({ hasLibraryOnly: true })]);
  const { plan, photos } = await desk.photoList();
  const types = new Set<string>();
  for (const { id } of photos) {
    const response = await desk.ask(`/api/thumbnail/${plan}/${id}`);
    types.add(`${response.status} ${response.headers.get("content-type")?.split(";")[0]}`);
  }
  expect(types.has("200 image/jpeg")).toBe(true);
  expect([...types].filter((one) => !/^(200 image\/(jpeg|png)|204 undefined)$/.test(one))).toEqual([]);
});
