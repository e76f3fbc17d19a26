import { duration } from "./wording.js";

const USB2_BITS_PER_SECOND = 480_000_000;

/** What each cable carried where it was measured; a USB 3 one is bound by the phone. */
const BYTES_PER_SECOND = { "USB 1": 1e6, "USB 2": 35e6, "USB 3": 250e6 } as const;

/** Null where neither bus nor usbmuxd says. */
export function cableName(bitsPerSecond: number | null): keyof typeof BYTES_PER_SECOND | null {
  if (bitsPerSecond === null) return null;
  if (bitsPerSecond < USB2_BITS_PER_SECOND) return "USB 1";
  return bitsPerSecond > USB2_BITS_PER_SECOND ? "USB 3" : "USB 2";
}

/** How fast files come over a cable of this speed, in bytes a second; one that nobody knows counts as USB 2. */
export function cableRate(bitsPerSecond: number | null): number {
  return BYTES_PER_SECOND[cableName(bitsPerSecond) ?? "USB 2"];
}

/** "USB 2 cable: about 28 min"; "about 28 min by cable" where the cable's speed is not known. */
export function cableForecast(bytes: number, bitsPerSecond: number | null): string {
  const seconds = bytes / cableRate(bitsPerSecond);
  const time = `about ${duration(Math.max(1_000, seconds * 1_000))}`;
  const name = cableName(bitsPerSecond);
  return name === null ? `${time} by cable` : `${name} cable: ${time}`;
}

/** "about 3 min 30 s with Photos, as in earlier runs": copying and Photos go on side by side. */
export function jobForecast(
  job: { readonly items: number; readonly bytes: number },
  bitsPerSecond: number | null,
  msPerItem: number,
): string {
  const copyMs = (job.bytes / cableRate(bitsPerSecond)) * 1_000;
  return `about ${duration(Math.max(1_000, copyMs, job.items * msPerItem))} with Photos, as in earlier runs`;
}

/** "USB 2 (about 35 MB/s)" */
export function cableWords(bitsPerSecond: number): string {
  const name = cableName(bitsPerSecond);
  if (name === "USB 1") return "USB 1 (very slow: use another cable or port)";
  return `${name} (about ${Math.round(cableRate(bitsPerSecond) / 1e6)} MB/s)`;
}
