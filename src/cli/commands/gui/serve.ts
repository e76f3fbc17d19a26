import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GuiParts } from "../../../gui/gui-parts.js";
import { startGuiServer } from "../../../gui/gui-server.js";
import { isOwnFile, removeOwnFile, writeOwnFile } from "../../../owned-file.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandContext } from "../../command-context.js";
import { claimDataFolder } from "../../process/folders.js";
import { openInBrowser } from "./open-in-browser.js";

/** An address of a server that is on: it is asked on this computer, and answers at once or not at all. */
const ANSWER_MS = 2_000;
const ADDRESS = /"(http:\/\/127\.0\.0\.1:\d{1,5})\/#t=([\w-]{22})"/;

interface ServeOptions {
  readonly open: boolean;
  /** Called once the page can be opened. */
  readonly onListening?: () => void;
}

/**
 * Serves the page until Ctrl-C, until Quit is pressed in it, or until nobody has been there for ten minutes. Where a
 * server of the same data folder is on already, its page is opened instead.
 */
export async function serveGui(
  { settings, output, signal }: Pick<CommandContext, "settings" | "output" | "signal">,
  parts: GuiParts,
  { open, onListening = () => {} }: ServeOptions,
): Promise<void> {
  await claimDataFolder(settings.dataFolder);
  const opener = openerPath(settings);
  const running = await runningServer(opener);
  if (running !== null) {
    onListening();
    output.note("Rollcall's page is open already; this opens it again.");
    return await show(running, opener, open, output);
  }
  await using server = await startGuiServer(parts);
  writeOwnFile(opener, openerHtml(server.addressToOpen), { mode: 0o600, mayReplace: isOwnFile });
  try {
    onListening();
    await show(server.addressToOpen, opener, open, output);
    output.note("Ctrl-C ends it, and so does Quit in the page.");
    await Promise.race([server.isOver, aborted(signal)]);
    output.note("Ending.");
  } finally {
    removeOwnFile(opener);
  }
}

/** A file that only its owner may read, and that a browser goes on from to the page. There while a server is on. */
export function openerPath({ dataFolder }: Pick<CommandContext["settings"], "dataFolder">): string {
  return join(dataFolder, "open-page.html");
}

async function show(
  address: string,
  opener: string,
  open: boolean,
  output: CommandContext["output"],
): Promise<void> {
  if (open && (await openInBrowser(opener))) return output.note("Opened in your browser.");
  if (open) output.note("No browser could be opened. Open this address:");
  await output.result(escapeControls(address));
}

/**
 * The browser is given a file that only its owner may read, and not the address: what a program is started with, every
 * user of the computer can see. (Jupyter does the same: jupyter/notebook, pull request 4999.)
 */
function openerHtml(address: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Rollcall</title>
<p>Opening Rollcall…</p>
<script>location.replace("${address}");</script>
</html>
`;
}

/** The address that opens the page of the server that is on; null where none is. */
async function runningServer(opener: string): Promise<string | null> {
  const text = isOwnFile(opener) ? readFileSync(opener, "utf8") : "";
  const [, address, token] = ADDRESS.exec(text) ?? [];
  if (address === undefined || token === undefined) return null;
  const answers = await fetch(`${address}/api/state`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  }).then(
    (response) => response.ok,
    () => false,
  );
  return answers ? `${address}/#t=${token}` : null;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((settle) => signal.addEventListener("abort", () => settle(), { once: true }));
}
