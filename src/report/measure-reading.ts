import type { Catalogue } from "../catalogue/media-item.js";
import { PhoneFileError } from "../phone/phone.js";
import { type DeviceReport, rounded } from "./device-report.js";
import type { MeasureDeps } from "./measure-database.js";

/** About two seconds on a USB 2 cable. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_TIME_MS = 15_000;
/** Less than this in time says nothing of a rate. */
const LEAST_TIME_MS = 20;

/** Reads the largest files, 64 MiB of them or 15 seconds long, and keeps none of it. */
export async function measureReading(
  { items }: Pick<Catalogue, "items">,
  { phone, clock, signal }: Pick<MeasureDeps, "phone" | "clock" | "signal">,
): Promise<DeviceReport["reading"]> {
  const files = items.flatMap((item) => item.files.map(({ file }) => file));
  const largest = files.sort((a, b) => b.sizeBytes - a.sizeBytes);
  const begun = clock.now().getTime();
  const isOver = () => read >= MOST_BYTES || clock.now().getTime() - begun >= MOST_TIME_MS;
  let [read, count] = [0, 0];
  for (const { path } of largest) {
    if (isOver()) break;
    try {
      for await (const chunk of phone.read(path, { signal })) {
        read += chunk.length;
        if (isOver()) break;
      }
      count += 1;
    } catch (error) {
      if (!(error instanceof PhoneFileError)) throw error;
    }
  }
  const tookMs = clock.now().getTime() - begun;
  return { files: count, sizeBytes: rounded(read), tookMs, bytesPerSecond: rate(read, tookMs) };
}

/** Null where it took too short a time to say. */
export function rate(amount: number, tookMs: number): number | null {
  return tookMs < LEAST_TIME_MS ? null : rounded((amount / tookMs) * 1000);
}
