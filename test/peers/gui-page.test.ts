/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PhotoItem } from "../../src/gui/page/server-state.js";
import { MadeUpServer } from "./gui-page/made-up-server.js";
import { A_RUN, LOCKED, manyPhotos, NEWEST_AT, PHONE, UDID } from "./gui-page/some-photos.js";
import { toolMissing, toolPath } from "./tool.js";

const missing = toolMissing("chromium", "chromium");
const DAY = 24 * 3600 * 1000;
const isMac = process.platform === "darwin";
const command = isMac ? "Meta" : "Control";

let browser: Browser;
let context: BrowserContext;
let server: MadeUpServer;
/** What the browser complained of, and what it asked for beyond our server. */
let complaints: string[];

beforeAll(async () => {
  if (missing !== null) return;
  browser = await chromium.launch({ executablePath: toolPath("chromium")! });
});
afterAll(() => browser?.close());

beforeEach(async (test) => {
  test.skip(missing !== null, missing ?? "");
  complaints = [];
  server = new MadeUpServer();
  await server.start();
});
afterEach(async () => {
  await context?.close();
  await server?.close();
  expect(complaints).toEqual([]);
});

async function opened(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  return another();
}

/** Another tab of the same window. */
async function another(address = server.address): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A photo without a small picture, and a refusal: a browser notes both by itself.
    if (!/status of 4|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(blob:)?http:\/\/127\.0\.0\.1:/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(address);
  return page;
}

const tiles = (page: Page) => page.locator(".tile");
const tile = (page: Page, name: string) => page.locator(`.tile[aria-label*="${name}."]`);
const chosenNames = (page: Page) =>
  page
    .locator('.tile[aria-selected="true"]')
    .evaluateAll((all) => all.map((one) => /IMG_\d+/.exec(one.getAttribute("aria-label")!)![0]).sort());
const words = (page: Page) => page.locator(".choice-words strong");
const asked = (path: string) => server.asked.filter((one) => one.path === path).map(({ body }) => body);

/** A few photos in two months, IMG_0001 the oldest; 3 was imported before. */
function someInTwoMonths(): PhotoItem[] {
  return Array.from({ length: 9 }, (_, id) => ({
    id,
    name: `IMG_000${id + 1}.HEIC`,
    kind: id === 4 ? "video" : "photo",
    at: NEWEST_AT - (id < 5 ? 40 * DAY : 0) + id * 60_000,
    bytes: 2_000_000,
    state: id === 2 ? "imported" : "new",
    ...(id === 4 && { seconds: 7 }),
    ...(id % 2 === 0 && { isFavorite: true }),
  }));
}

async function seriousViolations(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  // By way of the browser's own tools: the policy of the page lets no script in.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(axe, "utf8") });
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return (await axe.run()).violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).slice(0, 3),
    }));
  });
  return found.map((one) => JSON.stringify(one));
}

describe("opening the page", () => {
  test("the token goes out of the address at once, and a reload of the tab still comes in", async () => {
    const page = await opened();
    await page.getByText("Connect your iPhone").waitFor();
    expect(page.url()).toBe(`${server.origin}/`);
    await page.reload();
    await page.getByText("Connect your iPhone").waitFor();
  });

  test("without a token it says how to open it, and asks the server for nothing", async () => {
    context = await browser.newContext();
    const page = await another(`${server.origin}/`);
    expect(await page.getByRole("heading").textContent()).toBe("Open this page from Rollcall");
    expect(server.pages).toBe(0);
  });

  test("a token of another time: it says that Rollcall has ended", async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.origin}/#t=of-another-time`);
    await page.getByRole("heading", { name: "Rollcall has ended" }).waitFor();
  });

  test("no phone, a locked one, then a ready one: the page goes on by itself", async () => {
    const page = await opened();
    await page.getByRole("heading", { name: "Connect your iPhone with its cable" }).waitFor();
    server.set({ phones: [LOCKED] });
    await page.getByRole("heading", { name: "Anna's iPhone is locked." }).waitFor();
    await page.getByText("Unlock it and leave it on the cable.").waitFor();
    server.set({ phones: [PHONE] });
    await expect.poll(() => asked("/api/phone")).toEqual([{ udid: UDID }]);
    server.openPhone(someInTwoMonths());
    await page.getByRole("heading", { name: "8 new photos" }).waitFor();
    expect(await tiles(page).count()).toBe(8);
  });

  test("of two phones none is opened by itself; a click opens one", async () => {
    server.set({ phones: [PHONE, { ...LOCKED, udid: "2", name: "Ben's iPhone" }] });
    const page = await opened();
    await page.getByRole("heading", { name: "Which iPhone?" }).waitFor();
    expect(asked("/api/phone")).toEqual([]);
    await page.getByRole("button", { name: /^Ben's iPhone/ }).click();
    await expect.poll(() => asked("/api/phone")).toEqual([{ udid: "2" }]);
  });
});

