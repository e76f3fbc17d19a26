import { accessSync, constants, realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, relative } from "node:path";
import { STARTED_FROM_VARIABLE, type StartedFrom, startedFrom } from "../../integrations/started-from.js";
import { shellWord } from "../../words/wording.js";

/** How this process was started: what a person would type, or do, to start it again. */
export interface HowStarted {
  /** `rollcall`, `npx rollcall`, `~/.rollcall/bin/rollcall`, `node dist/main.js`: words for a shell. */
  readonly program: string;
  /** Null: typed in a terminal, or started by a program of theirs. */
  readonly from: StartedFrom | null;
}

/** What of a process tells it. */
interface StartedProcess {
  /** With node and the script, as in `process.argv`. */
  readonly argv: readonly string[];
  readonly execPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: () => string;
}

/** The command's own file, and the name that npm gives it. */
const PROGRAM_NAMES: readonly string[] = ["main.js", "rollcall"];

export function howStarted(started: StartedProcess): HowStarted {
  const from = startedFrom(started.env[STARTED_FROM_VARIABLE]);
  const script = started.argv[1] ?? "";
  // The library of another program: that program's name would say nothing.
  if (!PROGRAM_NAMES.includes(basename(script))) return { program: "rollcall", from };
  return { program: programWords(script, started, from !== null), from };
}

function programWords(script: string, { env, execPath, cwd }: StartedProcess, isElsewhere: boolean): string {
  const real = realPath(script);
  // What Shortcuts and launchd give as PATH is not what a terminal has.
  if (!isElsewhere && env.npm_lifecycle_event === "npx") return "npx rollcall";
  if (!isElsewhere && firstOnPath("rollcall", env.PATH) === real) return "rollcall";
  // As npm lays out `--prefix`: PREFIX/bin/rollcall leads to PREFIX/lib/node_modules/rollcall/dist/main.js.
  const beside = join(dirname(real), "../../../../bin/rollcall");
  for (const path of [script, beside])
    if (basename(path) === "rollcall" && realPath(path) === real) return shellWord(path);
  const near = isElsewhere ? script : relative(cwd(), script);
  const shortest = near.startsWith("..") || isAbsolute(near) ? script : near;
  return `${isElsewhere ? shellWord(execPath) : "node"} ${shellWord(shortest)}`;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where a name leads that is typed alone, links followed; null where nothing has it. */
function firstOnPath(name: string, path = ""): string | null {
  for (const folder of path.split(delimiter).filter((one) => isAbsolute(one))) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return realpathSync(candidate);
    } catch {
      // not in this folder
    }
  }
  return null;
}
