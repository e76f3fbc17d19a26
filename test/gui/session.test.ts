import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Phone, ReadOptions } from "../../src/phone/phone.js";
import type { PhoneFinder } from "../../src/phone/phone-watch.js";
import type { Answer } from "../../src/receipt/answer.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { phoneWithCameraRoll } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { GuiDesk } from "./gui-desk.js";

describe("a phone that is plugged in", () => {
  test("is opened by itself, and its photos can be chosen", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { opened, phones } = await desk.until((state) => state.opened?.phase === "ready");
    expect(phones.map(({ name, isReady }) => [name, isReady])).toEqual([["Memory Phone", true]]);
    expect(opened?.photos?.newItems).toBeGreaterThan(10);
    expect(opened?.photos?.importedItems).toBe(0);
  });

  test("and is locked says so, and is opened as soon as it is not", async () => {
    await using desk = new GuiDesk();
    const phone = await phoneWithCameraRoll();
    desk.cable.plugIn(phone, "locked");
    const { phones, opened } = await desk.until((state) => state.phones.length === 1);
    expect([phones[0]!.words, phones[0]!.trouble?.remedy, opened]).toEqual(["locked", ["Unlock it."], null]);
    desk.cable.plugIn(phone, "ready");
    await desk.until((state) => state.opened?.phase === "ready");
  });

  test("and is pulled out is waited for, and read again when it is back", async () => {
    const phone = await phoneWithCameraRoll();
    await using desk = new GuiDesk([phone]);
    const { plan } = await desk.photoList();
    desk.cable.unplug(phone);
    const away = await desk.until((state) => state.opened?.phase === "waiting");
    expect(away.phones).toEqual([]);
    expect(away.opened?.trouble?.code).toMatch(/^(NO_PHONE|PHONE_NOT_FOUND)$/);
    const picture = await desk.ask(`/api/thumbnail/${plan}/0`);
    expect(picture.status).toBe(503);
    desk.cable.plugIn(phone);
    const back = await desk.until(({ opened }) => opened?.phase === "ready" && opened.photos!.plan > plan);
    expect(back.opened?.trouble).toBeNull();
  });

  test("are opened one at a time: of two that are asked for at once the last is shown, and read", async () => {
    const [one, other] = [await phoneWithCameraRoll(), await phoneWithCameraRoll({ seed: 7 })];
    Object.assign(other.identity, { udid: "00008130-00AABBCCDDEEFF00", name: "Other Phone" });
    await using desk = new GuiDesk([one, other]);
    await desk.until((state) => state.phones.length === 2);
    const udids = [one, other, one, other].map(({ identity }) => identity.udid);
    await Promise.all(udids.map((udid) => desk.post("/api/phone", { udid })));
    const { opened } = await desk.until((state) => state.opened?.phase === "ready");
    expect(opened?.name).toBe("Other Phone");
    expect(desk.session.opened?.udid).toBe(other.identity.udid);
  });

  test("beside another one is not opened unasked; a person chooses, and may choose the other one", async () => {
    await using desk = new GuiDesk();
    const [one, other] = [await phoneWithCameraRoll(), await phoneWithCameraRoll({ seed: 7 })];
    Object.assign(other.identity, { udid: "00008130-00AABBCCDDEEFF00", name: "Other Phone" });
    desk.cable.plugIn(one);
    desk.cable.plugIn(other);
    const { opened } = await desk.until((state) => state.phones.length === 2);
    expect(opened).toBeNull();
    for (const { identity } of [one, other]) {
      expect((await desk.post("/api/phone", { udid: identity.udid })).status).toBe(204);
      await desk.until((state) => state.opened?.name === identity.name && state.opened.phase === "ready");
    }
    expect((await desk.post("/api/phone", { udid: "no such" })).status).toBe(404);
  });
});

