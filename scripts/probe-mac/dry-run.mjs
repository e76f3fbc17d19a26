// Everything that would be made, run or sent, as text, on any computer.
import { programText } from "../../dist/jxa/script-text.js";
import { STEPS } from "./steps.mjs";

export function dryRun(places) {
  const printed = new Set();
  const lines = ["Nothing is made or run in a dry run. ID stands for eight letters that differ each time."];
  for (const { name, makes, programs = [], isByHand } of places) {
    lines.push(`\n=== from: ${name}${isByHand ? " (needs you at the screen)" : ""}`);
    for (const { path, text, what } of makes) lines.push(`--- makes ${path}: ${what}`, text.trimEnd());
    for (const program of programs) lines.push(`--- runs ${program}`);
  }
  lines.push(
    "\nFrom each place, at most 20 s for each program; none of it changes Photos, its library or an iPhone:",
  );
  for (const { name, question, asks, scripts = [] } of STEPS) {
    lines.push(`\n=== step: ${name}`, question, ...asks.map((what) => `--- ${what}`));
    for (const script of scripts) {
      const isNew = !printed.has(script);
      printed.add(script);
      lines.push(`--- osascript -l JavaScript ${script.name}.js INPUT${isNew ? "" : " (as above)"}`);
      if (isNew) lines.push(programText(String(script), "argument").trimEnd());
    }
  }
  return lines.join("\n");
}
