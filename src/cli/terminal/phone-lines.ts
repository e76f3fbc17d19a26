import { modelName } from "../../phone/phone-models.js";
import { reasonWords, type SeenPhone, stateWords } from "../../phone/phone-watch.js";
import { escapeControls } from "../../text/escape-controls.js";
import { cableWords } from "../../words/cable-words.js";
import { inCommandWords } from "./command-words.js";

/** "Anna's iPhone"; what to call one that nothing is known of. */
export function phoneName({ identity }: SeenPhone): string {
  return escapeControls(identity?.name || "an Apple phone");
}

/** "iPhone 16, iOS 18.5"; "" while it has not said. */
export function phoneKind({ identity }: SeenPhone): string {
  return escapeControls(
    [modelName(identity?.productType ?? ""), identity?.iosVersion && `iOS ${identity.iosVersion}`]
      .filter(Boolean)
      .join(", "),
  );
}

const OTHER_KEY =
  "Its key is not the one in this computer's record of trust: it may be another device under the same number.";

/** The table of `rollcall phones`: each with its state, its cable, and what to do about it. */
export function phoneLines(seen: readonly SeenPhone[]): string[] {
  const nameWidth = Math.max(...seen.map((phone) => [...phoneName(phone)].length)) + 3;
  const kindWidth = Math.max(...seen.map((phone) => [...phoneKind(phone)].length)) + 3;
  return seen.flatMap((phone) => {
    const kind = phoneKind(phone);
    const beside = kind === "" && kindWidth <= 3 ? "" : padded(kind, kindWidth);
    return [`${padded(phoneName(phone), nameWidth)}${beside}${stateWords(phone)}`, ...linesBelow(phone)];
  });
}

/** Serial number, cable, what stands in the way and what to do about it; indented. */
export function linesBelow({ udid, cableBitsPerSecond, reason, hasOtherKey }: SeenPhone): string[] {
  const lines: string[] = [];
  if (udid !== null) lines.push(`  ${escapeControls(udid)}`);
  if (cableBitsPerSecond !== null) lines.push(`  cable: ${cableWords(cableBitsPerSecond)}`);
  if (hasOtherKey === true) lines.push(`  ${OTHER_KEY}`);
  if (reason !== null)
    lines.push(
      `  ${escapeControls(reasonWords({ reason }))}`,
      `  ${escapeControls(inCommandWords(reason.remedy))}`,
    );
  return lines;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}
