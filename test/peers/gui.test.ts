/// <reference lib="dom" />
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { phoneWithCameraRoll } from "../run/import-harness.js";
import { ServedDesk } from "./gui-page/served-desk.js";
import { toolMissing, toolPath } from "./tool.js";

const missing = toolMissing("chromium", "chromium");
/** Where to put the picture that the README shows; nothing is written without it. */
const picturePath = process.env.ROLLCALL_GUI_PICTURE;
const command = process.platform === "darwin" ? "Meta" : "Control";

let browser: Browser;
let context: BrowserContext;
let served: ServedDesk;
let complaints: string[];

beforeAll(async () => {
  if (missing !== null) return;
  browser = await chromium.launch({ executablePath: toolPath("chromium")! });
});
afterAll(() => browser?.close());

beforeEach((test) => {
  test.skip(missing !== null, missing ?? "");
  complaints = [];
  served = new ServedDesk();
});
afterEach(async () => {
  await context?.close();
  await served?.[Symbol.asyncDispose]();
  expect(complaints).toEqual([]);
});

async function opened(address = served.addressToOpen): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  return another(address);
}

async function another(address = served.addressToOpen): Promise<Page> {
  const page = await context.newPage();
  const { origin } = new URL(address);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // What is refused or not there, and a server that ends, are noted by a browser by itself.
    if (!/status of [45]|ERR_/.test(message.text())) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (
      !request
        .url()
        .replace(/^blob:/, "")
        .startsWith(`${origin}/`)
    )
      complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(address);
  return page;
}

const tiles = (page: Page) => page.locator(".tile");
const chosen = (page: Page) => page.locator('.tile[aria-selected="true"]');
const nameIn = (label: string | null) => /IMG_\w+\.\w+/.exec(label ?? "")?.[0] ?? "";

async function namesOf(list: ReturnType<typeof tiles>): Promise<string[]> {
  return (await list.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))))
    .map(nameIn)
    .sort();
}

/** The first import into a library is asked about. */
const sayYes = (page: Page) => page.locator(".asked").getByRole("button", { name: "Import" }).click();

/** Names of the photos that the last import brought, by its receipt. */
async function broughtByLastImport(): Promise<string[]> {
  const receipts = join(served.desk.folder, "receipts");
  const last = readdirSync(receipts)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .at(-1)!;
  const { answers } = await readReceipt(join(receipts, last));
  const items = answers
    .filter(({ thisRun, answer }) => thisRun && answer === "proved")
    .map(({ item }) => item.slice(item.lastIndexOf("/") + 1));
  return [...new Set(items)].sort();
}

describe("choosing by looking", () => {
  test("three by click and Shift across months, Import Selected: the receipt lists exactly those", async () => {
    await served.start(await phoneWithCameraRoll({ photos: 120 }));
    const page = await opened();
    await page.locator(".tile img").first().waitFor();
    const months = page.getByLabel("Go to month");
    const [, , second] = await months.locator("option").all();
    await months.selectOption({ index: 2 });
    const lastOfFirst = Number(await second!.getAttribute("value")) - 1;
    const at = (place: number) => page.locator(`.tile[aria-posinset="${place + 1}"]`);
    await at(lastOfFirst).click();
    await at(lastOfFirst + 1).click({ modifiers: ["Shift"] });
    await at(lastOfFirst - 1).click({ modifiers: [command] });
    await expect.poll(() => chosen(page).count()).toBe(3);
    const names = await namesOf(chosen(page));
    await page.getByRole("button", { name: "Import Selected" }).click();
    await sayYes(page);
    await page.getByRole("button", { name: "Show the receipt" }).waitFor();
    expect(await broughtByLastImport()).toEqual(names);
    await page.getByText("Already Imported 3").click();
    await expect.poll(() => namesOf(tiles(page))).toEqual(names);
    await page.getByRole("button", { name: "Show the receipt" }).click();
    await page.frameLocator("iframe").getByRole("heading", { level: 1 }).waitFor();
  });

  test("Cmd-A with a filter: exactly what is filtered comes over", async () => {
    await served.start(await phoneWithCameraRoll());
    const page = await opened();
    await page.getByLabel("Kind").selectOption("video");
    await page.getByLabel("Kind").blur();
    const names = await namesOf(tiles(page));
    expect(names.length).toBeGreaterThan(1);
    await page.keyboard.press(`${command}+a`);
    await page.getByRole("button", { name: "Import Selected" }).click();
    await sayYes(page);
    await page.getByRole("button", { name: "Show the receipt" }).waitFor();
    expect(await broughtByLastImport()).toEqual(names);
  });

  test("Import All New Photos leaves nothing new; the automatic box stays as it was set", async () => {
    await served.start(await phoneWithCameraRoll());
    const page = await opened();
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    await sayYes(page);
    await page.getByText("Nothing is new. What was imported before").waitFor();
    const box = page.getByLabel("Import new photos automatically");
    await box.check();
    await expect.poll(() => served.desk.done).toEqual(["automatic"]);
    await page.reload();
    expect(await box.isChecked()).toBe(true);
  });
});

