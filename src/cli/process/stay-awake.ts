import { spawn } from "node:child_process";
import { MAC_PROGRAMS } from "../../integrations/mac-programs.js";

/**
 * Keeps a Mac from sleeping while a run is on: `caffeinate -i` (no idle sleep), which also ends by itself when
 * this process does (`-w`). Elsewhere, or where it is absent, nothing happens.
 */
export function stayAwake(): Disposable {
  if (process.platform !== "darwin") return { [Symbol.dispose]: () => {} };
  const child = spawn(MAC_PROGRAMS.caffeinate, ["-i", "-w", String(process.pid)], { stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
  return { [Symbol.dispose]: () => void child.kill() };
}
