/// <reference lib="dom" />

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { Answer } from "../../src/receipt/answer.js";
import type { Thumbnails } from "../../src/receipt/page-pictures.js";
import { pagePathOf, ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { safeToRemoveHtml } from "../../src/receipt/safe-to-remove-html.js";
import { encodeJpeg } from "../../src/virtual/iphone/jpeg.js";
import { drawPicture } from "../../src/virtual/iphone/picture.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import {
  answer,
  failed,
  HOSTILE_NAMES,
  headOf,
  inICloudOnly,
  manyAnswers,
  proved,
} from "../receipt/some-answers.js";
import { toolMissing, toolPath } from "./tool.js";

const missing = toolMissing("chromium", "chromium");
/** Where to put the picture that the README shows; nothing is written without it. */
const picturePath = process.env.ROLLCALL_RECEIPT_PICTURE;

let folder: string;
let browser: Browser;
let demoPage: string;
let context: BrowserContext;
/** What the browser complained of, and what it asked for beyond the page's own files. */
let complaints: string[];

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), "page-"));
  browser = await chromium.launch({ executablePath: toolPath("chromium")! });
  const main = join(import.meta.dirname, "../../dist/main.js");
  const demo = ["demo", "--photos", "24", "--keep", join(folder, "demo")];
  const { exitCode } = await execa(process.execPath, [main, ...demo], { reject: false, env: { TZ: "UTC" } });
  expect(exitCode).toBe(0);
  const receipts = join(folder, "demo/data/receipts");
  const pages = readdirSync(receipts).filter((name) => name.endsWith(".html"));
  const ofFirstRun = pages.find((name) => /<h1>\d+ new/.test(readFileSync(join(receipts, name), "utf8")));
  demoPage = join(receipts, ofFirstRun!);
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

beforeEach((test) => {
  test.skip(missing !== null, missing ?? "");
  complaints = [];
});
afterEach(async () => {
  await context?.close();
  expect(complaints).toEqual([]);
});

/** Opens a page from the disk, with the network off. */
async function opened(path: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  context = await browser.newContext({ offline: true, viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return page;
}

/** Keeps a receipt as a run does. @returns the path of its page */
async function kept(answers: readonly Answer[], thumbnails?: Thumbnails): Promise<string> {
  const receipts = mkdtempSync(join(folder, "receipts #1 "));
  return pagePathOf(
    await new ReceiptFolder(receipts, commandWords).write(headOf(answers), () => answers, thumbnails),
  );
}

const shownItems = (page: Page) => page.locator(".item:visible");
const status = (page: Page) => page.getByRole("status").textContent();

/** What an accessibility checker holds for serious or worse, in words. */
async function seriousViolations(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(axe, "utf8"));
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return (await axe.run()).violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ html }) => html).slice(0, 3),
    }));
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map((violation) => JSON.stringify(violation));
}

