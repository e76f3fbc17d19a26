import { Command } from "commander";
import type { Action } from "./declare/action.js";
import { addEject, addPhones, addStatus, addWatch } from "./declare/cable.js";
import { addDemo } from "./declare/demo.js";
import { addConfig, addDoctor, addLibrary, addReport } from "./declare/examine.js";
import { addCopy, addImport, addPlan, addVerify } from "./declare/import.js";
import { addReceipts, addStaging } from "./declare/kept.js";
import { addCompletions, addSetup } from "./declare/set-up.js";
import { withExamples } from "./declare/with-help.js";
import { withFormerFlags } from "./former-words.js";
import { toolVersion } from "./process/tool-version.js";
import { runCommand } from "./run-command.js";
import { sendOut } from "./terminal/standard-output.js";

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
  const action: Action =
    (load) =>
    async (...args) =>
      ended(await runCommand(args.at(-1) as Command, load));

  // In the order in which help shows them.
  addPhones(program, action);
  addStatus(program, action);
  addPlan(program, action);
  addImport(program, action);
  addCopy(program, action);
  addVerify(program, action);
  addDoctor(program, action);
  addLibrary(program, action);
  addReport(program, action);
  addWatch(program, action);
  addEject(program, action);
  addReceipts(program, action);
  addStaging(program, action);
  addConfig(program, action);
  addCompletions(program, action);
  addDemo(program, action);
  addSetup(program, action);
  withFormerFlags(program);
  return program;
}