describe("a phone whose photo library cannot be read", () => {
  test("is told of, and shows all its files once a person says so; then they are imported like that", async () => {
    const files = Object.fromEntries([1, 2, 3].map((one) => [`/DCIM/100APPLE/IMG_000${one}.JPG`, jpeg(one)]));
    const phone = phoneWith(files);
    await using desk = new GuiDesk([phone]);
    const { opened } = await desk.until((state) => state.opened?.phase === "failed");
    expect(opened?.trouble?.code).toBe("PHONE_LIBRARY_UNREADABLE");
    expect(opened?.photos).toBeNull();
    await desk.post("/api/phone", { udid: phone.identity.udid, withoutLibrary: true });
    const { plan, photos } = await desk.photoList();
    expect(photos.map(({ name }) => name)).toEqual(["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG"]);
    const shown = await desk.until((state) => state.opened?.photos?.plan === plan);
    expect(shown.opened?.photos?.notes.join()).toContain(
      "hidden pictures and those in Recently Deleted are shown",
    );
    await desk.post("/api/choice", { plan, change: "replace", ids: [1] });
    await desk.post("/api/import", { plan, what: "chosen" });
    await answerYes(desk);
    const { run } = await desk.until((state) => state.run?.end != null);
    const imported = (await answersOf(desk, run!.end)).filter(({ thisRun }) => thisRun);
    expect(imported.map(({ path }) => path)).toEqual(["/DCIM/100APPLE/IMG_0002.JPG"]);
  });
});

describe("an import", () => {
  test("of what is chosen brings exactly that, each photo answers as it goes, and the receipt lists it", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan, photos } = await desk.photoList();
    const chosen = photos.filter(({ kind, state }) => state === "new" && kind !== "raw").slice(3, 6);
    await desk.post("/api/choice", { plan, change: "replace", ids: chosen.map(({ id }) => id) });
    // The list after the import has other ids, under which all answers are told once more.
    const told = desk.changesUntil((change) => change.type === "answers" && change.plan > plan);
    expect((await desk.post("/api/import", { plan, what: "chosen" })).status).toBe(204);
    await answerYes(desk);
    const answers = (await told).flatMap((change) => (change.type === "answers" ? [change] : []));
    const run = (await desk.until(({ run }) => run?.end != null)).run!;
    expect(run.end).toMatchObject({ type: "finished", album: "Last Import" });
    const meanwhile = answers.flatMap((one) => (one.plan === plan ? one.answers : []));
    for (const { id } of chosen) {
      const words = meanwhile.filter((one) => one.id === id).map(({ answer }) => answer);
      expect(["copied", "imported", "proved"].slice(0, words.length)).toEqual(words);
      expect(words[0]).toBe("copied");
    }
    expect(new Set(meanwhile.map(({ id }) => id))).toEqual(new Set(chosen.map(({ id }) => id)));
    expect(answers.at(-1)!.answers.map(({ answer }) => answer)).toEqual(["proved", "proved", "proved"]);
    const imported = (await answersOf(desk, run.end)).filter(({ thisRun }) => thisRun);
    const names = new Set(imported.map(({ item }) => item.slice(item.lastIndexOf("/") + 1)));
    expect(names).toEqual(new Set(chosen.map(({ name }) => name)));
    const { opened } = await desk.until(
      ({ opened }) => opened?.phase === "ready" && opened.photos!.plan > plan,
    );
    expect(opened?.photos?.importedItems).toBe(chosen.length);
    expect(opened?.choice?.items).toBe(0);
  });

  test("of everything new leaves nothing new, and what is new afterwards is told by the next list", async () => {
    const phone = await phoneWithCameraRoll({ hasLibraryOnly: true });
    await using desk = new GuiDesk([phone]);
    const { plan } = await desk.photoList();
    const before = await desk.until((state) => state.opened?.phase === "ready");
    await desk.post("/api/import", { plan, what: "new" });
    await answerYes(desk);
    const { opened } = await desk.until(
      ({ opened }) => opened?.phase === "ready" && opened.photos!.plan > plan,
    );
    expect(opened?.photos?.newItems).toBe(0);
    const { notes, newItems } = before.opened!.photos!;
    expect(notes).toEqual([
      "2 frames of bursts that nobody picked are not shown here, as on the iPhone. Import All New Photos imports them, too.",
    ]);
    const { summary } = (await desk.until(({ run }) => run?.end != null)).run!.end as { summary: string };
    expect(opened?.photos?.importedItems).toBe(newItems);
    expect(summary).toBe(`${newItems + 2} new`);
  });

  test("is one at a time, and neither a check nor an eject goes beside it", async () => {
    const phone = await phoneWithCameraRoll();
    await using desk = new GuiDesk([phone]);
    const { plan } = await desk.photoList();
    const body = { plan, what: "new" } as const;
    expect((await desk.post("/api/import", body)).status).toBe(204);
    await desk.until(({ question }) => question !== null);
    const refused = [
      await desk.post("/api/import", body),
      await desk.post("/api/doctor", {}),
      await desk.post("/api/safe-to-remove", {}),
      await desk.post("/api/eject", { udid: phone.identity.udid }),
    ];
    for (const response of refused) {
      expect(response.status).toBe(409);
      expect(((await response.json()) as { trouble: { code: string } }).trouble.code).toBe(
        "ANOTHER_ROLLCALL",
      );
    }
    await desk.post("/api/stop", {});
    await desk.until(({ run }) => run?.end != null);
    expect(desk.done).toEqual([]);
  });

  test("that is stopped ends as STOPPED, and the next one goes on", async () => {
    // From its fourth original on, the phone gives nothing until somebody stops.
    let isHeld = false;
    await using desk = new GuiDesk([await phoneWithCameraRoll()], (parts) => ({
      ...parts,
      finder: holdingOriginals(parts.finder, () => isHeld, 3),
    }));
    const { plan } = await desk.photoList();
    isHeld = true;
    await desk.post("/api/import", { plan, what: "new" });
    await answerYes(desk);
    await desk.until(({ run }) => run !== null && run.copied.items > 0);
    await desk.post("/api/stop", {});
    const stopped = await desk.until(({ run }) => run?.end != null);
    expect(stopped.run!.isStopping).toBe(true);
    expect(stopped.run!.end).toMatchObject({ type: "failed", trouble: { code: "STOPPED" } });
    isHeld = false;
    const { opened } = await desk.until(
      ({ opened }) => opened?.phase === "ready" && opened.photos!.plan > plan,
    );
    await desk.post("/api/import", { plan: opened!.photos!.plan, what: "new" });
    const ended = await desk.until(({ run }) => run!.number === 2 && run!.end !== null);
    expect(ended.run!.end).toMatchObject({ type: "finished" });
    const all = await desk.until(
      ({ opened: now }) => now?.phase === "ready" && now.photos!.plan > opened!.photos!.plan,
    );
    expect(all.opened?.photos?.newItems).toBe(0);
  });

  test("that is stopped while the phone is waited for ends as STOPPED, too", async () => {
    const phone = await phoneWithCameraRoll();
    await using desk = new GuiDesk([phone]);
    const { plan } = await desk.photoList();
    desk.cable.plugIn(phone, "locked");
    await desk.post("/api/import", { plan, what: "new" });
    await desk.until(({ run }) => run?.waitingFor != null);
    await desk.post("/api/stop", {});
    const { run } = await desk.until((state) => state.run?.end != null);
    expect(run!.end).toMatchObject({ type: "failed", trouble: { code: "STOPPED" } });
  });

  test("with nothing chosen is refused", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan } = await desk.photoList();
    expect((await desk.post("/api/import", { plan, what: "chosen" })).status).toBe(400);
    expect((await desk.until(() => true)).run).toBeNull();
  });
});