describe("the page of a demo run, in a real Chromium, from the disk, without a network", () => {
  test("says in its first line how many came and where they are, and whose phone it was", async () => {
    const page = await opened(demoPage);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(
      /^49 new photos, all proved: the bytes in Photos are the bytes from the phone\.$/,
    );
    const header = await page.locator("header").innerText();
    expect(header).toContain("Demo iPhone");
    expect(header).toContain('library "Demo"');
    expect(header).toContain("51 photos");
    expect(await page.title()).toContain("Demo iPhone");
    if (picturePath !== undefined) {
      await page.setViewportSize({ width: 1100, height: 1720 });
      await page.screenshot({ path: picturePath });
    }
  });

  test("shows the phone's own small pictures, and never those of what is hidden or in Recently Deleted", async () => {
    const page = await opened(demoPage);
    const widths = await page
      .locator("img.picture")
      .evaluateAll(
        (images) =>
          (images as HTMLImageElement[]).map((image) => image.decode().then(() => image.naturalWidth)).length,
      );
    expect(widths).toBe(49);
    expect(await page.locator('[data-answers="hidden"] img, [data-answers="in-trash"] img').count()).toBe(0);
  });

  test("an answer that is clicked leaves only its photos, and says how many; a second click shows all again", async () => {
    const page = await opened(demoPage);
    expect(await status(page)).toBe("Showing all 52.");
    const hidden = page.getByRole("button", { name: /1 hidden/ });
    await hidden.click();
    expect(await hidden.getAttribute("aria-pressed")).toBe("true");
    expect(await status(page)).toBe("Showing 1 of 52.");
    expect(await shownItems(page).innerText()).toContain("hidden");
    await page.getByRole("button", { name: /1 Recently Deleted/ }).click();
    expect(await status(page)).toBe("Showing 2 of 52.");
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await status(page)).toBe("Showing all 52.");
    expect(await shownItems(page).count()).toBe(52);
  });

  test("what is typed is looked for in names, folders and hashes; Escape shows all again", async () => {
    const page = await opened(demoPage);
    const search = page.getByLabel("Find");
    await search.fill("101apple img_0002");
    await expect.poll(() => status(page)).toBe("Showing 1 of 52.");
    await shownItems(page).locator("summary").click();
    const hash = await shownItems(page).locator("code").first().textContent();
    await search.fill(hash!.slice(0, 40));
    await expect.poll(() => status(page)).toBe("Showing 1 of 52.");
    await search.fill("IMG_9999");
    await expect.poll(() => page.locator("#none").isVisible()).toBe(true);
    await search.press("Escape");
    await expect.poll(() => status(page)).toBe("Showing all 52.");
  });

  test("everything can be done with the keyboard alone", async () => {
    const page = await opened(demoPage);
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).innerText);
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the photos");
    await page.keyboard.press("Tab");
    expect(await focused()).toMatch(/^\d+\s+proved/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await status(page)).toBe("Showing 1 of 52.");
    await page.keyboard.press("Space");
    while ((await page.evaluate(() => document.activeElement?.id)) !== "search")
      await page.keyboard.press("Tab");
    await page.keyboard.type("IMG_0007");
    await expect.poll(() => status(page)).toMatch(/^Showing [23] of 52\.$/);
    await page.keyboard.press("Tab"); // "Show all"
    await page.keyboard.press("Tab");
    expect(await focused()).toContain("IMG_0007");
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open] .file").first().innerText()).toContain("SHA-256");
  });

  test.each(["light", "dark"] as const)(
    "an accessibility checker finds nothing serious by %s, with a photo opened",
    async (colorScheme) => {
      const page = await opened(demoPage, { colorScheme });
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const [red = 0] = /\d+/.exec(paper)!.map(Number);
      expect(red > 128).toBe(colorScheme === "light");
      await page.locator("summary").first().click();
      expect(await seriousViolations(page)).toEqual([]);
    },
  );

  test("it fits the width of a phone", async () => {
    const page = await opened(demoPage, { viewport: { width: 360, height: 740 } });
    await page.locator("summary").first().click();
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }));
    expect(scrollWidth).toBe(clientWidth);
  });

  test("on paper there is nothing to press or type into, every photo is there, and it fits", async () => {
    const page = await opened(demoPage, { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.getByLabel("Find").isVisible()).toBe(false);
    expect(await shownItems(page).count()).toBe(52);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    const [ink = 255] = /\d+/
      .exec(await page.evaluate(() => getComputedStyle(document.body).color))!
      .map(Number);
    expect(ink).toBeLessThan(100);
    expect((await page.pdf({ format: "A4" })).subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("without JavaScript everything is shown, and a photo still opens", async () => {
    const page = await opened(demoPage, { javaScriptEnabled: false });
    expect(await shownItems(page).count()).toBe(52);
    expect(await page.getByLabel("Find").isVisible()).toBe(false);
    await page.locator("summary").first().click();
    expect(await page.locator("details[open] .file").first().isVisible()).toBe(true);
  });
});

describe("the page of other receipts", () => {
  test("names from the phone stay text, whatever is in them, and nothing of them runs", async () => {
    const page = await opened(await kept(HOSTILE_NAMES.map((path) => answer(path, failed))));
    expect(await page.evaluate(() => (globalThis as { wasHere?: number }).wasHere)).toBeUndefined();
    expect(await page.locator("script").count()).toBe(1);
    expect(await shownItems(page).count()).toBe(HOSTILE_NAMES.length);
    const text = await page.locator("#wrong ~ .list").innerText();
    expect(text).toContain("</script><script>window.wasHere = 1</script>.JPG");
    expect(text).toContain("line\\u000abreak\\u202egpj.exe\\u2028.JPG");
    expect(text).toContain("&lt;b&gt;.JPG");
    await page.getByLabel("Find").fill("<script>");
    await expect.poll(() => status(page)).toBe(`Showing 1 of ${HOSTILE_NAMES.length}.`);
  });

  test("nothing that is put into the page afterwards runs, and nothing may be fetched", async () => {
    const page = await opened(demoPage);
    const blocked = await page.evaluate(async () => {
      const script = document.createElement("script");
      const fetched = fetch("data:text/plain,x").then(
        () => "fetched",
        () => "refused",
      );
      try {
        script.textContent = "globalThis.wasHere = 5";
        document.body.append(script);
      } catch {}
      return [await fetched, (globalThis as { wasHere?: number }).wasHere];
    });
    expect(blocked).toEqual(["refused", undefined]);
    expect(complaints.length).toBeGreaterThan(0);
    complaints = [];
  });

  test("what went wrong stands above the photos, with the reason and what to do; what did not come, too", async () => {
    const answers = [
      answer("/DCIM/100APPLE/IMG_0001.JPG"),
      answer("/DCIM/100APPLE/IMG_0002.MOV", failed),
      answer("/DCIM/100APPLE/IMG_0003.JPG", inICloudOnly),
    ];
    const page = await opened(await kept(answers));
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      "1 photo did not arrive (1 file). 1 new photo, read back: Photos lists it under its id with the name it was given.",
    );
    const wrong = await page.getByRole("region", { name: "What went wrong" }).innerText();
    expect(wrong).toContain("/DCIM/100APPLE/IMG_0002.MOV");
    expect(wrong).toContain("Photos would not take it");
    expect(wrong).toContain("Open it on the phone");
    const left = await page.getByRole("region", { name: "What was skipped, and why" }).innerText();
    expect(left).toContain("Download it first.");
    expect(await seriousViolations(page)).toEqual([]);
  });

  test("what may be deleted is only what is proved in all its files, and one click shows it", async () => {
    const item = "/DCIM/100APPLE/IMG_0002.HEIC";
    const answers = [
      answer("/DCIM/100APPLE/IMG_0001.JPG", proved),
      answer(item, { ...proved, item }),
      answer("/DCIM/100APPLE/IMG_0002.MOV", { item }),
    ];
    const page = await opened(await kept(answers));
    const deletion = page.getByRole("region", { name: "What you may delete from the phone" });
    expect(await deletion.innerText()).toContain("1 photo, 2.4 MB");
    expect(await deletion.innerText()).toContain("Keep it on the phone.");
    await deletion.getByRole("button").click();
    expect(await shownItems(page).allInnerTexts()).toEqual([expect.stringContaining("IMG_0001")]);
  });

  test("the page of what may leave names what stays and why, and can be searched like a receipt", async () => {
    const answers = [
      answer("/DCIM/100APPLE/IMG_0001.JPG", { ...proved, evidence: ["database", "sha256"] }),
      answer("/DCIM/100APPLE/IMG_0002.JPG", { ...proved, evidence: ["database", "sha256"] }),
      answer("/DCIM/100APPLE/IMG_0003.JPG"),
    ];
    const known = { checkedFrom: new Date(0), isAsLastSeen: () => true, later: [], cloud: "unused" } as const;
    const path = join(folder, "may leave.html");
    writeFileSync(
      path,
      [...safeToRemoveHtml(headOf(answers), safeToRemove(answers, known), { words: commandWords })].join(""),
    );
    const page = await opened(path);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      "2 photos may leave Anna's iPhone.",
    );
    expect(await page.locator("header").innerText()).toContain("Rollcall never deletes anything");
    expect(await page.getByRole("region", { name: "What stays, and why" }).innerText()).toContain(
      "bytes were not read",
    );
    await page.getByLabel("Find").fill("IMG_0002");
    await expect.poll(() => status(page)).toBe("Showing 1 of 2.");
    expect(await seriousViolations(page)).toEqual([]);
  });

  test("more than 500 pictures: the others lie in a folder beside it and are shown all the same", async () => {
    const answers = Array.from({ length: 510 }, (_, at) => answer(`/DCIM/100APPLE/IMG_${1000 + at}.JPG`));
    const bytes = encodeJpeg(drawPicture(new SeededNumbers(1)), null);
    const filePath = join(folder, "small.jpg");
    writeFileSync(filePath, bytes);
    const damaged = join(folder, "damaged.jpg");
    writeFileSync(damaged, bytes.subarray(0, 30));
    const page = await opened(
      await kept(
        answers,
        new Map(
          answers.map(({ item }, at) => [item, { type: "jpeg", filePath: at === 509 ? damaged : filePath }]),
        ),
      ),
    );
    await page.getByLabel("Find").fill("IMG_150");
    await expect.poll(() => shownItems(page).count()).toBe(10);
    const pictures = page.locator(".item:visible img");
    await expect
      .poll(() =>
        pictures.evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0)),
      )
      .toBe(true);
    expect(await pictures.first().getAttribute("src")).toMatch(/%20pictures\/0501\.jpg$/);
    expect(await pictures.count(), "the damaged one became a drawing").toBe(9);
  });

  test("20,000 photos: few elements at first, more as one comes to them, and the filter answers for all", async () => {
    const page = await opened(await kept([...manyAnswers(20_000)]));
    expect(await status(page)).toBe("Showing all 20,000.");
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(25_000);
    await page.getByRole("button", { name: /20 failed/ }).click();
    expect(await status(page)).toBe("Showing 20 of 20,000.");
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByLabel("Find").fill("119apple IMG_9007");
    await expect.poll(() => status(page)).toBe("Showing 1 of 20,000.");
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel("Find").press("Escape");
    await expect.poll(() => status(page)).toBe("Showing all 20,000.");
    const more = page.getByRole("button", { name: "Show 500 more" });
    await more.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => shownItems(page).count()).toBeGreaterThanOrEqual(1000);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("summary");
  });

  test("a photo that the page holds as data is shown like one that stands in it", async () => {
    const odd = [
      answer("/DCIM/100APPLE/.HEIC", { ...proved, sizeBytes: 999 }),
      answer("/DCIM/100APPLE/IMG_0001.MOV", inICloudOnly),
      answer(`/DCIM/100APPLE/'"<b>&amp;\u202e.JPG`, failed),
      answer("/DCIM/100APPLE/odd", { ...failed, sizeBytes: null, modifiedAt: null, checkedAt: null }),
      ...manyAnswers(3),
    ];
    const inPage = await opened(await kept(odd), { timezoneId: "Asia/Tokyo" });
    const seen = async (page: Page) => {
      for (const summary of await shownItems(page).locator("summary").all()) await summary.click();
      const markup = await shownItems(page).evaluateAll((all) =>
        all.map(({ outerHTML }) => outerHTML.trim()),
      );
      await page.close();
      return markup;
    };
    const whole = await seen(inPage);
    expect(whole).toHaveLength(7);
    const before = Array.from({ length: 500 }, (_, at) =>
      answer(`/DCIM/999APPLE/BEFORE_${at}.PNG`, { thisRun: false }),
    );
    const held = await opened(await kept([...before, ...odd]), { timezoneId: "Asia/Tokyo" });
    await held.getByLabel("Find").fill("/DCIM/100APPLE/");
    await expect.poll(() => status(held)).toBe("Showing 7 of 507.");
    expect(await seen(held)).toEqual(whole);
  });

  test("names from the phone that the page holds as data stay text, and nothing of them runs", async () => {
    const hostile = HOSTILE_NAMES.map((path) =>
      answer(path, { ...failed, reason: { ...failed.reason, message: path } }),
    );
    const page = await opened(await kept([...manyAnswers(500), ...hostile]));
    await page.getByLabel("Find").fill("window.wasHere");
    await expect.poll(() => status(page)).toBe("Showing 4 of 507.");
    for (const summary of await shownItems(page).locator("summary").all()) await summary.click();
    expect(await page.evaluate(() => (globalThis as { wasHere?: number }).wasHere)).toBeUndefined();
    expect(await shownItems(page).first().innerText()).toContain(
      "</script><script>window.wasHere = 1</script>",
    );
    expect(await seriousViolations(page)).toEqual([]);
  });

  test("on paper and without JavaScript a page of many photos has all of them", async () => {
    const path = await kept([...manyAnswers(700)]);
    const page = await opened(path);
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    expect(await page.locator(".item").count()).toBe(700);
    await context.close();
    const plain = await opened(path, { javaScriptEnabled: false });
    expect(await plain.locator(".item").count()).toBe(500);
    expect(await plain.locator(".names li").count()).toBe(200);
    expect(await plain.locator(".names li").last().isVisible()).toBe(true);
  });
});
