import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { Change, PageState, PhotoList } from "../../src/gui/page/server-state.js";
import { jpeg } from "../run/small-phones.js";
import { CommandHarness } from "./command-harness.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
  onTestFinished(() => harness[Symbol.asyncDispose]());
  mkdirSync(join(harness.mediaFolder, "DCIM/100APPLE"), { recursive: true });
  for (const number of [1, 2, 3])
    writeFileSync(join(harness.mediaFolder, `DCIM/100APPLE/IMG_000${number}.JPG`), jpeg(number));
});

test("a phone whose library cannot be read is told of in the page, and Ctrl-C ends the server", async () => {
  await harness.plugIn();
  const gui = start(["gui", "--no-open"]);
  const page = await gui.page;
  // Files alone, without a library of the phone.
  const failed = await page.until(({ opened }) => opened?.phase === "failed" || opened?.phase === "ready");
  expect(failed.opened?.trouble?.code).toBe("PHONE_LIBRARY_UNREADABLE");
  gui.child.kill("SIGINT");
  const { exitCode, stderr } = await gui.child;
  expect([exitCode, String(stderr).trimEnd().split("\n").at(-1)]).toEqual([0, "Ending."]);
});

test("the page of the demo imports three photos, and the receipt lists exactly those", async () => {
  const gui = start(["demo", "gui", "--no-open"]);
  const page = await gui.page;
  const { opened } = await page.until((state) => state.opened?.phase === "ready");
  const { plan } = opened!.photos!;
  const { photos } = (await page.get(`/api/photos?plan=${plan}`)) as PhotoList;
  const ids = photos
    .filter(({ state }) => state === "new")
    .slice(0, 3)
    .map(({ id }) => id);
  await page.post("/api/choice", { plan, change: "replace", ids });
  await page.post("/api/import", { plan, what: "chosen" });
  const { question } = await page.until((state) => state.question !== null);
  await page.post("/api/answer", { question: question!.number, value: "yes" });
  const { run } = await page.until((state) => state.run?.end != null);
  expect(run!.end).toMatchObject({ type: "finished", summary: "3 new photos, all proved", isTrouble: false });
  expect(run!.isSafeToUnplug).toBe(true);
  await page.post("/api/quit", {});
  expect((await gui.child).exitCode).toBe(0);
});

test("a second start opens the page of the first, and a dead server's address is not believed", async () => {
  await harness.plugIn();
  const first = start(["gui", "--no-open"]);
  const { address } = await first.page;
  const second = await harness.rollcall(["gui", "--no-open"]);
  expect([second.exitCode, second.stdout.trim()]).toEqual([0, address]);
  expect(second.stderr).toContain("Rollcall's page is open already");
  const opener = join(harness.folder, "data", "open-page.html");
  const text = readFileSync(opener, "utf8");
  first.child.kill("SIGTERM");
  await first.child;
  expect(existsSync(opener)).toBe(false);
  writeFileSync(opener, text, { mode: 0o600 });
  const third = start(["gui", "--no-open"]);
  expect((await third.page).address).not.toBe(address);
  third.child.kill("SIGINT");
  await third.child;
});

test("the browser is given a file for its owner alone, and no address with a token", async () => {
  const bin = join(harness.folder, "bin");
  mkdirSync(bin);
  const told = join(harness.folder, "told");
  writeFileSync(
    join(bin, "xdg-open"),
    `#!/bin/sh\nprintf '%s\\n' "$@" > ${told}.part && mv ${told}.part ${told}\n`,
  );
  chmodSync(join(bin, "xdg-open"), 0o755);
  const child = harness.start(["gui"], { PATH: `${bin}:${harness.environment.PATH}` });
  onTestFinished(() => void child.kill("SIGKILL"));
  const errors: string[] = [];
  await new Promise<void>((resolve) =>
    child.stderr!.setEncoding("utf8").on("data", (piece: string) => {
      errors.push(piece);
      if (errors.join("").includes("Ctrl-C ends it")) resolve();
    }),
  );
  const opener = readFileSync(told, "utf8").trim();
  expect(opener).toBe(join(harness.folder, "data", "open-page.html"));
  expect(statSync(opener).mode & 0o777).toBe(0o600);
  const token = /#t=([\w-]+)/.exec(readFileSync(opener, "utf8"))![1]!;
  child.kill("SIGINT");
  const { stdout, stderr } = await child;
  expect(`${String(stdout)}${String(stderr)}${errors.join("")}`).not.toContain(token);
});

test("--detach returns once the page can be opened, and the server goes on by itself", async () => {
  const { exitCode, stdout } = await harness.rollcall(["gui", "--detach", "--no-open"]);
  const opener = join(harness.folder, "data", "open-page.html");
  const text = readFileSync(opener, "utf8");
  const page = new Page(/"(http:[^"]+)"/.exec(text)![1]!);
  expect(await page.post("/api/quit", {})).toBe(204);
  expect(exitCode).toBe(0);
  expect(stdout).toBe("Rollcall's page is ready. Open this file in a browser: ~/data/open-page.html");
});

test("--detach says why where the page cannot start", async () => {
  writeFileSync(join(harness.folder, "data"), "a file");
  const { exitCode, stderr } = await harness.rollcall(["gui", "--detach", "--no-open"]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("error: Rollcall's page did not start.\nwhy:   Rollcall's data folder");
});

interface Started {
  readonly child: ReturnType<CommandHarness["start"]>;
  readonly page: Promise<Page>;
}

function start(args: readonly string[]): Started {
  const child = harness.start(args);
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  const page = new Promise<Page>((resolve, reject) => {
    child.stdout!.setEncoding("utf8").on("data", (piece: string) => {
      printed += piece;
      const address = /^(http:\S+)$/m.exec(printed)?.[1];
      if (address !== undefined) resolve(new Page(address));
    });
    void child.then(({ stderr }) => reject(new Error(`it ended: ${String(stderr)}`)));
  });
  page.catch(() => {});
  return { child, page };
}

/** What a page does, without a browser. */
class Page {
  readonly address: string;
  readonly #origin: string;
  readonly #token: string;

  constructor(address: string) {
    this.address = address;
    const url = new URL(address);
    this.#origin = url.origin;
    this.#token = url.hash.slice("#t=".length);
  }

  async get(path: string): Promise<unknown> {
    return await (await fetch(`${this.#origin}${path}`, { headers: this.#headers })).json();
  }

  async post(path: string, body: object): Promise<number> {
    const headers = { ...this.#headers, "content-type": "application/json", origin: this.#origin };
    const response = await fetch(`${this.#origin}${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return response.status;
  }

  /** The state as soon as it is so, as the server tells it. */
  async until(isSo: (state: PageState) => boolean): Promise<PageState> {
    const response = await fetch(`${this.#origin}/api/changes`, { headers: this.#headers });
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const change = JSON.parse(line) as Change;
        if (change.type === "state" && isSo(change.state)) return change.state;
      }
    }
    throw new Error("the server ended first");
  }

  get #headers() {
    return { authorization: `Bearer ${this.#token}` };
  }
}
