import { choosePhone } from "../../phone/choose-phone.js";
import { type SeenPhone, STATE_WORDS } from "../../phone/phone-watch.js";
import { shown } from "../../receipt/receipt-text.js";
import type { CommandBody, CommonFlags } from "../command-context.js";
import { EXIT } from "../exit-status.js";
import { cableRate } from "../output/plan-lines.js";
import { realPhones } from "../real-parts.js";

/** Shows what is on the cable; ready phones end with status 0, none ready with 5. */
export const phones: CommandBody<CommonFlags> = async ({ settings, output, signal }) => {
  const finder = await realPhones(settings);
  const seen = await finder.look(signal);
  const status = seen.some(({ state }) => state === "ready") ? EXIT.ok : EXIT.phone;
  if (output.isJson) {
    await output.document({ phones: seen }, status);
    return status;
  }
  if (seen.length === 0) choosePhone(seen); // throws NO_PHONE, which is shown even with --quiet
  await output.result(...phoneLines(seen));
  return status;
};

function phoneLines(seen: readonly SeenPhone[]): string[] {
  const rows = seen.map((phone) => {
    const { identity } = phone;
    const kind = [identity?.productType, identity?.iosVersion && `iOS ${identity.iosVersion}`]
      .filter(Boolean)
      .join(", ");
    return {
      phone,
      name: shown(identity?.name || "an Apple phone"),
      kind: shown(kind),
      state: STATE_WORDS[phone.state],
    };
  });
  const nameWidth = Math.max(...rows.map(({ name }) => [...name].length)) + 3;
  const kindWidth = Math.max(...rows.map(({ kind }) => [...kind].length)) + 3;
  return rows.flatMap(({ phone, name, kind, state }) => {
    const lines = [
      `${padded(name, nameWidth)}${kind === "" && kindWidth <= 3 ? "" : padded(kind, kindWidth)}${state}`,
    ];
    if (phone.udid !== null) lines.push(`  ${shown(phone.udid)}`);
    if (phone.cableBitsPerSecond !== null) lines.push(`  cable: ${cableWords(phone.cableBitsPerSecond)}`);
    if (phone.reason !== null)
      lines.push(`  ${shown(phone.reason.message)}`, `  ${shown(phone.reason.remedy)}`);
    return lines;
  });
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}

function cableWords(bitsPerSecond: number): string {
  if (bitsPerSecond < 480_000_000) return "USB 1 (very slow: use another cable or port)";
  const rate = `about ${Math.round(cableRate(bitsPerSecond) / 1e6)} MB/s`;
  return bitsPerSecond > 480_000_000 ? `USB 3 (${rate})` : `USB 2 (${rate})`;
}