describe("a question of the import", () => {
  test("is answered once: a second tab that answers is told so", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan } = await desk.photoList();
    await desk.post("/api/import", { plan, what: "new" });
    const { question } = await desk.until((state) => state.question !== null);
    const body = { question: question!.number, value: "no" };
    expect((await desk.post("/api/answer", { ...body, value: "perhaps" })).status).toBe(409);
    expect((await desk.post("/api/answer", body)).status).toBe(204);
    expect((await desk.post("/api/answer", body)).status).toBe(409);
    const { run } = await desk.until((state) => state.run?.end != null);
    expect(run!.end).toMatchObject({ type: "failed", trouble: { code: "DECLINED" } });
  });
});

describe("two tabs", () => {
  test("are told the same choice, and one that comes later is where the others are", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan, photos } = await desk.photoList();
    const ids = photos
      .filter(({ state }) => state === "new")
      .slice(0, 2)
      .map(({ id }) => id);
    const one = desk.changesUntil((change) => change.type === "choice" && change.ids.length === 2);
    await desk.post("/api/choice", { plan, change: "replace", ids });
    expect((await one).at(-1)).toMatchObject({ type: "choice", ids });
    const later = await desk.changesUntil((change) => change.type === "choice");
    expect(later.at(-1)).toMatchObject({ type: "choice", plan, ids });
    expect(later[0]).toMatchObject({ type: "state", state: { opened: { choice: { items: 2 } } } });
  });
});

