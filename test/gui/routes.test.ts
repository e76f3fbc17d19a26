import { describe, expect, test } from "vitest";
import { phoneWithCameraRoll } from "../run/import-harness.js";
import { GuiDesk } from "./gui-desk.js";

const OWN = "http://127.0.0.1:49152";

describe("a request is refused, and nothing is done", () => {
  const POSTS = [
    ["/api/phone", { udid: "x" }],
    ["/api/choice", { plan: 1, change: "add", ids: [0] }],
    ["/api/import", { plan: 1, what: "new" }],
    ["/api/stop", {}],
    ["/api/answer", { question: 1, value: "yes" }],
    ["/api/eject", { udid: "x" }],
    ["/api/automatic", { udid: "x", on: true }],
    ["/api/verify", { receipt: "x" }],
    ["/api/safe-to-remove", {}],
    ["/api/doctor", {}],
    ["/api/show-album", {}],
    ["/api/quit", {}],
  ] as const;
  const GETS = [
    "/api/state",
    "/api/changes",
    "/api/photos?plan=1",
    "/api/thumbnail/1/0",
    "/api/large/1/0",
    "/api/receipts",
  ];
  const ALL = [...GETS.map((path) => [path, undefined] as const), ...POSTS];

  test.each(ALL)("%s without a token", async (path, body) => {
    await using desk = new GuiDesk();
    for (const authorization of [
      null,
      "Bearer ",
      "Bearer AAAAAAAAAAAAAAAAAAAAAA",
      `Basic ${desk.access.token}`,
    ]) {
      const response = await desk.ask(path, { ...asPost(body), headers: { authorization } });
      expect([response.status, await codeOf(response)]).toEqual([401, "NO_TOKEN"]);
    }
    expect(desk.done).toEqual([]);
  });

  test.each(ALL)("%s under a name that is not ours, with the token", async (path, body) => {
    await using desk = new GuiDesk();
    for (const host of [
      "evil.example",
      "evil.example:49152",
      "127.0.0.1",
      "127.0.0.1:80",
      "localhost.evil.example:49152",
      "",
    ]) {
      const response = await desk.ask(path, { ...asPost(body), headers: { host } });
      expect([host, response.status, await codeOf(response)]).toEqual([host, 403, "OTHER_HOST"]);
    }
    expect(desk.done).toEqual([]);
  });

  test.each(POSTS)("%s from another page, with the token", async (path, body) => {
    await using desk = new GuiDesk();
    const others = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: "https://127.0.0.1:49152" },
      { origin: "http://127.0.0.1:49153" },
      { origin: null, "sec-fetch-site": "cross-site" },
      { origin: null, "sec-fetch-site": null },
      { origin: OWN, "sec-fetch-site": "same-site" },
    ];
    for (const headers of others) {
      const response = await desk.ask(path, { ...asPost(body), headers });
      expect([headers, response.status, await codeOf(response)]).toEqual([headers, 403, "OTHER_ORIGIN"]);
    }
    expect(desk.done).toEqual([]);
  });

  test.each(POSTS)("%s as a form, as a simple request can be", async (path, body) => {
    await using desk = new GuiDesk();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", null]) {
      const response = await desk.ask(path, { ...asPost(body), headers: { "content-type": type } });
      expect(response.status).toBe(415);
    }
    expect(desk.done).toEqual([]);
  });

  test.each(POSTS)("%s with a body that is none of its own", async (path) => {
    await using desk = new GuiDesk();
    const isEmpty = Object.keys(POSTS.find(([one]) => one === path)![1]).length === 0;
    for (const body of [
      "",
      "{",
      "[]",
      "null",
      '"x"',
      ...(isEmpty ? [] : ["{}", '{"udid":7,"plan":"1","ids":{}}']),
    ])
      expect([body, (await desk.ask(path, { method: "POST", body })).status]).toEqual([body, 400]);
    expect(desk.done).toEqual([]);
  });

  test("a preflight, whatever it asks for: no header allows another page anything", async () => {
    await using desk = new GuiDesk();
    const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
    for (const path of ["/", "/api/import", "/media/1/0/still"]) {
      const response = await desk.ask(path, { method: "OPTIONS", headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("a body of more than a megabyte", async () => {
    await using desk = new GuiDesk();
    const body = JSON.stringify({ udid: "x".repeat(1_000_001) });
    const declared = await desk.ask("/api/phone", {
      method: "POST",
      body,
      headers: { "content-length": String(body.length) },
    });
    expect(declared.status).toBe(413);
    const undeclared = await desk.ask("/api/phone", { method: "POST", body });
    expect(undeclared.status).toBe(413);
  });

  test.each([
    "/page/../package.json",
    "/page/..%2f..%2fpackage.json",
    "/page/%2e%2e/%2e%2e/package.json",
    "/page//etc/passwd",
    "/page/index.html%00.js",
    "/receipt/..%2f..%2fledger.sqlite",
    "/receipt/%2e%2e/ledger.sqlite",
    "/media/1/0/..%2f..",
    "/document/1%2f..",
  ])("%s, a path that means another file", async (path) => {
    await using desk = new GuiDesk();
    const response = await desk.ask(path);
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  test("an address below /media, /receipt or /document that is not signed, or signed for another", async () => {
    await using desk = new GuiDesk();
    const other = new URL(desk.access.signed("/media/1/1/still"), OWN).search;
    for (const path of ["/media/1/0/still", "/document/1"]) {
      for (const search of ["", "?s=", "?s=AAAA", other])
        expect([path, search, (await desk.ask(`${path}${search}`)).status]).toEqual([path, search, 403]);
    }
  });
});

test("every answer has the headers that keep a page from more than its own", async () => {
  await using desk = new GuiDesk();
  const answers = [
    await desk.ask("/"),
    await desk.ask("/api/state"),
    await desk.ask("/nothing"),
    await desk.ask("/api/state", { headers: { authorization: null } }),
    await desk.ask("/", { headers: { host: "evil.example" } }),
  ];
  for (const { headers } of answers) {
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|data:|https?:|\*/);
    expect(headers.get("set-cookie")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("two servers have two tokens, of 128 bits", async () => {
  await using one = new GuiDesk();
  await using other = new GuiDesk();
  expect(Buffer.from(one.access.token, "base64url")).toHaveLength(16);
  expect(one.access.token).not.toBe(other.access.token);
});

describe("with a phone on the cable", () => {
  test("ids that are not in the plan change nothing", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll()]);
    const { plan, photos } = await desk.photoList();
    const change = (ids: number[], of = plan) => desk.post("/api/choice", { plan: of, change: "add", ids });
    expect((await change([photos.length, 999_999_999])).status).toBe(204);
    expect(desk.session.live.chosen.ids).toEqual([]);
    expect(
      (await desk.ask("/api/choice", { method: "POST", body: `{"plan":${plan},"change":"add","ids":[-1]}` }))
        .status,
    ).toBe(400);
    expect(
      (await desk.ask("/api/choice", { method: "POST", body: `{"plan":${plan},"change":"add","ids":[0.5]}` }))
        .status,
    ).toBe(400);
    expect([(await change([0], plan + 1)).status, (await change([0], 0)).status]).toEqual([409, 409]);
    expect(desk.session.live.chosen.ids).toEqual([]);
    for (const id of [photos.length, 123_456_789]) {
      expect((await desk.ask(`/api/thumbnail/${plan}/${id}`)).status).toBe(204);
      expect((await desk.ask(`/api/large/${plan}/${id}`)).status).toBe(409);
    }
  });

  test("what is in Photos, or in iCloud only, cannot be chosen", async () => {
    await using desk = new GuiDesk([await phoneWithCameraRoll({ hasLibraryOnly: true })]);
    const { plan, photos } = await desk.photoList();
    const ids = photos.map(({ id }) => id);
    await desk.post("/api/choice", { plan, change: "replace", ids });
    const open = photos.filter(({ state, mayBeChosen }) => state === "new" || mayBeChosen === true);
    expect(open.length).toBeLessThan(photos.length);
    expect([...desk.session.live.chosen.ids].sort((a, b) => a - b)).toEqual(open.map(({ id }) => id));
  });
});

function asPost(body: unknown): { method?: string; body?: string } {
  return body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { trouble: { code: string } }).trouble.code;
}
