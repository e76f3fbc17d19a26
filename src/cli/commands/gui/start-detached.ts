import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RollcallError } from "../../../errors.js";
import { shellWord } from "../../../words/wording.js";
import type { CommandContext } from "../../command-context.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import type { GuiFlags } from "./command.js";
import { openerPath } from "./serve.js";

const STARTING_MS = 20_000;

/** Starts the same command in a process of its own, and waits only until its page can be opened. */
export async function startDetached(
  { settings, output }: CommandContext,
  flags: GuiFlags,
): Promise<ExitStatus> {
  const main = fileURLToPath(new URL("../../../main.js", import.meta.url));
  const args = [main, "gui", ...(flags.open ? [] : ["--no-open"])];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    if (said.length < 10_000) said += piece;
  });
  const listening = await new Promise<boolean>((settle) => {
    const late = setTimeout(() => settle(false), STARTING_MS);
    const done = (isListening: boolean) => {
      clearTimeout(late);
      settle(isListening);
    };
    child.once("message", () => done(true));
    child.once("exit", (status) => done(status === 0));
    child.once("error", () => done(false));
  });
  child.stderr?.destroy();
  child.unref();
  if (!listening) {
    child.kill();
    const [why = ""] = said.split("\n");
    throw new RollcallError("SETUP_FAILED", {
      message: "Rollcall's page did not start.",
      why: why === "" ? undefined : why.replace(/^error: /, ""),
      remedy: "Run rollcall gui in a terminal: it says what is in the way.",
    });
  }
  const opener = openerPath(settings);
  const summary = flags.open
    ? "Rollcall's page is open in your browser, and goes on by itself."
    : `Rollcall's page is ready. Open this file in a browser: ${shellWord(opener)}`;
  if (output.isJson) await output.document({ summary }, EXIT.ok);
  else await output.result(summary);
  return EXIT.ok;
}
