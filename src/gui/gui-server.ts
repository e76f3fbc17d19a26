import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Access } from "./access.js";
import type { GuiParts } from "./gui-parts.js";
import { guiRoutes } from "./gui-routes.js";
import { GuiSession } from "./gui-session.js";
import { pageFiles } from "./page-files.js";
import { StoredReceipts } from "./stored-receipts.js";

/** A browser opens six to one server; tabs and a video need some more. */
const MOST_CONNECTIONS = 64;
const HEADERS_MS = 10_000;

/** A server that listens. */
interface GuiServer extends AsyncDisposable {
  /** `http://127.0.0.1:49152`; without the token, so it may be printed anywhere. */
  readonly address: string;
  /** The address that opens the page. The token stands in the fragment, which no browser sends or logs. */
  readonly addressToOpen: string;
  /** Resolves when it is to end. */
  readonly isOver: Promise<void>;
}

/** Listens on 127.0.0.1, at a port that the system chooses. */
export async function startGuiServer(parts: GuiParts): Promise<GuiServer> {
  const access = new Access();
  const session = new GuiSession(parts, (path) => access.signed(path));
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS });
  server.maxConnections = MOST_CONNECTIONS;
  const portOf = () => (server.address() as AddressInfo).port;
  const receipts = new StoredReceipts(parts.receipts);
  const routes = guiRoutes({ session, access, receipts, files: pageFiles(), port: portOf });
  server.on("request", getRequestListener(routes.fetch, { overrideGlobalObjects: false }));
  server.listen({ host: "127.0.0.1", port: 0, exclusive: true });
  await once(server, "listening");
  const address = `http://127.0.0.1:${portOf()}`;
  return {
    address,
    addressToOpen: `${address}/#t=${access.token}`,
    isOver: session.isOver,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await closed(server);
    },
  };
}

/** Streams end by themselves once the session has; what is idle is cut. */
async function closed(server: Server): Promise<void> {
  const isClosed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 1_000).unref();
  await isClosed;
}
