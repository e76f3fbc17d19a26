import { Command } from "commander";
import { addCompletions } from "./commands/completions/command.js";
import { addConfig } from "./commands/config/command.js";
import { addCopy } from "./commands/copy/command.js";
import { addDemo } from "./commands/demo/command.js";
import { addDoctor } from "./commands/doctor/command.js";
import { addEject } from "./commands/eject/command.js";
import { addGui } from "./commands/gui/command.js";
import { addImport } from "./commands/import/command.js";
import { addLibrary } from "./commands/library/command.js";
import { addPhones } from "./commands/phones/command.js";
import { addPlan } from "./commands/plan/command.js";
import { addReceipts } from "./commands/receipts/command.js";
import { addReport } from "./commands/report/command.js";
import { addSetup } from "./commands/setup/command.js";
import { addStaging } from "./commands/staging/command.js";
import { addStatus } from "./commands/status/command.js";
import { addVerify } from "./commands/verify/command.js";
import { addWatch } from "./commands/watch/command.js";
import { type Declare, declareFor, withExamples } from "./declare.js";
import { withFormerFlags } from "./former-words.js";
import { toolVersion } from "./process/tool-version.js";
import { sendOut } from "./terminal/standard-output.js";

/**
 * The command tree, declared. What a command does is loaded when it runs.
 * @param ended told the exit status of the command that ran
 */
export function makeProgram(ended: (status: number) => void): Command {
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
  addCommands(program, declareFor(ended));
  withFormerFlags(program);
  return program;
}

/** In the order in which help shows them. */
export function addCommands(program: Command, declare: Declare): void {
  addPhones(program, declare);
  addStatus(program, declare);
  addPlan(program, declare);
  addGui(program, declare);
  addImport(program, declare);
  addCopy(program, declare);
  addVerify(program, declare);
  addDoctor(program, declare);
  addLibrary(program, declare);
  addReport(program, declare);
  addWatch(program, declare);
  addEject(program, declare);
  addReceipts(program, declare);
  addStaging(program, declare);
  addConfig(program, declare);
  addCompletions(program, declare);
  addDemo(program, declare);
  addSetup(program, declare);
}
