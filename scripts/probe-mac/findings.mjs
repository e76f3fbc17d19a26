// The file that can be sent in.
import { writeFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";

export const ABOUT_THE_FILE =
  "It holds what macOS answered to the same questions from several places: rights, times, versions, names of programs " +
  "and bundle ids. No names, photos or paths of yours, no serial numbers. It is plain text: read it before you send it.";

/**
 * Writes them anew each time, so that a probe that is cut off leaves what it found.
 * @param places more texts that say where something lies on this computer, by what stands for them
 */
export function writeFindings(path, findings, places) {
  writeFileSync(path, `${withoutPerson(JSON.stringify(findings, null, 2), places)}\n`);
}

export function withoutPerson(text, places = {}) {
  const words = [
    ["(user)", userInfo().username],
    ["(computer)", hostname()],
    ["(computer)", hostname().split(".")[0]],
  ];
  // Longest first: one may lie in another.
  const paths = [...Object.entries(places), ["~", homedir()]].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  let plain = text;
  for (const [stands, place] of paths) plain = plain.replaceAll(JSON.stringify(place).slice(1, -1), stands);
  for (const [stands, word] of words) {
    if (word === undefined || word.length < 2) continue;
    const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    plain = plain.replaceAll(new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, "g"), stands);
  }
  return plain;
}
