import type { Refusal, Requests, Trouble } from "./server-state.js";

/** The server would not, and says why. */
export class RefusedError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.trouble = trouble;
  }
}

const STORED = "rollcall-token";

/**
 * The token that the address brought, which goes out of the address and the history at once; else the one that this
 * tab has from before. Null: the page was opened without one.
 */
export function takeToken(): string | null {
  const brought = /^#t=([\w-]+)$/.exec(location.hash)?.[1];
  if (brought !== undefined) {
    sessionStorage.setItem(STORED, brought);
    history.replaceState(null, "", location.pathname);
  }
  return brought ?? sessionStorage.getItem(STORED);
}

/** What may be asked of Rollcall. The token goes in a header: an address would be kept in the history. */
export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** @throws RefusedError; TypeError where nobody answers */
  async get(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#answered(
      fetch(path, { headers: this.#headers(), ...(signal && { signal }), cache: "no-store" }),
    );
  }

  async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await (await this.get(path, signal)).json()) as T;
  }

  /** Null: there is none. */
  async blob(path: string, signal: AbortSignal): Promise<Blob | null> {
    const response = await fetch(path, { headers: this.#headers(), signal });
    if (response.status === 404 || response.status === 204) return null;
    return (await this.#answered(Promise.resolve(response))).blob();
  }

  /** @returns what the person is to be told of it, if anything. @throws RefusedError; TypeError where nobody answers */
  async post<Path extends keyof Requests>(path: Path, body: Requests[Path]): Promise<string | null> {
    const headers = { ...this.#headers(), "Content-Type": "application/json" };
    const response = await this.#answered(
      fetch(path, { method: "POST", headers, body: JSON.stringify(body) }),
    );
    if (response.status === 204) return null;
    const { words } = (await response.json()) as { words?: unknown };
    return typeof words === "string" && words !== "" ? words : null;
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token}` };
  }

  async #answered(asked: Promise<Response>): Promise<Response> {
    const response = await asked;
    if (response.ok) return response;
    throw new RefusedError(await troubleIn(response));
  }
}

async function troubleIn(response: Response): Promise<Trouble> {
  try {
    const { trouble } = (await response.json()) as Refusal;
    if (typeof trouble.message === "string") return trouble;
  } catch {
    // The answer has no words of its own.
  }
  const code = response.status === 401 || response.status === 403 ? "NOT_ALLOWED" : "NOT_ANSWERED";
  return { code, message: `Rollcall answered with ${response.status}.`, why: null, remedy: [] };
}
