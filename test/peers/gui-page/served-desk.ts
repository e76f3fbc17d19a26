import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Access } from "../../../src/gui/access.js";
import { guiRoutes } from "../../../src/gui/gui-routes.js";
import { GuiSession } from "../../../src/gui/gui-session.js";
import { pageFiles } from "../../../src/gui/page-files.js";
import { StoredReceipts } from "../../../src/gui/stored-receipts.js";
import type { Phone, ReadOptions } from "../../../src/phone/phone.js";
import type { MemoryPhone } from "../../../src/virtual/iphone/memory-phone.js";
import { FakeCable, GuiDesk } from "../../gui/gui-desk.js";

/** A cable on which a test can hold the photos back: they come once it lets go. */
class HeldCable extends FakeCable {
  #free: Promise<void> = Promise.resolve();
  letGo: () => void = () => {};

  /** From now on no photo comes over, while everything else does. */
  hold(): void {
    this.#free = new Promise((resolve) => (this.letGo = resolve));
  }

  override async open(udid: string): Promise<Phone> {
    const phone = await super.open(udid);
    const wait = (signal?: AbortSignal) =>
      Promise.race([
        this.#free,
        new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true })),
      ]);
    return new Proxy(phone, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name, of);
        if (name !== "read") return typeof value === "function" ? value.bind(of) : value;
        return async function* (path: string, options: ReadOptions = {}) {
          if (path.startsWith("/DCIM/")) await wait(options.signal);
          yield* of.read(path, options);
        };
      },
    });
  }
}

/** The page as it was built, and its real routes on a real port, over a phone in memory and the virtual Photos. */
export class ServedDesk implements AsyncDisposable {
  readonly cable = new HeldCable();
  /** Its own session has no phone, and does nothing. */
  readonly desk = new GuiDesk();
  readonly #access = new Access();
  readonly #server: Server = createServer();
  #session: GuiSession | null = null;

  async start(...phones: readonly MemoryPhone[]): Promise<void> {
    for (const phone of phones) this.cable.plugIn(phone);
    const parts = { ...this.desk.parts, finder: this.cable };
    const session = new GuiSession(parts, (path) => this.#access.signed(path));
    this.#session = session;
    const routes = guiRoutes({
      session,
      access: this.#access,
      port: () => this.#port,
      receipts: new StoredReceipts(parts.receipts),
      files: pageFiles(join(import.meta.dirname, "../../../dist/gui/page")),
    });
    this.#server.on("request", getRequestListener(routes.fetch, { overrideGlobalObjects: false }));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** What a browser is opened with. */
  get addressToOpen(): string {
    return `http://127.0.0.1:${this.#port}/#t=${this.#access.token}`;
  }

  /** The server ends, whatever the pages do. */
  async end(): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    this.#session = null;
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cable.letGo();
    await this.end();
    await this.desk[Symbol.asyncDispose]();
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
}
