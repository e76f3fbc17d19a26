import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What does not compile is no broken rule. Mutants of different files are checked together, so that the compiler is
 * started as often as one file has mutants. An unused name or a line that is never reached is no fault here.
 * @param run starts a program in a folder and gives what it printed
 * @returns the first error of the compiler, by the name of the mutant
 */
export async function errorsOfTypes(mutants, tree, run) {
  const errors = new Map();
  for (const round of inRounds(mutants)) {
    const sources = new Map();
    for (const { file, text, replacement } of round) {
      const path = join(tree, file);
      sources.set(path, readFileSync(path, "utf8"));
      writeFileSync(
        path,
        sources.get(path).replace(text, () => replacement),
      );
    }
    const tsc = [join("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.json", "--noEmit"];
    const build = ["--tsBuildInfoFile", "types.tsbuildinfo", "--pretty", "false"];
    const lenient = [
      "--noUnusedLocals",
      "false",
      "--noUnusedParameters",
      "false",
      "--allowUnreachableCode",
      "true",
    ];
    const said = await run(process.execPath, [...tsc, ...build, ...lenient], tree);
    for (const [path, source] of sources) writeFileSync(path, source);
    for (const [line, file] of said.matchAll(/^(.+?)\(\d+,\d+\): error .*$/gm)) {
      const guilty = round.filter((mutant) => mutant.file === file);
      for (const { name } of guilty.length > 0 ? guilty : round)
        if (!errors.has(name)) errors.set(name, line);
    }
  }
  return errors;
}

/** No file twice in a round. */
function inRounds(mutants) {
  const rounds = [];
  const counts = new Map();
  for (const mutant of mutants) {
    const at = counts.get(mutant.file) ?? 0;
    counts.set(mutant.file, at + 1);
    rounds[at] ??= [];
    rounds[at].push(mutant);
  }
  return rounds;
}
