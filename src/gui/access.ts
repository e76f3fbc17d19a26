import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import type { Refusal } from "./page/server-state.js";

/** Of what a browser is told about every answer; the page runs its own files and nothing else. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** A receipt brings its own policy in its text; this one lets the page show it in a frame, and nobody else. */
const DOCUMENT_POLICY = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** The secrets of one server: who knows the token may do everything that the page can. */
export class Access {
  /** 128 bits; new for each server, and never in a path, a log or a list of processes. */
  readonly token = randomBytes(16).toString("base64url");
  readonly #key = randomBytes(32);

  isToken(given: string): boolean {
    return isSame(given, this.token);
  }

  /** A path that an `img`, a `video` or a frame may ask for, none of which can send a header. */
  signed(path: string): string {
    return `${path}?s=${this.#signature(path)}`;
  }

  /** The same for a page that has pictures beside it: the signature stands where they are asked for, too. */
  signedFolder(folder: string, name: string): string {
    return `${folder}/${this.#signature(`${folder}/${name}`)}/${encodeURIComponent(name)}`;
  }

  isSignedFolder(folder: string, name: string, signature: string): boolean {
    return isSame(signature, this.#signature(`${folder}/${name}`));
  }

  isSigned(path: string, signature: string): boolean {
    return isSame(signature, this.#signature(path));
  }

  #signature(path: string): string {
    return createHmac("sha256", this.#key).update(path).digest("base64url");
  }
}

/** Takes as long whatever is given. */
function isSame(given: string, right: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

/**
 * Lets through what is asked of this very server under one of its own names. A name on the internet that resolves to
 * 127.0.0.1 (DNS rebinding) makes a browser send that name as `Host`, also where it sends no `Origin`.
 * @param port of this server
 */
export function ownHostOnly(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const names = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port()}`);
    if (!names.includes(context.req.header("host") ?? ""))
      return refuse(context, 403, "OTHER_HOST", "This address is not one of Rollcall's page.");
    return await next();
  };
}

/** Headers of every answer, refusals too. */
export const safeHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  const isDocument = /^\/(receipt|document)\//.test(context.req.path);
  const policy = isDocument ? DOCUMENT_POLICY : PAGE_POLICY;
  headers.set("Content-Security-Policy", policy);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Cache-Control", "no-store");
  headers.set("Referrer-Policy", "no-referrer");
  // A sandboxed frame is of no origin, and a receipt's pictures lie beside it; only who has its signature finds them.
  const isBesideReceipt = context.req.path.startsWith("/receipt/");
  headers.set("Cross-Origin-Resource-Policy", isBesideReceipt ? "cross-origin" : "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
};

/** The token in a header: a page of another site can send none without asking first, and is refused when it asks. */
export function tokenOnly(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const given = /^Bearer ([\w-]{1,64})$/.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
    if (!access.isToken(given))
      return refuse(context, 401, "NO_TOKEN", "This page was not opened by the Rollcall that is running.");
    return await next();
  };
}

/** A change is asked for by our own page: a browser says where a request comes from, and no page can say otherwise. */
export const ownPageOnly: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (method === "GET" || method === "HEAD") return await next();
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  const isOurs =
    origin === undefined ? site === "same-origin" : origin === `http://${context.req.header("host")}`;
  if (!isOurs || (site !== undefined && site !== "same-origin"))
    return refuse(context, 403, "OTHER_ORIGIN", "Only Rollcall's own page may ask for this.");
  if (!/^application\/json\b/i.test(context.req.header("content-type") ?? ""))
    return refuse(context, 415, "NOT_JSON", "The request is not JSON.");
  return await next();
};

/** For what lies below a signed address. */
export function signedOnly(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const site = context.req.header("sec-fetch-site");
    const isOurs = site === undefined || site === "same-origin" || site === "none";
    const { pathname, searchParams } = new URL(context.req.url);
    if (!isOurs || !access.isSigned(pathname, searchParams.get("s") ?? ""))
      return refuse(context, 403, "NOT_SIGNED", "This address is of another Rollcall, or incomplete.");
    return await next();
  };
}

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 416 | 429 | 500 | 503;

/** Answers with a {@link Refusal}. */
export function refuse(
  context: Context,
  status: RefusalStatus,
  code: string,
  message: string,
  remedy = "Reload the page.",
): Response {
  const body: Refusal = { trouble: { code, message, why: null, remedy: [remedy] } };
  return context.json(body, status);
}
