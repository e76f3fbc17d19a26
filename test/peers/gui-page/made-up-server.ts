import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type {
  Change,
  PageState,
  PhotoItem,
  ReceiptLine,
  Requests,
  Trouble,
} from "../../../src/gui/page/server-state.js";
import { encodeJpeg } from "../../../src/virtual/iphone/jpeg.js";
import { drawPicture } from "../../../src/virtual/iphone/picture.js";
import { SeededNumbers } from "../../../src/virtual/iphone/seeded-numbers.js";
import { headOf, NO_PHONE, PHONE, UDID } from "./some-photos.js";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const TYPES = {
  js: "text/javascript",
  css: "text/css",
  html: "text/html; charset=utf-8",
  svg: "image/svg+xml",
} as const;
const PAGE = join(import.meta.dirname, "../../../dist/gui/page");
const TOKEN = "0123456789abcdef0123456789abcdef";

/** Speaks the contract with the page out of a made-up state, so that a test decides what the page is told and when. */
export class MadeUpServer {
  state: PageState = NO_PHONE;
  photos: readonly PhotoItem[] = [];
  receipts: readonly ReceiptLine[] = [];
  /** What the page asked for by POST, in order. */
  readonly asked: { path: string; body: unknown }[] = [];
  /** Ids of the small pictures that were asked for. */
  readonly thumbnails: number[] = [];
  /** Said instead of doing what is asked. */
  refusal: Trouble | null = null;
  /** Photos without a small picture. */
  readonly withoutPicture = new Set<number>();
  chosen = new Set<number>();
  #revision = 0;
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #pictures = Array.from({ length: 24 }, (_, seed) =>
    encodeJpeg(drawPicture(new SeededNumbers(seed + 1), 45, 60), null),
  );

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What a browser is opened with. */
  get address(): string {
    return `${this.origin}/#t=${TOKEN}`;
  }

  /** How many pages follow the changes now. */
  get pages(): number {
    return this.#streams.size;
  }

  /** A phone that is ready, with these photos to choose from. */
  openPhone(photos: readonly PhotoItem[], plan = 1): void {
    this.photos = photos;
    const head = headOf(photos, plan);
    this.chosen = new Set();
    this.set({
      phones: [PHONE],
      opened: {
        udid: UDID,
        name: PHONE.name,
        phase: "ready",
        trouble: null,
        filesListed: photos.length,
        photos: head,
        choice: this.#choice(),
      },
    });
  }

  set(changes: Partial<PageState>): void {
    this.state = { ...this.state, ...changes };
    this.send({ type: "state", state: this.state });
  }

  send(change: Change): void {
    for (const stream of this.#streams) stream.write(`${JSON.stringify(change)}\n`);
  }

  /** As another tab would. */
  choose(ids: Iterable<number>): void {
    this.chosen = new Set(ids);
    this.#tellChoice();
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Cache-Control", "no-store");
    const path = new URL(request.url ?? "/", "http://rollcall.invalid").pathname;
    if (path === "/" || path.startsWith("/page/")) this.#file(path, response);
    else if (path.startsWith("/receipt/")) receipt(response);
    else if (path.startsWith("/media/")) this.#picture(path, response);
    else if (request.headers.authorization !== `Bearer ${TOKEN}`) refuse(response, 401, "NOT_ALLOWED");
    else if (request.method === "POST") this.#post(path as keyof Requests, await bodyOf(request), response);
    else if (path === "/api/changes") this.#follow(response);
    else if (path === "/api/photos") this.#list(response);
    else if (path === "/api/receipts") json(response, this.receipts);
    else if (path.startsWith("/api/thumbnail/")) this.#picture(path, response);
    else if (path.startsWith("/api/large/")) this.#large(path, response);
    else refuse(response, 404, "NOT_FOUND");
  }

  #file(path: string, response: ServerResponse): void {
    const name = path === "/" ? "index.html" : path.slice("/page/".length);
    if (!/^[\w-]+\.(js|css|html|svg)$/.test(name)) {
      refuse(response, 404, "NOT_FOUND");
      return;
    }
    response.setHeader("Content-Type", TYPES[name.split(".")[1] as keyof typeof TYPES]);
    response.end(readFileSync(join(PAGE, name)));
  }

  #follow(response: ServerResponse): void {
    response.setHeader("Content-Type", "application/x-ndjson");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
    response.write(`${JSON.stringify({ type: "state", state: this.state })}\n`);
  }

  #list(response: ServerResponse): void {
    const plan = this.state.opened?.photos?.plan ?? 0;
    const { photos, chosen } = this;
    json(response, { plan, photos, chosen: [...chosen], choiceRevision: this.#revision });
  }

  #picture(path: string, response: ServerResponse): void {
    const id = Number(path.split("/").at(-1));
    if (path.startsWith("/api/thumbnail/")) this.thumbnails.push(id);
    if (this.withoutPicture.has(id)) {
      refuse(response, 404, "NOT_FOUND");
      return;
    }
    response.setHeader("Content-Type", "image/jpeg");
    response.end(this.#pictures[id % this.#pictures.length]);
  }

  #large(path: string, response: ServerResponse): void {
    const id = Number(path.split("/").at(-1));
    const kind = this.photos.find((photo) => photo.id === id)?.kind;
    const show = kind === "raw" ? "thumbnail" : "image";
    const address = show === "image" ? `/media/1/${id}?s=1` : null;
    json(response, { show, address, liveAddress: null, isSafariOnly: false, facts: ["4032 by 3024"] });
  }

  #post(path: keyof Requests, body: unknown, response: ServerResponse): void {
    this.asked.push({ path, body });
    if (this.refusal !== null) {
      response.statusCode = 409;
      json(response, { trouble: this.refusal });
      return;
    }
    if (path === "/api/choice") {
      const { change, ids } = body as Requests["/api/choice"];
      if (change === "replace") this.chosen = new Set(ids);
      for (const id of ids)
        if (change === "remove") this.chosen.delete(id);
        else this.chosen.add(id);
      this.#tellChoice();
    }
    response.statusCode = 204;
    response.end();
  }

  #tellChoice(): void {
    this.#revision += 1;
    const { opened } = this.state;
    const plan = opened?.photos?.plan ?? 0;
    this.send({ type: "choice", plan, revision: this.#revision, ids: [...this.chosen] });
    if (opened !== null) this.set({ opened: { ...opened, choice: this.#choice() } });
  }

  #choice() {
    const bytes = this.photos.reduce((sum, { id, bytes }) => sum + (this.chosen.has(id) ? bytes : 0), 0);
    return {
      revision: this.#revision,
      items: this.chosen.size,
      bytes,
      cableSeconds: bytes / 38_000_000,
      freeBytes: 210_000_000_000,
      fits: true,
    };
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
}

function receipt(response: ServerResponse): void {
  response.setHeader("Content-Type", TYPES.html);
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'");
  response.end("<!doctype html><title>Receipt</title><h1>3 new photos, all proved</h1>");
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.statusCode = status;
  json(response, { trouble: { code, message: code, why: null, remedy: [] } });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}
