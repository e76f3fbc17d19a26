// The programs of macOS that a probe runs, each with a deadline.
import { MAC_PROGRAMS } from "../../dist/integrations/mac-programs.js";
import { programRunner, whyNot } from "../../dist/integrations/run-program.js";

const PROGRAMS = {
  ...MAC_PROGRAMS,
  automator: "/usr/bin/automator",
  lsof: "/usr/sbin/lsof",
  lsregister:
    "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister",
  ps: "/bin/ps",
  sw_vers: "/usr/bin/sw_vers",
};

/**
 * Runs them; null where there are none: no Mac, and no folder of stand-ins (`ROLLCALL_MAC_PROGRAMS`). `node` is this
 * very node in any case: what may hang is done by one that can be left behind.
 */
export function probeRunner({ platform, standIns }) {
  if (standIns === undefined && platform !== "darwin") return null;
  const programs =
    standIns === undefined
      ? PROGRAMS
      : Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, `${standIns}/${name}`]));
  return programRunner({ programs: { ...programs, node: process.execPath } });
}

/**
 * Runs one program and gives its end as an answer: `{ outcome, said }`, where the outcome is "answered", "timed out",
 * "absent" or "failed". Its options: `read` takes stdout, and what it throws is a failure; `deadlineMs` where it may take
 * longer than a step; `mayEndWith` another status than 0 that is an answer too.
 * @param signal ends what runs, which throws then
 */
export function answersOf(run, stepMs, signal) {
  return async (
    program,
    args,
    { read = (text) => text.trim(), deadlineMs = stepMs, mayEndWith = 0 } = {},
  ) => {
    const end = await run(program, args, { deadlineMs, signal });
    if (end.kind === "too-slow") return { outcome: "timed out", said: null };
    if (end.kind === "absent") return { outcome: "absent", said: program };
    const isEnd = end.kind === "ended" && (end.status === 0 || end.status === mayEndWith);
    if (!isEnd) return { outcome: "failed", said: whyNot(program, end) };
    try {
      return { outcome: "answered", said: read(end.stdout) };
    } catch {
      return { outcome: "failed", said: `${program} said something else: ${end.stdout.slice(0, 200)}` };
    }
  };
}
