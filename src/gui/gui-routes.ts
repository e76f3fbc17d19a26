import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { RollcallError } from "../errors.js";
import {
  type Access,
  ownHostOnly,
  ownPageOnly,
  type RefusalStatus,
  refuse,
  safeHeaders,
  signedOnly,
  tokenOnly,
} from "./access.js";
import { type Body, type bodies, readBody } from "./bodies.js";
import type { GuiSession } from "./gui-session.js";
import { troubleOf } from "./in-page-words.js";
import { largeView, mediaResponse } from "./media.js";
import type { Change, PhotoList, Refusal } from "./page/server-state.js";
import type { PageFile } from "./page-files.js";
import type { StoredReceipts } from "./stored-receipts.js";

/** 100,000 ids of six digits, and some. */
const MOST_BODY_BYTES = 1_000_000;
/** Tabs, with some to spare; each is told everything. */
const MOST_PAGES = 20;

interface RouteParts {
  readonly session: GuiSession;
  readonly access: Access;
  readonly receipts: StoredReceipts;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly port: () => number;
}

/** Every route of the server. What a request names is looked up, and never becomes a path. */
export function guiRoutes({ session, access, receipts, files, port }: RouteParts): Hono {
  const app = new Hono();
  app.use(safeHeaders, ownHostOnly(port));
  app.onError((error, context) => {
    if (error instanceof HTTPException) return refuse(context, 413, "TOO_LARGE", "The request is too large.");
    return troubleResponse(context, error);
  });
  app.notFound((context) => refuse(context, 404, "NO_SUCH_ADDRESS", "There is nothing under this address."));

  const file = (context: Context, name: string) => {
    const found = files.get(name);
    if (found === undefined) return context.notFound();
    return context.body(new Uint8Array(found.bytes), 200, { "Content-Type": found.type });
  };
  app.get("/", (context) => file(context, "index.html"));
  app.get("/page/:name", (context) => file(context, context.req.param("name")));

  app.use("/api/*", tokenOnly(access), ownPageOnly);
  app.get("/api/state", (context) => context.json(session.live.now));
  app.get("/api/changes", (context) => changesResponse(context, session));
  app.get("/api/photos", (context) => photosResponse(context, session));
  app.get("/api/thumbnail/:plan/:id", async (context) => {
    const [plan, id] = [wholeNumber(context.req.param("plan")), wholeNumber(context.req.param("id"))];
    const picture = await session.opened?.picture(plan, id, context.req.raw.signal);
    // No error: of some photos there is none, and a browser would write each into its console.
    if (picture == null) return context.body(null, 204);
    return context.body(new Uint8Array(picture.bytes), 200, { "Content-Type": `image/${picture.type}` });
  });
  app.get("/api/large/:plan/:id", (context) => {
    const [plan, id] = [wholeNumber(context.req.param("plan")), wholeNumber(context.req.param("id"))];
    const listed = session.opened?.photo(plan, id) ?? null;
    if (listed === null) return planChanged(context);
    return context.json(largeView(listed, plan, access));
  });
  app.get("/api/receipts", async (context) => context.json(await receipts.list(access)));

  const limit = bodyLimit({
    maxSize: MOST_BODY_BYTES,
    onError: (context) => refuse(context, 413, "TOO_LARGE", "The request is too large."),
  });
  const onPost = <Path extends keyof typeof bodies>(path: Path, act: (body: Body<Path>) => unknown) =>
    app.post(path, limit, async (context) => {
      const body = readBody(path, await context.req.text());
      if (body === null) return refuse(context, 400, "BAD_REQUEST", "The request cannot be read.");
      const said = await act(body);
      return said === undefined ? context.body(null, 204) : context.json(said as object);
    });
  onPost("/api/phone", ({ udid, withoutLibrary = false }) => session.open(udid, withoutLibrary));
  onPost("/api/choice", ({ plan, change, ids }) => {
    requirePlan(session, plan);
    session.opened?.choice.change(change, ids);
  });
  onPost("/api/import", ({ plan, what }) => {
    requirePlan(session, plan);
    session.beginImport(what);
  });
  onPost("/api/stop", () => session.stop());
  onPost("/api/answer", ({ question, value }) => {
    if (!session.questions.answer(question, value)) throw new Changed("This was answered already.");
  });
  onPost("/api/eject", async ({ udid }) => ({ words: await session.eject(udid) }));
  onPost("/api/automatic", ({ udid, on }) => session.setAutomatic(udid, on));
  onPost("/api/verify", async ({ receipt }) => {
    if (!(await receipts.has(receipt))) throw new Changed("That receipt is not there any more.");
    session.beginCheck("verify", receipt);
  });
  onPost("/api/safe-to-remove", () => session.beginCheck("safe-to-remove", ""));
  onPost("/api/doctor", () => session.beginCheck("doctor", ""));
  onPost("/api/show-album", () => session.showAlbum());
  onPost("/api/quit", () => session.quit());

  app.use("/media/*", signedOnly(access));
  app.get("/media/:plan/:id/:part", async (context) => {
    const { plan, id, part } = context.req.param();
    const opened = session.opened;
    const listed = opened?.photo(wholeNumber(plan), wholeNumber(id)) ?? null;
    if (opened === null || listed === null) return planChanged(context);
    return mediaResponse(context, opened, listed, part === "live" ? "live" : "still");
  });
  app.get("/receipt/:signature/:name", async (context) => {
    const { signature, name } = context.req.param();
    const isSigned = access.isSignedFolder("/receipt", name, signature);
    const html = isSigned ? await receipts.page(name) : null;
    if (html === null)
      return refuse(context, 404, "RECEIPT_NOT_FOUND", "That receipt is not there any more.");
    return context.body(html, 200, { "Content-Type": "text/html; charset=utf-8" });
  });
  app.get("/receipt/:signature/:folder/:picture", async (context) => {
    const { signature, folder, picture } = context.req.param();
    const name = folder.replace(/ pictures$/, "");
    const isSigned = access.isSignedFolder("/receipt", name, signature);
    const found = isSigned ? await receipts.picture(name, picture) : null;
    if (found === null) return context.notFound();
    return context.body(new Uint8Array(found.bytes), 200, { "Content-Type": found.type });
  });
  app.use("/document/*", signedOnly(access));
  app.get("/document/:number", (context) => {
    const html = session.document(wholeNumber(context.req.param("number")));
    if (html === null) return refuse(context, 404, "NO_DOCUMENT", "That check was made anew since.");
    return context.body(html, 200, { "Content-Type": "text/html; charset=utf-8" });
  });
  app.all("*", (context) =>
    context.req.method === "GET" || context.req.method === "POST"
      ? context.notFound()
      : refuse(context, 405, "NO_SUCH_METHOD", "Only GET and POST are answered."),
  );
  return app;
}

