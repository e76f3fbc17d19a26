import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RollcallError } from "../../errors.js";
import { type HowToStart, lastingPath } from "../../integrations/how-to-start.js";
import { MAC_PROGRAMS, type MacProgramPaths, macProgramsIn } from "../../integrations/mac-programs.js";
import { programRunner, type RunProgram } from "../../integrations/run-program.js";
import type { SetUpFolders } from "../../integrations/set-up-files.js";
import type { Settings } from "../process/settings.js";

/** Where the programs of macOS are, or what `ROLLCALL_MAC_PROGRAMS` puts in their place; null where there are neither. */
export function macProgramPaths(settings: Settings): MacProgramPaths | null {
  if (settings.macPrograms !== undefined) return macProgramsIn(settings.macPrograms);
  return process.platform === "darwin" ? MAC_PROGRAMS : null;
}

/** Runs them; null where there are none. */
export function macPrograms(settings: Settings): RunProgram | null {
  const programs = macProgramPaths(settings);
  return programs && programRunner({ programs });
}

/** @throws RollcallError NOT_MACOS */
export function requireMacPrograms(settings: Settings, command: string): RunProgram {
  const run = macPrograms(settings);
  if (run !== null) return run;
  throw new RollcallError("NOT_MACOS", {
    message: `${command} sets up programs of macOS, and this is another system.`,
    remedy: `Nothing was written. ${command} --print shows the files on any system.`,
  });
}

export function setUpFolders(settings: Settings): SetUpFolders {
  return { home: homedir(), data: settings.dataFolder };
}

/** How this very Rollcall is started from elsewhere, by paths that outlive an upgrade where there are such. */
export function howToStart(settings: Settings): HowToStart {
  return {
    node: lastingPath(process.execPath),
    program: lastingPath(builtFile("main.js")),
    environment: settings.carried,
  };
}

/** Absolute path of a compiled file, named by its place in `dist`. */
export function builtFile(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** Why Rollcall may not be found or started from where it lies now; a sentence each. */
export function placeTroubles(
  { node, program }: Pick<HowToStart, "node" | "program">,
  home: string,
): string[] {
  const troubles: string[] = [];
  for (const path of [node, program]) {
    const guarded = ["Desktop", "Documents", "Downloads"].find((name) =>
      path.startsWith(`${join(home, name)}/`),
    );
    if (guarded !== undefined) {
      troubles.push(
        `${path} lies in ${guarded}, where macOS lets Shortcuts start nothing: install Rollcall elsewhere.`,
      );
    }
  }
  if (/\/_npx\//.test(program)) {
    troubles.push(`${program} is a copy that npx may remove: install Rollcall, then set this up again.`);
  }
  return troubles;
}
