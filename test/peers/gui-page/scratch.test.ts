import { chromium } from "playwright-core";
import { test } from "vitest";
import { MadeUpServer } from "./made-up-server.js";
import { A_RUN, LOCKED, manyPhotos } from "./some-photos.js";

test("shots", async () => {
  const server = new MadeUpServer();
  await server.start();
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.on("console", (m) => console.log(m.type(), m.text()));
  page.on("pageerror", (e) => console.log("PAGEERROR", e.stack));
  await page.goto(server.address);
  await page.waitForTimeout(300);
  await page.screenshot({ path: "/tmp/shots/1-none.png" });
  server.set({ phones: [LOCKED] });
  await page.waitForTimeout(200);
  await page.screenshot({ path: "/tmp/shots/2-locked.png" });
  const photos = manyPhotos(20_000, 900);
  server.withoutPicture.add(19_990);
  server.withoutPicture.add(19_985);
  const t = Date.now();
  server.openPhone(photos);
  await page.waitForSelector(".tile img");
  console.log("first picture after", Date.now() - t);
  await page.waitForTimeout(600);
  await page.screenshot({ path: "/tmp/shots/3-grid.png" });
  await page.locator(".tile").nth(1).click();
  await page
    .locator(".tile")
    .nth(9)
    .click({ modifiers: ["Shift"] });
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/4-chosen.png" });
  await page.keyboard.press("Space");
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/5-large.png" });
  await page.keyboard.press("Escape");
  await page.getByText("All 20,000").click();
  await page.waitForTimeout(500);
  await page.mouse.wheel(0, 400);
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/6-all.png" });
  server.set({
    run: {
      ...A_RUN,
      photosIs: "Photos is working on 24 items (40 s)",
      notices: [{ code: "X", message: "iCloud Photos is on: what is imported goes to iCloud too." }],
    },
  });
  server.send({
    type: "answers",
    run: 1,
    plan: 1,
    answers: photos.slice(-30).map(({ id }, at) => ({
      id,
      answer: (["copied", "imported", "proved", "failed"] as const)[at % 4]!,
      ...(at % 4 === 3 && { reason: "Photos would not take it" }),
    })),
  });
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/7-run.png" });
  server.set({
    question: {
      number: 1,
      words: "Switch on iCloud upload?",
      detail: "It sends them.",
      options: [
        { value: "y", words: "Import", isSuggested: true },
        { value: "n", words: "Stop", isSuggested: false },
      ],
    },
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: "/tmp/shots/8-question.png" });
  server.set({
    question: null,
    run: {
      ...A_RUN,
      isSafeToUnplug: true,
      end: {
        type: "finished",
        summary: "100 new photos, all proved: the bytes in Photos are the bytes from the phone.",
        remedy: null,
        isTrouble: false,
        receipt: "r1",
        album: "Last Import",
      },
    },
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: "/tmp/shots/9-end.png" });
  server.receipts = [
    {
      name: "r1",
      at: Date.now(),
      phone: "Anna's iPhone",
      summary: "100 new photos, all proved",
      isTrouble: false,
      address: "/receipt/r1.html?s=1",
    },
    {
      name: "r2",
      at: Date.now() - 1e9,
      phone: "Anna's iPhone",
      summary: "1 photo did not arrive. 12 new photos.",
      isTrouble: true,
      address: "/receipt/r2.html?s=1",
    },
  ];
  await page.getByRole("button", { name: "Show the receipt" }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/10-receipt.png" });
  await page.getByRole("link", { name: "Check the set-up" }).click();
  server.set({
    check: {
      number: 1,
      what: "doctor",
      words: "Checking",
      done: 1,
      of: 3,
      end: {
        type: "doctor",
        lines: [
          { status: "ok", title: "Node", words: "20.20", remedy: null },
          {
            status: "problem",
            title: "May Rollcall drive Photos?",
            words: "No.",
            remedy: [
              "Allow it. x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_Automation",
            ],
          },
          { status: "note", title: "Disk", words: "fine", remedy: null },
        ],
      },
    },
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: "/tmp/shots/11-check.png" });
  await page.getByRole("link", { name: "Photos" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: "Choose more photos" }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/12-dark.png" });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/13-narrow.png" });
  await page.evaluate(() => scrollTo(0, 700));
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/shots/14-narrow.png" });
  console.log(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]));
  await browser.close();
  await server.close();
}, 60_000);