describe("choosing with the mouse", () => {
  let page: Page;
  beforeEach(async () => {
    server.openPhone(someInTwoMonths());
    page = await opened();
    await tiles(page).first().waitFor();
  });

  test("click, Cmd-click and Shift-click across months; the server has the same", async () => {
    await tile(page, "IMG_0009").click();
    await tile(page, "IMG_0007").click({ modifiers: [command] });
    expect(await chosenNames(page)).toEqual(["IMG_0007", "IMG_0009"]);
    await tile(page, "IMG_0004").click({ modifiers: ["Shift"] });
    expect(await chosenNames(page)).toEqual(["IMG_0004", "IMG_0005", "IMG_0006", "IMG_0007", "IMG_0009"]);
    expect(await words(page).textContent()).toBe("5 photos selected");
    await expect.poll(() => [...server.chosen].sort()).toEqual([3, 4, 5, 6, 8]);
  });

  test("the mark in the corner of a tile adds it to what is chosen", async () => {
    await tile(page, "IMG_0009").click();
    await tile(page, "IMG_0006").locator("[data-mark]").click();
    expect(await chosenNames(page)).toEqual(["IMG_0006", "IMG_0009"]);
  });

  test("a box from empty ground chooses what it touches; a click there chooses nothing; undo", async () => {
    const first = (await tile(page, "IMG_0009").boundingBox())!;
    const third = (await tile(page, "IMG_0007").boundingBox())!;
    await page.mouse.move(third.x + third.width - 5, third.y + third.height + 3);
    await page.mouse.down();
    await page.mouse.move(first.x + 20, first.y + 20, { steps: 5 });
    await page.mouse.up();
    expect(await chosenNames(page)).toEqual(["IMG_0007", "IMG_0008", "IMG_0009"]);
    await page.mouse.click(third.x + third.width * 3, third.y + third.height + 3);
    expect(await chosenNames(page)).toEqual([]);
    await page.keyboard.press(`${command}+z`);
    expect(await chosenNames(page)).toEqual(["IMG_0007", "IMG_0008", "IMG_0009"]);
  });

  test("a month is chosen whole by its button", async () => {
    await page.getByRole("button", { name: "Select all of October 2026" }).click();
    expect(await chosenNames(page)).toEqual(["IMG_0001", "IMG_0002", "IMG_0004", "IMG_0005"]);
    await page.getByRole("button", { name: "Deselect all of October 2026" }).click();
    expect(await chosenNames(page)).toEqual([]);
  });

  test("what was imported before is shown with a tick and cannot be chosen", async () => {
    await page.getByText("Already Imported 1").click();
    await tile(page, "IMG_0003").click({ force: true });
    expect(await chosenNames(page)).toEqual([]);
    expect(await tile(page, "IMG_0003").getAttribute("aria-label")).toMatch(/already imported$/);
  });

  test("Import Selected sends the choice first, then the import of it", async () => {
    await tile(page, "IMG_0001").click();
    await page.getByRole("button", { name: "Import Selected" }).click();
    await expect.poll(() => asked("/api/import")).toEqual([{ plan: 1, what: "chosen" }]);
    expect(server.asked.map(({ path }) => path).slice(-2)).toEqual(["/api/choice", "/api/import"]);
    expect([...server.chosen]).toEqual([0]);
  });

  test("Import All New Photos needs no choice", async () => {
    expect(await page.getByRole("button", { name: "Import Selected" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    await expect.poll(() => asked("/api/import")).toEqual([{ plan: 1, what: "new" }]);
  });

  test("a refused import says why, and what to do", async () => {
    server.refusal = {
      ...LOCKED.trouble!,
      code: "ANOTHER_ROLLCALL",
      message: "Another Rollcall is at work.",
    };
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Another Rollcall is at work.");
    await page.getByRole("button", { name: "Dismiss" }).click();
    expect(await page.getByRole("alert").isVisible()).toBe(false);
  });
});

describe("choosing with the keyboard alone", () => {
  let page: Page;
  beforeEach(async () => {
    server.openPhone(someInTwoMonths());
    page = await opened();
    await tiles(page).first().waitFor();
  });
  const focused = () =>
    page.evaluate(() => /IMG_\d+/.exec(document.activeElement?.getAttribute("aria-label") ?? "")?.[0]);

  test("skip to the photos, walk, choose with Shift, toggle, look, close", async () => {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("IMG_0009");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    expect(await chosenNames(page)).toEqual([
      "IMG_0002",
      "IMG_0004",
      "IMG_0005",
      "IMG_0006",
      "IMG_0007",
      "IMG_0008",
    ]);
    await page.keyboard.press("Enter");
    expect(await chosenNames(page)).not.toContain("IMG_0002");
    await page.keyboard.press("Space");
    await page.getByRole("dialog").waitFor();
    expect(await page.getByRole("dialog").getByRole("heading").textContent()).toBe("IMG_0002.HEIC");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    expect(await chosenNames(page)).toContain("IMG_0002");
    expect(await focused()).toBe("IMG_0002");
    await page.keyboard.press("End");
    expect(await focused()).toBe("IMG_0001");
    await page.keyboard.press("Home");
    expect(await focused()).toBe("IMG_0009");
    await page.keyboard.press("Escape");
    expect(await chosenNames(page)).toEqual([]);
  });

  test("one tile is in the order of the Tab key, and each says its place among all", async () => {
    const stops = page.locator('[role=option][tabindex="0"]');
    expect(await stops.count()).toBe(1);
    await tile(page, "IMG_0008").focus();
    expect(await stops.getAttribute("aria-posinset")).toBe("2");
    expect(await stops.getAttribute("aria-setsize")).toBe("8");
  });

  test("Cmd-A chooses all of what is filtered, and types in a field where one is in use", async () => {
    await page.getByLabel("Kind").selectOption("video");
    await expect.poll(() => tiles(page).count()).toBe(1);
    await page.getByLabel("Kind").blur();
    await page.keyboard.press(`${command}+a`);
    expect(await words(page).textContent()).toBe("1 photo selected");
    const name = page.getByLabel("Name");
    await page.getByLabel("Kind").selectOption("");
    await name.fill("img_000");
    await name.press(`${command}+a`);
    expect(await words(page).textContent()).toBe("1 photo selected");
    await expect.poll(() => [...server.chosen]).toEqual([4]);
  });

  test("filters combine; what is chosen stays chosen while it is not shown", async () => {
    await tile(page, "IMG_0008").click();
    await page.getByLabel("Favourites").check();
    await page.getByText("All 9").click();
    await expect.poll(() => tiles(page).count()).toBe(5);
    await page.getByText("Dates").click();
    await page.getByLabel("From", { exact: true }).fill("2026-11-01");
    await expect.poll(() => tiles(page).count()).toBe(2);
    expect(await words(page).textContent()).toBe("1 photo selected (1 of them not shown)");
    await page.getByRole("button", { name: "Show all of them" }).click();
    await expect.poll(() => tiles(page).count()).toBe(9);
  });

  test("the number is told to a screen reader", async () => {
    await page.keyboard.press(`${command}+a`);
    await expect.poll(() => page.locator("#live").textContent()).toBe("8 photos selected, 16.0 MB");
  });
});

describe("the large view", () => {
  test("shows the picture, walks, says what cannot be shown, and gives the keyboard back", async () => {
    const photos = someInTwoMonths().map((photo) =>
      photo.id === 7 ? { ...photo, kind: "raw" as const } : photo,
    );
    server.openPhone(photos);
    const page = await opened();
    await tile(page, "IMG_0009").dblclick();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.locator("img").getAttribute("src")).toContain("/media/");
    expect(await dialog.innerText()).toContain("4032 by 3024");
    await page.keyboard.press("ArrowRight");
    await dialog.getByText("A browser cannot show this kind").waitFor();
    await page.keyboard.press("ArrowLeft");
    expect(await dialog.getByRole("button", { name: "Photo before" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await chosenNames(page)).toEqual(["IMG_0009"]);
  });
});

describe("an import that is on", () => {
  let page: Page;
  const photos = someInTwoMonths();
  beforeEach(async () => {
    server.openPhone(photos);
    page = await opened();
    await tiles(page).first().waitFor();
  });

  test("both bars, what Photos does, notices, and each tile with its answer and reason", async () => {
    const notices = [{ code: "ICLOUD", message: "iCloud Photos is on: what is imported goes there, too." }];
    server.set({ run: { ...A_RUN, notices, photosIs: "Photos is working on 24 items (40 s)" } });
    server.send({
      type: "answers",
      run: 1,
      plan: 1,
      answers: [
        { id: 8, answer: "proved" },
        { id: 7, answer: "failed", reason: "Photos would not take it" },
      ],
    });
    await page.getByRole("heading", { name: "Importing into Photos" }).waitFor();
    const dock = await page.getByRole("region", { name: "Import", exact: true }).innerText();
    expect(dock).toContain("40 of 100 photos, 120 of 300 MB");
    expect(dock).toContain("20 proved");
    expect(dock).toContain("Photos is working on 24 items (40 s)");
    expect(dock).toContain(notices[0]!.message);
    expect(await tile(page, "IMG_0009").getAttribute("aria-label")).toMatch(/, proved$/);
    expect(await tile(page, "IMG_0008").getAttribute("aria-label")).toMatch(
      /failed, Photos would not take it$/,
    );
    expect(await page.title()).toBe("24 % Importing: 24 of 100 in Photos");
  });

  test("a question is asked in the page, has the keyboard, and is answered by a button", async () => {
    server.set({
      run: A_RUN,
      question: {
        number: 5,
        words: "Import 8 photos into Photos?",
        detail: "It is the first import.",
        options: [
          { value: "yes", words: "Import", isSuggested: true },
          { value: "no", words: "Cancel", isSuggested: false },
        ],
      },
    });
    await page.getByRole("heading", { name: "Import 8 photos into Photos?" }).waitFor();
    expect(await page.title()).toBe("Rollcall asks something");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => asked("/api/answer")).toEqual([{ question: 5, value: "yes" }]);
  });

  test("Stop says that it stops; look at Photos; safe to unplug", async () => {
    server.set({ run: A_RUN });
    await page.getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => asked("/api/stop")).toEqual([{}]);
    server.set({ run: { ...A_RUN, isStopping: true, isLookAtPhotos: true, isSafeToUnplug: true } });
    await page.getByRole("button", { name: "Stopping at the next safe point" }).waitFor();
    await page.getByText("Look at its window").waitFor();
    await page.getByText("Safe to unplug").waitFor();
  });

  test("its end is the headline, and its receipt is shown in a frame that may do nothing else", async () => {
    server.receipts = [
      {
        name: "r 1",
        at: NEWEST_AT,
        phone: "Anna's iPhone",
        summary: "8 new photos",
        isTrouble: false,
        address: "/receipt/r1.html?s=1",
      },
    ];
    const end = {
      type: "finished",
      summary: "8 new photos, all proved",
      remedy: null,
      isTrouble: false,
      receipt: "r 1",
      album: "Last Import",
    } as const;
    server.set({ run: { ...A_RUN, isSafeToUnplug: true, end } });
    await page.getByRole("heading", { name: "8 new photos, all proved" }).waitFor();
    await page.getByText('They are in the album "Last Import". Safe to unplug.').waitFor();
    await page.getByRole("button", { name: 'Show "Last Import" in Photos' }).click();
    await expect.poll(() => asked("/api/show-album")).toEqual([{}]);
    await page.getByRole("button", { name: "Show the receipt" }).click();
    const frame = page.locator("iframe");
    expect(await frame.getAttribute("sandbox")).toBe("allow-scripts");
    await page.frameLocator("iframe").getByRole("heading", { name: "3 new photos, all proved" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Choose more photos" }).click();
    await page.getByRole("heading", { name: "8 new photos" }).waitFor();
  });

  test("a closed page loses nothing: whoever opens it again is where the import is", async () => {
    server.set({ run: A_RUN });
    await page.close();
    const later = await another();
    await later.getByText("40 of 100 photos").waitFor();
  });
});

describe("receipts and checks", () => {
  test("the list, Verify, the check of the set-up with its links, and what may leave", async () => {
    server.receipts = [
      {
        name: "a",
        at: NEWEST_AT,
        phone: "Anna's iPhone",
        summary: "8 new photos",
        isTrouble: false,
        address: "/receipt/a?s=1",
      },
      {
        name: "b",
        at: NEWEST_AT - DAY,
        phone: "Anna's iPhone",
        summary: "1 photo did not arrive",
        isTrouble: true,
        address: "/receipt/b?s=1",
      },
    ];
    const page = await opened();
    await page.getByRole("link", { name: "Receipts" }).click();
    await page.getByRole("link", { name: /1 photo did not arrive/ }).waitFor();
    await page.getByRole("button", { name: /Verify the import of 20 November/ }).click();
    await expect.poll(() => asked("/api/verify")).toEqual([{ receipt: "a" }]);
    server.set({
      check: { number: 1, what: "verify", words: "Reading them again", done: 3, of: 8, end: null },
    });
    await page.getByText("Reading them again 3 of 8").waitFor();
    await page.getByRole("link", { name: "Check the set-up" }).click();
    const settings =
      "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_Automation";
    const lines = [
      { status: "problem", title: "May it drive Photos?", words: "No.", remedy: [`Allow it. ${settings}`] },
    ] as const;
    server.set({
      check: { number: 2, what: "doctor", words: "", done: 1, of: 1, end: { type: "doctor", lines } },
    });
    expect(await page.getByRole("link", { name: "Open System Settings" }).getAttribute("href")).toBe(
      settings,
    );
    await page.getByRole("link", { name: "What may leave" }).click();
    await page.getByRole("button", { name: "Find out what may leave" }).click();
    await expect.poll(() => asked("/api/safe-to-remove")).toEqual([{}]);
  });

  test("the box for automatic imports says what it writes, and asks the server", async () => {
    server.openPhone(someInTwoMonths());
    const page = await opened();
    const box = page.getByLabel("Import new photos automatically when this iPhone is connected");
    await box.check();
    await expect.poll(() => asked("/api/automatic")).toEqual([{ udid: UDID, on: true }]);
    expect(await page.locator("#automatic-writes").textContent()).toBe("It writes a file.");
  });

  test("Quit asks first", async () => {
    const page = await opened();
    await page.getByRole("button", { name: "Quit Rollcall" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(asked("/api/quit")).toEqual([]);
    await page.getByRole("button", { name: "Quit Rollcall" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Quit Rollcall" }).click();
    await expect.poll(() => asked("/api/quit")).toEqual([{}]);
    server.send({ type: "quit" });
    await page.getByRole("heading", { name: "Rollcall has ended" }).waitFor();
  });
});

describe("tabs, reloads, and a server that goes", () => {
  test("two tabs show the same choice, whoever makes it", async () => {
    server.openPhone(someInTwoMonths());
    const one = await opened();
    const two = await another();
    await tiles(two).first().waitFor();
    await tile(one, "IMG_0009").click();
    await expect.poll(() => chosenNames(two)).toEqual(["IMG_0009"]);
    await tile(two, "IMG_0006").click({ modifiers: [command] });
    await expect.poll(() => chosenNames(one)).toEqual(["IMG_0006", "IMG_0009"]);
  });

  test("a reload comes back to the same choice, filters and page", async () => {
    server.openPhone(someInTwoMonths());
    const page = await opened();
    await tile(page, "IMG_0009").click();
    await page.getByLabel("Favourites").check();
    await expect.poll(() => [...server.chosen]).toEqual([8]);
    await page.reload();
    await expect.poll(() => chosenNames(page)).toEqual(["IMG_0009"]);
    expect(await page.getByLabel("Favourites").isChecked()).toBe(true);
    await page.getByRole("link", { name: "Receipts" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Receipts" }).waitFor();
  });

  test("another list of the same phone: what the server has chosen, and the keyboard stays", async () => {
    server.openPhone(someInTwoMonths());
    const page = await opened();
    await tile(page, "IMG_0007").focus();
    const renumbered = someInTwoMonths().map((photo) => ({ ...photo, id: 100 - photo.id }));
    server.openPhone(renumbered, 2);
    await expect.poll(() => page.locator("#photo-94").count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("photo-94");
    await page.keyboard.press("Enter");
    await expect.poll(() => asked("/api/choice")).toEqual([{ plan: 2, change: "replace", ids: [94] }]);
  });

  test("a server that ends in the middle: the page says so, and comes back with it", async () => {
    server.openPhone(someInTwoMonths());
    const page = await opened();
    await tiles(page).first().waitFor();
    const { port } = server;
    await server.close();
    await page.getByText("Rollcall does not answer.").waitFor();
    server = new MadeUpServer();
    server.openPhone(someInTwoMonths());
    await server.start(port);
    await expect
      .poll(() => page.getByText("Rollcall does not answer.").isVisible(), { timeout: 10_000 })
      .toBe(false);
    await server.close();
    await page.getByRole("heading", { name: "Rollcall has ended" }).waitFor({ timeout: 40_000 });
  });
});

describe("20,000 photos", () => {
  let page: Page;
  beforeEach(async () => {
    server.openPhone(manyPhotos(20_000));
    page = await opened();
    await page.locator(".tile img").first().waitFor();
  });

  test("few of them are in the page, and those in view have pictures after a jump to any month", async () => {
    expect(await tiles(page).count()).toBeLessThan(150);
    const month = page.getByLabel("Go to month");
    const labels = await month.locator("option").allTextContents();
    expect(labels.length).toBeGreaterThan(24);
    const before = server.thumbnails.length;
    await month.selectOption({ label: labels[20]! });
    const heading = page.getByRole("heading", { name: labels[20]!, exact: true });
    await heading.waitFor();
    const tilesInView = async () =>
      page.locator(".tile").evaluateAll((all) =>
        all
          .filter((one) => {
            const { top, bottom } = one.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
          })
          .every((one) => one.querySelector("img") !== null),
      );
    await expect.poll(tilesInView).toBe(true);
    expect(server.thumbnails.length - before, "what lies between was not asked for").toBeLessThan(200);
  });

  test("all are chosen by two keys, and the end of them is reached by one", async () => {
    await tiles(page).first().focus();
    await page.keyboard.press(`${command}+a`);
    expect(await words(page).textContent()).toBe("20,000 photos selected");
    await expect.poll(() => server.chosen.size).toBe(20_000);
    await page.keyboard.press("End");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-posinset"))).toBe("20000");
    expect(await tiles(page).count()).toBeLessThan(150);
  });
});

describe("names from the phone", () => {
  const HOSTILE = [
    "</script><script>window.wasHere = 1</script>.JPG",
    '"><img src=x onerror="window.wasHere = 2">.JPG',
    "line\nbreak\u202egpj.exe\u2028.JPG",
    "\u05e9\u05dc\u05d5\u05dd.JPG",
    `${"x".repeat(4096)}.JPG`,
  ];

  test("stay text in tiles, large view, phones and albums; nothing of them runs or breaks the page", async () => {
    const photos = HOSTILE.map(
      (name, id): PhotoItem => ({ id, name, kind: "photo", at: NEWEST_AT, bytes: 1000, state: "new" }),
    );
    for (const { id } of photos) server.withoutPicture.add(id);
    server.openPhone(photos);
    const name = '<b onclick="window.wasHere = 3">Anna\u202e</b>';
    const head = {
      ...server.state.opened!.photos!,
      albums: [HOSTILE[1]!, HOSTILE[4]!],
      notes: [HOSTILE[0]!],
    };
    server.set({ phones: [{ ...PHONE, name }], opened: { ...server.state.opened!, name, photos: head } });
    const page = await opened();
    await expect.poll(() => page.locator(".no-picture[data-name]").count()).toBe(5);
    expect(await page.locator('.no-picture[data-name*="line\\\\u000abreak"]').count()).toBe(1);
    await tiles(page).first().click();
    for (let photo = 0; photo < 5; photo += 1) {
      await page.keyboard.press("Space");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("ArrowRight");
    }
    expect(await page.evaluate(() => (globalThis as { wasHere?: number }).wasHere)).toBeUndefined();
    expect(await page.locator("main script, main b, .tile img").count()).toBe(0);
    expect(await page.locator(".phone-name").textContent()).toContain("<b onclick=");
    await fitsTheWindow(page);
  });
});

async function fitsTheWindow(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
  expect(scrollWidth).toBe(clientWidth);
}

describe("for everybody", () => {
  const photos = someInTwoMonths();
  photos.push({
    id: 9,
    name: "IMG_0010.HEIC",
    kind: "live",
    at: NEWEST_AT + DAY,
    bytes: 0,
    state: "icloud-only",
  });
  const question = {
    number: 1,
    words: "Import?",
    detail: null,
    options: [{ value: "y", words: "Import", isSuggested: true }],
  };

  test.each(["light", "dark"] as const)(
    "an accessibility checker finds nothing by %s",
    async (colorScheme) => {
      server.withoutPicture.add(3).add(8);
      server.openPhone(photos);
      server.set({ phones: [PHONE, { ...LOCKED, udid: "2" }] });
      const page = await opened({ colorScheme });
      await page.getByText("All 10").click();
      await tiles(page).nth(1).click();
      await page.locator(".tile img").first().waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press("Space");
      await page.getByRole("dialog").waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      server.set({
        run: { ...A_RUN, isLookAtPhotos: true, notices: [{ code: "A", message: "B" }] },
        question,
      });
      const answers = (["copied", "imported", "proved", "failed"] as const).map((answer, id) => ({
        id: id + 4,
        answer,
      }));
      server.send({ type: "answers", run: 1, plan: 1, answers });
      await page.getByRole("heading", { name: "Import?" }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      server.receipts = [
        {
          name: "b",
          at: NEWEST_AT,
          phone: "A",
          summary: "1 photo did not arrive",
          isTrouble: true,
          address: "/receipt/b?s=1",
        },
      ];
      await page.getByRole("link", { name: "Receipts" }).click();
      await page.getByRole("link", { name: /did not arrive/ }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
    },
  );

  test.each([
    ["a phone, 390 pixels", { width: 390, height: 800 }],
    ["everything twice as large", { width: 640, height: 430 }],
    ["the least that is asked for, 320 pixels", { width: 320, height: 560 }],
  ])("%s: it fits, and everything can be reached", async (_, viewport) => {
    server.openPhone(photos);
    const page = await opened({ viewport });
    await tiles(page).first().click();
    await fitsTheWindow(page);
    for (const name of ["Import Selected", "Import All New Photos", "Quit Rollcall"])
      await page.getByRole("button", { name }).click({ trial: true });
    await page.getByLabel("Name").click({ trial: true });
    server.set({ run: A_RUN, question });
    await page.getByRole("button", { name: "Stop" }).click({ trial: true });
    await fitsTheWindow(page);
  });

  test("a finger: a tap toggles, and takes nothing else away", async () => {
    server.openPhone(photos);
    const page = await opened({ hasTouch: true, viewport: { width: 390, height: 800 } });
    await tile(page, "IMG_0009").tap();
    await tile(page, "IMG_0008").tap();
    expect(await chosenNames(page)).toEqual(["IMG_0008", "IMG_0009"]);
    await tile(page, "IMG_0009").tap();
    expect(await chosenNames(page)).toEqual(["IMG_0008"]);
  });

  test("with reduced motion nothing moves by itself", async () => {
    server.openPhone(photos);
    const page = await opened({ reducedMotion: "reduce" });
    await page.locator(".tile img").first().waitFor();
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
  });
});