describe("the phone", () => {
  test("locked, then ready: the page goes on by itself", async () => {
    const phone = await phoneWithCameraRoll();
    await served.start();
    const page = await opened();
    await page.getByRole("heading", { name: "Connect your iPhone" }).waitFor();
    served.cable.plugIn(phone, "locked");
    await page.getByRole("heading", { name: "Memory Phone is locked." }).waitFor();
    await page.getByText("Unlock it.").waitFor();
    served.cable.plugIn(phone);
    await page.locator(".tile img").first().waitFor();
  });

  test("pulled out while somebody scrolls: the page stays, and has all pictures once it is back", async () => {
    const phone = await phoneWithCameraRoll({ photos: 300 });
    await served.start(phone);
    const page = await opened();
    await page.locator(".tile img").first().waitFor();
    served.cable.unplug(phone);
    await page.getByText("None on the cable.").waitFor();
    await page.keyboard.press("End");
    await page.mouse.wheel(0, 3000);
    expect(await tiles(page).count()).toBeGreaterThan(10);
    served.cable.plugIn(phone);
    await page.getByRole("button", { name: /^Memory Phone/ }).waitFor();
    await page.locator(".tile img").nth(5).waitFor();
  });
});

describe("an import that is on", () => {
  test("a reload and a second tab are where it is; Stop ends it, and the next one goes on", async () => {
    await served.start(await phoneWithCameraRoll());
    const page = await opened();
    served.cable.hold();
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    await sayYes(page);
    await page.getByText("Copied from the iPhone").waitFor();
    await page.reload();
    await page.getByText("Copied from the iPhone").waitFor();
    const second = await another();
    await second.getByText("Copied from the iPhone").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await second.getByRole("heading", { name: "The import was stopped" }).waitFor();
    served.cable.letGo();
    await page.getByRole("button", { name: "Choose more photos" }).click();
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    await second.getByText("Nothing is new. What was imported before").waitFor();
  });

  test("what Photos would not take says so on its tile, with the reason", async () => {
    await served.start(await phoneWithCameraRoll());
    const page = await opened();
    const tile = page.locator('.tile[aria-label*=".JPG"]').first();
    await tile.click();
    const name = nameIn(await tile.getAttribute("aria-label"));
    served.desk.photos.faults({
      name: "unsupported-file",
      names: name.replace(".", "\\."),
      manner: "left-out",
    });
    await page.getByRole("button", { name: "Import Selected" }).click();
    await sayYes(page);
    const failed = page.locator(`.tile[aria-label*="${name}"][data-answer="failed"]`);
    const again = page.locator(`.tile.is-again[aria-label*="${name}"]`);
    await failed.or(again).first().waitFor();
    await page.getByRole("button", { name: "Show the receipt" }).waitFor();
    expect(await broughtByLastImport()).toEqual([]);
  });

  test("a server that ends in the middle: the page says so", async () => {
    await served.start(await phoneWithCameraRoll());
    const page = await opened();
    served.cable.hold();
    await page.getByRole("button", { name: "Import All New Photos" }).click();
    await sayYes(page);
    await page.getByText("Copied from the iPhone").waitFor();
    await served.end();
    await page.getByRole("heading", { name: "Rollcall has ended" }).waitFor();
  });
});

test("rollcall demo gui: choose, import, look; this is the picture that the README shows", async () => {
  const main = join(import.meta.dirname, "../../dist/main.js");
  const child = execa(process.execPath, [main, "demo", "gui", "--no-open", "--photos", "60"], {
    reject: false,
  });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout!.setEncoding("utf8").on("data", (piece: string) => {
        const found = /^http:\S+/m.exec(piece);
        if (found !== null) resolve(found[0]);
      });
      void child.then(({ stderr }) => reject(new Error(stderr)));
    });
    const page = await opened(address);
    // On the first day of a month one photo has a row of its own.
    await page.locator(".tile img").nth(5).waitFor();
    await tiles(page).nth(1).click();
    await tiles(page)
      .nth(4)
      .click({ modifiers: ["Shift"] });
    await page.getByText("4 photos selected", { exact: true }).waitFor();
    await page.mouse.move(0, 0);
    if (picturePath !== undefined) {
      await page.setViewportSize({ width: 1280, height: 960 });
      await page.locator(".tile img").nth(12).waitFor();
      await page.screenshot({ path: picturePath, animations: "disabled" });
    }
    await page.getByRole("button", { name: "Quit Rollcall" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Quit Rollcall" }).click();
    await page.getByRole("heading", { name: "Rollcall has ended" }).waitFor();
    expect((await child).exitCode).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
