import { type Api, RefusedError } from "./api.js";
import { Lines } from "./lines.js";
import type { Change } from "./server-state.js";

interface ChangesHooks {
  readonly onChange: (change: Change) => void;
  /** `ended`: nobody has answered for a while, or Rollcall said that it ends. `refused`: the token is another's. */
  readonly onConnection: (connection: "open" | "lost" | "ended" | "refused") => void;
}

/** Something comes at least every ten seconds. */
const SILENT_FOR_MS = 25_000;
const ENDED_AFTER_MS = 15_000;
const WAITS_MS = [100, 250, 500, 1000, 2000];
const WAIT_ONCE_ENDED_MS = 5000;

/** What changes in the server, for as long as the page is open: where the connection breaks it is made again. */
export async function followChanges(api: Api, hooks: ChangesHooks): Promise<never> {
  let lostAt: number | null = null;
  let tries = 0;
  for (;;) {
    const end = await readUntilItBreaks(
      api,
      (change) => {
        if (lostAt !== null || tries > 0) lostAt = null;
        tries = 0;
        hooks.onChange(change);
      },
      () => hooks.onConnection("open"),
    );
    if (end === "refused") hooks.onConnection("refused");
    lostAt ??= Date.now();
    const isEnded = end === "quit" || Date.now() - lostAt > ENDED_AFTER_MS;
    if (end === "quit") lostAt = Date.now() - ENDED_AFTER_MS;
    if (end !== "refused") hooks.onConnection(isEnded ? "ended" : "lost");
    const wait = isEnded || end === "refused" ? WAIT_ONCE_ENDED_MS : (WAITS_MS[tries] ?? 2000);
    tries += 1;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function readUntilItBreaks(
  api: Api,
  onChange: (change: Change) => void,
  onOpen: () => void,
): Promise<"broken" | "quit" | "refused"> {
  const controller = new AbortController();
  let silent = setTimeout(() => controller.abort(), SILENT_FOR_MS);
  try {
    const { body } = await api.get("/api/changes", controller.signal);
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    const lines = new Lines();
    onOpen();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "broken";
      clearTimeout(silent);
      silent = setTimeout(() => controller.abort(), SILENT_FOR_MS);
      for (const line of lines.add(value)) {
        const change = JSON.parse(line) as Change;
        if (change.type === "quit") return "quit";
        onChange(change);
      }
    }
  } catch (error) {
    return error instanceof RefusedError && error.trouble.code === "NOT_ALLOWED" ? "refused" : "broken";
  } finally {
    clearTimeout(silent);
    controller.abort();
  }
}
