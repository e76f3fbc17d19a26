import { Argument, Command, Option } from "commander";
import { STARTED_FROM } from "../integrations/started-from.js";
import type { CommandBody, CommonFlags } from "./command-context.js";
import { COMPLETION_SHELLS } from "./completion-scripts.js";
import { EXIT, type ExitStatus, STATUS_MEANINGS } from "./exit-status.js";
import {
  percentage,
  since,
  someText,
  wholeNumber,
  withBatches,
  withLibrary,
  withOutput,
  withPhone,
  withSelection,
  withUnattended,
} from "./flags.js";
import { sendOut } from "./output/standard-output.js";
import { isDemo, runCommand } from "./run-command.js";
import { toolVersion } from "./tool-version.js";

/** How a command may end, by what it uses. */
const STATUSES_BY_USE = {
  "data folder": [EXIT.space, EXIT.anotherRollcall],
  disk: [EXIT.space],
  phone: [EXIT.phone],
  /** Which library is open; no event is sent for that, so no permission is needed. */
  library: [EXIT.photos],
  Photos: [EXIT.notPermitted, EXIT.photos],
  /** Programs of macOS, on another system. */
  macOS: [EXIT.photos],
  answers: [EXIT.wrongAnswers],
} as const satisfies Record<string, readonly ExitStatus[]>;

/** Its own end is the signal; only a second one is not waited for. */
const STATUSES_UNTIL_STOPPED = [EXIT.ok, EXIT.unexpected, EXIT.usage];

/** Every command may end well, in a way that nobody foresaw, by what was typed, or by a signal. */
function statuses(...uses: readonly (keyof typeof STATUSES_BY_USE)[]): ExitStatus[] {
  const always = [EXIT.ok, EXIT.unexpected, EXIT.usage, EXIT.interrupted, EXIT.terminated];
  const all = new Set<ExitStatus>([...always, ...uses.flatMap((use) => STATUSES_BY_USE[use])]);
  return [...all].sort((a, b) => a - b);
}

/** Spelled out here, so that help loads nothing of the virtual phone; a test holds them together. */
const PHONE_STATES =
  "ready, locked, before-first-unlock, not-trusted, trust-pending, trust-refused, trust-lost, " +
  "not-allowed, charging-only, network-only, busy";

type Ended = (status: number) => void;

