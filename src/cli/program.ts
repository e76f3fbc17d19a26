import { Command } from "commander";
import { addCopy, addImport, addPlan, addVerify } from "./declare/bring.js";
import { addEject, addPhones, addStatus, addWatch } from "./declare/cable.js";
import { addDemo } from "./declare/demo.js";
import { addConfig, addDoctor, addLibrary, addReport } from "./declare/examine.js";
import { withExamples } from "./declare/explained.js";
import { addReceipts, addStaging } from "./declare/kept.js";
import type { Runs } from "./declare/runs.js";
import { addCompletions, addSetup } from "./declare/set-up.js";
import { sendOut } from "./output/standard-output.js";
import { runCommand } from "./run-command.js";
import { toolVersion } from "./tool-version.js";

type Ended = (status: number) => void;

/** The command tree, declared. What a command does is loaded when it runs. */
export function makeProgram(ended: Ended): Command {
  const program = new Command("rollcall")
    .description(
      'Imports everything new from an iPhone into Photos. The album "Last Import" holds exactly this run, ' +
        "and a receipt says of every file on the phone whether it is there, or why not.",
    )
    .version(toolVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: () => {}, writeOut: (text) => void sendOut(text) })
    .enablePositionalOptions();
  withExamples(program, [
    "rollcall demo           # the whole job, with nothing real",
    "rollcall phones         # is the iPhone ready?",
    "rollcall import         # everything new into Photos",
    "rollcall help import    # the flags of a command",
  ]);
  const runs: Runs =
    (load) =>
    async (...args) =>
      ended(await runCommand(args.at(-1) as Command, load));

  // In the order in which help shows them.
  addPhones(program, runs);
  addStatus(program, runs);
  addPlan(program, runs);
  addImport(program, runs);
  addCopy(program, runs);
  addVerify(program, runs);
  addDoctor(program, runs);
  addLibrary(program, runs);
  addReport(program, runs);
  addWatch(program, runs);
  addEject(program, runs);
  addReceipts(program, runs);
  addStaging(program, runs);
  addConfig(program, runs);
  addCompletions(program, runs);
  addDemo(program, runs);
  addSetup(program, runs);
  return program;
}