/** What the page believes is not so any more. */
class Changed extends Error {}

function requirePlan({ opened }: GuiSession, plan: number): void {
  if (opened?.plan !== plan) throw new Changed("The list of photos is another one by now.");
}

function planChanged(context: Context): Response {
  return refuse(context, 409, "PLAN_CHANGED", "The list of photos is another one by now.");
}

const STATUSES: Readonly<Record<string, RefusalStatus>> = {
  BAD_USAGE: 400,
  PHONE_NOT_FOUND: 404,
  ANOTHER_ROLLCALL: 409,
  BUG: 500,
};

function troubleResponse(context: Context, error: unknown): Response {
  if (error instanceof Changed) return refuse(context, 409, "PLAN_CHANGED", error.message);
  const body: Refusal = { trouble: troubleOf(error) };
  const status = error instanceof RollcallError ? (STATUSES[error.code] ?? 503) : 500;
  return context.json(body, status);
}

/** Ids and plans; what is no small whole number is none of either. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}

function photosResponse(context: Context, { opened, live }: GuiSession): Response {
  const listing = opened?.listing ?? null;
  const plan = wholeNumber(context.req.query("plan") ?? "");
  if (opened === null || listing === null || opened.plan !== plan) return planChanged(context);
  const { ids, revision } = live.chosen;
  const list: PhotoList = {
    plan,
    photos: listing.photos.map(({ photo }) => photo),
    chosen: ids,
    choiceRevision: revision,
  };
  return context.json(list);
}

function changesResponse(context: Context, { live }: GuiSession): Response {
  if (live.pages >= MOST_PAGES)
    return refuse(context, 429, "TOO_MANY_PAGES", "Too many pages are open.", "Close some.");
  const gone = new AbortController();
  const lines = live.changes(AbortSignal.any([gone.signal, context.req.raw.signal]));
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await lines.next();
        if (next.done === true) return controller.close();
        controller.enqueue(encoder.encode(`${JSON.stringify(next.value satisfies Change)}\n`));
      } catch {
        controller.close(); // the page has gone
      }
    },
    async cancel() {
      gone.abort();
      await lines.return();
    },
  });
  return context.body(body, 200, { "Content-Type": "application/x-ndjson" });
}