describe("afterwards", () => {
  test("the receipts are listed, each is a page of its own, and only under its signed address", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan } = await desk.photoList();
    await desk.post("/api/import", { plan, what: "new" });
    await answerYes(desk);
    await desk.until(({ run }) => run?.end != null);
    const [line] = (await (await desk.ask("/api/receipts")).json()) as {
      name: string;
      address: string;
      summary: string;
    }[];
    expect(line!.summary).toMatch(/^\d+ new photos$/);
    const page = await desk.ask(line!.address, { headers: { authorization: null } });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toBe(readFileSync(join(desk.folder, "receipts", `${line!.name}.html`), "utf8"));
    const forged = line!.address.replace(/^\/receipt\/[\w-]+\//, "/receipt/AAAA/");
    expect((await desk.ask(forged)).status).toBe(404);
    expect((await desk.ask(forged.replace(/[^/]+$/, "x%20pictures/0501.jpg"))).status).toBe(404);
    expect((await desk.post("/api/verify", { receipt: line!.name })).status).toBe(204);
    const { check } = await desk.until((state) => state.check?.end != null);
    expect(check!.end).toMatchObject({ type: "document", summary: "all proved" });
    const { address } = check!.end as { address: string };
    expect(await (await desk.ask(address)).text()).toContain("proved");
    expect((await desk.post("/api/verify", { receipt: "../ledger" })).status).toBe(409);
  });

  test("the album can be shown once an import made one, and the phone be ejected", async () => {
    const phone = await phoneWithCameraRoll();
    await using desk = new GuiDesk([phone]);
    const { plan } = await desk.photoList();
    await desk.post("/api/show-album", {}).then(({ status }) => expect(status).toBe(503));
    await desk.post("/api/import", { plan, what: "new" });
    await answerYes(desk);
    await desk.until(
      ({ run, opened }) => run?.end != null && opened?.phase === "ready" && opened.photos!.plan > plan,
    );
    expect((await desk.post("/api/show-album", {})).status).toBe(204);
    expect((await desk.post("/api/eject", { udid: phone.identity.udid })).status).toBe(200);
    expect(desk.done).toEqual([expect.stringMatching(/^show [-0-9A-F]{36}/), `eject ${phone.identity.udid}`]);
    expect((await desk.until(() => true)).opened).toBeNull();
  });

  test("the box for automatic imports is as it was set, in every tab", async () => {
    const phone = await phoneWithCameraRoll();
    await using desk = new GuiDesk([phone]);
    await desk.until(({ phones }) => phones[0]?.isAutomatic === false);
    await desk.post("/api/automatic", { udid: phone.identity.udid, on: true });
    await desk.until(({ phones }) => phones[0]?.isAutomatic === true);
    expect(desk.done).toEqual(["automatic"]);
  });
});

/** Phones of which, while it is so, no more than so many originals are given; a read that is held ends with its signal. */
function holdingOriginals(finder: PhoneFinder, isHeld: () => boolean, most: number): PhoneFinder {
  let given = 0;
  const read = async function* (phone: Phone, path: string, options: ReadOptions = {}) {
    if (isHeld() && path.startsWith("/DCIM/") && ++given > most)
      await new Promise((resolve) => options.signal?.addEventListener("abort", resolve, { once: true }));
    yield* phone.read(path, options);
  };
  return {
    look: (signal) => finder.look(signal),
    watch: (onChange, signal) => finder.watch(onChange, signal),
    open: async (udid, signal) => {
      const phone = await finder.open(udid, signal);
      return new Proxy(phone, {
        get: (of, name) =>
          name === "read"
            ? (path: string, options?: ReadOptions) => read(of, path, options)
            : Reflect.get(of, name, of),
      });
    },
  };
}

async function answerYes(desk: GuiDesk): Promise<void> {
  const { question } = await desk.until((state) => state.question !== null);
  await desk.post("/api/answer", { question: question!.number, value: "yes" });
}

async function answersOf(desk: GuiDesk, end: unknown): Promise<readonly Answer[]> {
  const { receipt } = end as { receipt: string };
  return (await readReceipt(join(desk.folder, "receipts", `${receipt}.json`))).answers;
}
