// The pages that the command tree writes about itself: docs/reference/commands.md and man/rollcall.1.

/** @typedef {import("commander").Command} Command */

/** @param {Command} program @returns {string} Markdown: the help of every command, in the order of the tree */
export function commandsPage(program) {
  const parts = commandsOf(program).map(
    (command) => `## ${nameOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  );
  return `# Commands and flags\n\nWritten by \`npm run reference\` from the commands themselves.\n\n${parts.join("\n")}`;
}

/**
 * @param {Command} program
 * @param {string} version
 * @returns {string} a man page, by the macros of man(7)
 */
export function manPage(program, version) {
  const lines = [
    `.TH ROLLCALL 1 "" "rollcall ${version}" "User Commands"`,
    ".SH NAME",
    "rollcall \\- imports everything new from an iPhone into Photos, with a receipt",
    ".SH SYNOPSIS",
    ".B rollcall",
    ".I command",
    "[options]",
    ".SH DESCRIPTION",
    roff(program.description()),
    ".SH COMMANDS",
  ];
  for (const command of commandsOf(program).slice(1)) {
    lines.push(`.SS ${roff(nameOf(command))}`, roff(command.description()));
    for (const { flags, description } of command.createHelp().visibleOptions(command))
      lines.push(".TP", `.B ${roff(flags)}`, roff(description));
  }
  lines.push(".SH EXAMPLES");
  for (const command of commandsOf(program)) {
    const [, examples = ""] = /^Examples:\n((?: {2}.+\n?)+)/m.exec(helpOf(command)) ?? [];
    for (const example of examples.trimEnd().split("\n").filter(Boolean))
      lines.push(".PP", `.B ${roff(example.trim())}`);
  }
  return `${lines.join("\n")}\n`;
}

function commandsOf(command) {
  return [command, ...command.commands.filter((one) => one.name() !== "help").flatMap(commandsOf)];
}

function nameOf(command) {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** As on a screen of 100 columns. */
function helpOf(command) {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 }).outputHelp();
  return text.trimEnd();
}

/** A line may not begin with a control character, and a backslash or a hyphen of a flag is to be one. */
function roff(text) {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("\n", " ");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