/** The command tree, declared. What a command does is loaded when it runs. */
export function makeProgram(ended: Ended): Command {
  const program = new Command("rollcall")
    .description(
      'Plug in an iPhone: everything new goes into Photos, the album "Last Import" holds exactly this run, ' +
        "and every file on the phone answers the roll.",
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
  const runs =
    <Flags extends CommonFlags>(load: () => Promise<CommandBody<Flags>>) =>
    async (...args: unknown[]) =>
      ended(await runCommand(args.at(-1) as Command, load));

  explained(
    withOutput(program.command("phones").description("what is on the cable, and what to do about it")).option(
      "--watch",
      "tell who comes and who leaves, until stopped (with --json: one object a line)",
    ),
    ["rollcall phones", "rollcall phones --json", "rollcall phones --watch"],
    statuses("phone"),
  ).action(runs(async () => (await import("./commands/phones.js")).phones));

  const plan = program
    .command("plan")
    .description("what would happen to each item, and why; changes nothing");
  explained(
    withOutput(withLibrary(withPhone(withSelection(plan))), { events: true, list: true })
      .option(
        "--mark-known",
        "remember everything it would bring as already in Photos, on your word (--until bounds it)",
      )
      .option("--audit", "what on this phone is not in this library? Reads bytes where a length fits")
      .option("--no-input", "never ask"),
    [
      "rollcall plan",
      "rollcall plan --audit",
      "rollcall plan --since 7d --kind photo,live",
      "rollcall plan --mark-known --until 2026-10-31",
    ],
    statuses("data folder", "phone", "library"),
  ).action(runs(async () => (await import("./commands/plan.js")).plan));

  const bring = program.command("import").description("bring everything new into Photos, and call the roll");
  explained(
    withOutput(withUnattended(withBatches(withLibrary(withPhone(withSelection(bring))))), {
      events: true,
      questions: true,
      list: true,
    })
      .option("--notify", "show the end of it as a notification (macOS)")
      .option("--open", "show the album in Photos afterwards")
      .option("--eject", "ask macOS to eject the iPhone afterwards, if all went well")
      .option("--dry-run", "the same as rollcall plan")
      .option("--keep-albums", 'keep the "Last Import" of the run before, under its date')
      .option(
        "--relaunch",
        "Photos may be quit and opened again when it gets slow, if you opened it yourself",
      ),
    [
      "rollcall import",
      "rollcall import --since 2026-11-01 --keep-albums",
      "rollcall import --json --no-input",
    ],
    statuses("data folder", "phone", "library", "Photos", "answers"),
  ).action(runs(async () => (await import("./commands/import.js")).importCommand));

  const copy = program
    .command("copy")
    .argument("<dir>", "folder; DIR/DCIM/... is laid out as on the phone", someText("DIR"))
    .description("bring everything into a folder; without a selection every file that has bytes");
  explained(
    withOutput(withPhone(withSelection(copy)), { events: true, questions: true, list: true }),
    ["rollcall copy ~/Desktop/iPhone", "rollcall copy ~/Desktop/Films --kind video"],
    statuses("data folder", "phone", "answers"),
  ).action(runs(async () => (await import("./commands/copy.js")).copy));

  const verify = program
    .command("verify")
    .argument(
      "[receipt or dir]",
      "a receipt's path or name, or a folder that was copied into (default: the last run)",
      someText("RECEIPT or DIR"),
    )
    .description("call the roll again today: is everything still where it was put?");
  explained(
    withOutput(verify, { list: true })
      .option("--library <path>", "the Photos library (default: the one that is open)")
      .option("--since <date>", "only photos taken or changed since: 2026-11-21, 7d", since("--since"))
      .option("--sample <share>", "only so much of them, chosen at random: 5%", percentage("--sample")),
    ["rollcall verify", "rollcall verify --sample 5%", "rollcall verify ~/Desktop/iPhone"],
    statuses("data folder", "library", "Photos", "answers"),
  ).action(runs(async () => (await import("./commands/verify.js")).verify));

  const doctor = program
    .command("doctor")
    .description(
      "every part and right that an import needs, examined from here; its status is that of the first trouble",
    );
  explained(
    withOutput(doctor)
      .option("--phone <name>", "this phone, by UDID or name: it has to be ready", someText("--phone"))
      .addOption(
        new Option("--from <place>", "not this terminal: what its last run from there left behind").choices([
          ...STARTED_FROM,
        ]),
      )
      .option("--open", "open the page of System Settings that mends the first trouble (macOS)"),
    [
      "rollcall doctor",
      "rollcall doctor --open",
      "rollcall doctor --from shortcuts",
      'rollcall doctor --phone "Anna\'s iPhone" --json',
    ],
    statuses("disk", "phone", "Photos"),
  ).action(runs(async () => (await import("./commands/doctor.js")).doctor));

  const library = program
    .command("library")
    .argument("[path]", "a .photoslibrary package (default: the one that is open)", someText("PATH"))
    .description("a check-up of a Photos library: which originals are there, and whole; changes nothing");
  explained(
    withOutput(library).option("--no-hash", "presence and sizes only: quick, and blind to changed bytes"),
    [
      "rollcall library",
      'rollcall library ~/Pictures/"Photos Library.photoslibrary"',
      "rollcall library --json > today.json",
    ],
    statuses("disk", "Photos", "answers"),
  ).action(runs(async () => (await import("./commands/library.js")).library));

  addWatch(program, runs);
  addEject(program, runs);
  addReceipts(program, runs);
  addStaging(program, runs);
  const config = program
    .command("config")
    .description("what is in force, and from where: variables, config.json");
  explained(withOutput(config), ["rollcall config", "rollcall config --json"], statuses()).action(
    runs(async () => {
      const { takesFromConfig } = await import("./apply-config.js");
      const takers = (flag: string) =>
        program.commands.filter((one) => takesFromConfig(one, flag) && !isDemo(one));
      const { showConfig } = await import("./commands/config.js");
      return showConfig((flag) => takers(flag).map((one) => one.name()));
    }),
  );
  addCompletions(program, runs);
  addDemo(program, runs);
  addSetup(program, runs);
  return program;
}

type Runs = <Flags extends CommonFlags>(
  load: () => Promise<CommandBody<Flags>>,
) => (...args: unknown[]) => Promise<void>;

function addEject(program: Command, runs: Runs): void {
  const eject = program
    .command("eject")
    .description("say whether it is safe to unplug, and ask macOS to eject the iPhone where that works");
  explained(
    withOutput(eject).option(
      "--phone <name>",
      "UDID or name, when several are on the cable",
      someText("--phone"),
    ),
    ["rollcall eject", 'rollcall eject --phone "Anna\'s iPhone"'],
    statuses("data folder", "phone"),
  ).action(runs(async () => (await import("./commands/eject.js")).eject));
}

function addWatch(program: Command, runs: Runs): void {
  const watch = program
    .command("watch")
    .description("import by itself on every plug-in, from the phones that you approved, until stopped");
  explained(
    withOutput(watch)
      .option(
        "--approve <name>",
        "from now on import from this phone, which is on the cable",
        someText("--approve"),
      )
      .option("--disapprove <name>", "and from this one no more", someText("--disapprove"))
      .option(
        "--min-interval <minutes>",
        "between two imports from one phone, however often it is plugged in (default: 0)",
        wholeNumber("--min-interval", 0),
      )
      .addOption(new Option("--agent").hideHelp()), // as its LaunchAgent starts it
    ["rollcall watch", 'rollcall watch --approve "Anna\'s iPhone"', "rollcall watch --min-interval 60"],
    statuses("data folder", "phone", "library"),
  ).action(runs(async () => (await import("./commands/watch.js")).watch));
}

function addReceipts(program: Command, runs: Runs): void {
  const load = () => import("./commands/receipts.js");
  const receipts = program.command("receipts").description("list the receipts that were kept; show, open");
  explained(withOutput(receipts), ["rollcall receipts", "rollcall receipts show"], statuses()).action(
    runs(async () => (await load()).listReceipts),
  );
  const name = [
    "[name]",
    "path, file name, how it begins, or the run's id (default: the newest)",
    someText("NAME"),
  ] as const;
  const show = receipts
    .command("show")
    .argument(...name)
    .description("print one");
  explained(withOutput(show), ["rollcall receipts show", "rollcall receipts show --json"], statuses()).action(
    runs(async () => (await load()).showReceipt),
  );
  const path = receipts
    .command("path")
    .argument(...name)
    .description("print where it lies");
  explained(withOutput(path), ["rollcall receipts path"], statuses()).action(
    runs(async () => (await load()).receiptPath),
  );
  const open = receipts
    .command("open")
    .argument(...name)
    .description("open its page on the screen; where there is no macOS, print where it lies");
  explained(withOutput(open), ["rollcall receipts open"], statuses()).action(
    runs(async () => (await load()).openReceipt),
  );
  addSafeToRemove(receipts, runs);
}

/** What may leave the phone is a question to the receipts, and to the library as it is now. */
function addSafeToRemove(receipts: Command, runs: Runs): void {
  const safe = receipts
    .command("safe-to-remove")
    .argument("[name]", "a receipt of an import (default: the newest)", someText("NAME"))
    .description(
      "list what may leave the phone: proved in Photos to the last byte, read again now; deletes nothing",
    );
  explained(
    withOutput(safe)
      .option("--html <file>", "write the list as a page", someText("--html"))
      .option("--library <path>", "the Photos library (default: the one that is open)"),
    ["rollcall receipts safe-to-remove", "rollcall receipts safe-to-remove --html ~/Desktop/may-go.html"],
    statuses("data folder", "library", "Photos"),
  ).action(runs(async () => (await import("./commands/safe-to-remove.js")).safeToRemoveCommand));
}

function addStaging(program: Command, runs: Runs): void {
  const load = () => import("./commands/staging.js");
  const staging = program.command("staging").description("what lies in the staging folder, and why");
  explained(withOutput(staging), ["rollcall staging"], statuses("data folder")).action(
    runs(async () => (await load()).listStaging),
  );
  const clear = staging
    .command("clear")
    .description(
      "remove what is safe: remains of copies, and files whose bytes were read inside the library",
    );
  explained(
    withOutput(clear, { questions: true }).option(
      "--library <path>",
      "the Photos library (default: the one that is open)",
    ),
    ["rollcall staging clear", "rollcall staging clear --yes"],
    statuses("data folder", "library"),
  ).action(runs(async () => (await load()).clearStaging));
}

function addCompletions(program: Command, runs: Runs): void {
  const load = () => import("./commands/completions.js");
  const completions = program
    .command("completions")
    .addArgument(new Argument("<shell>", "which shell").choices(COMPLETION_SHELLS))
    .description("print what a shell needs to complete what you type");
  explained(
    completions,
    [
      "rollcall completions zsh > ~/.zfunc/_rollcall   # a folder of your fpath",
      'eval "$(rollcall completions bash)"             # in ~/.bashrc',
      "rollcall completions fish > ~/.config/fish/completions/rollcall.fish",
    ],
    statuses(),
  ).action(runs(async () => (await load()).completions));
  // Asked by those scripts.
  const complete = program.command("complete", { hidden: true }).argument("[words...]");
  complete.action(runs(async () => (await load()).complete(program)));
}

function addSetup(program: Command, runs: Runs): void {
  const setup = program
    .command("setup")
    .description("run it from Shortcuts, from Automator, or by itself on plug-in (macOS)");
  withExamples(setup, [
    "rollcall setup shortcuts",
    "rollcall setup automator",
    "rollcall setup agent --print",
  ]);
  const part = (name: string, description: string) =>
    withOutput(setup.command(name).description(description), { questions: true })
      .option("--remove", "take away what it wrote")
      .option("--print", "write the files to stdout as XML, and nothing anywhere else; on any system");
  const examples = (name: string) =>
    ["", " --print", " --remove"].map((flag) => `rollcall setup ${name}${flag}`);
  explained(
    part("shortcuts", `two shortcuts: "Import from iPhone" and "iPhone: what is new?"`),
    examples("shortcuts"),
    statuses("disk", "macOS"),
  ).action(runs(async () => (await import("./commands/setup-shortcuts.js")).setupShortcuts));
  explained(
    part("automator", "a Quick Action for the Services menu"),
    examples("automator"),
    statuses("disk", "macOS"),
  ).action(runs(async () => (await import("./commands/setup-automator.js")).setupAutomator));
  explained(
    part("agent", "Rollcall.app, and a LaunchAgent that imports on every plug-in"),
    examples("agent"),
    statuses("disk", "macOS", "Photos"),
  ).action(runs(async () => (await import("./commands/setup-agent.js")).setupAgent));
}

function addDemo(program: Command, runs: Runs): void {
  const demo = program
    .command("demo")
    .description("the whole job with a virtual iPhone and a virtual Photos; touches nothing real");
  explained(
    withOutput(demo, { events: true })
      .option("--photos <number>", "so many photos more than the usual 25", wholeNumber("--photos", 0), 0)
      .option("--keep <dir>", "make everything in this new folder (default: a temporary one)"),
    ["rollcall demo", "rollcall demo --photos 500"],
    statuses("data folder", "answers"),
  ).action(runs(async () => (await import("./commands/demo.js")).demo));

  const phone = demo
    .command("phone")
    .description('only the virtual iPhone over a media folder, until stopped; prints "ready" when it listens')
    .requiredOption("--media <dir>", "the folder that contains DCIM")
    .requiredOption("--socket <path>", "where it listens; USBMUXD_SOCKET_ADDRESS=UNIX:PATH finds it")
    .option("--udid <udid>", "8 and 16 hex digits with a dash, or 40")
    .option("--name <name>", 'what it is called (default: "Virtual iPhone")')
    .option("--state <state>", PHONE_STATES, "ready")
    .option(
      "--misbehave <how>",
      "one thing it does wrong; may be given again",
      (how: string, all: string[]) => [...all, how],
      [],
    );
  explained(
    phone,
    ["rollcall demo phone --media ./media --socket /tmp/phone.sock"],
    STATUSES_UNTIL_STOPPED,
  ).action(runs(async () => (await import("./commands/demo-phone.js")).demoPhone));

  const photos = demo
    .command("photos")
    .description("makes an empty virtual library if there is none, and prints the settings that lead to it")
    .requiredOption("--library <path>", "the package: NAME.photoslibrary");
  explained(
    photos,
    ['eval "$(rollcall demo photos --library ./Demo.photoslibrary)"'],
    statuses("disk"),
  ).action(runs(async () => (await import("./commands/demo-photos.js")).demoPhotos));
}

function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText("after", () =>
    ["", "Examples:", ...examples.map((example) => `  ${example}`)].join("\n"),
  );
}

function explained(command: Command, examples: readonly string[], statuses: readonly ExitStatus[]): Command {
  return withExamples(command, examples).addHelpText("after", () =>
    [
      "",
      "Exit status:",
      ...statuses.map((status) => `  ${String(status).padEnd(4)} ${STATUS_MEANINGS[status]}`),
    ].join("\n"),
  );
}
