import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { lastName } from "../text/last-name.js";
import { type DeviceReport, rounded } from "./device-report.js";
import type { MeasureDeps } from "./measure-database.js";

const THUMBNAILS = "/PhotoData/Thumbnails/V2";
const LOOKED_AT = 48;
/** A folder of thumbnails has one or two; whatever lists more is left. */
const MOST_ENTRIES = 16;
const CAP_BYTES = 256 * 1024;

/** Looks which thumbnails the phone keeps of some items, spread over the whole. Lists, and reads none. */
export async function measureThumbnails(
  { items }: Pick<Catalogue, "items">,
  { phone, signal }: Pick<MeasureDeps, "phone" | "signal">,
): Promise<DeviceReport["thumbnails"]> {
  const counts = { only5005: 0, only5003: 0, both: 0, otherName: 0, none: 0, over256KiB: 0 };
  const sizes: number[] = [];
  const looked = spread(items.filter(({ kind }) => kind !== "other"));
  for (const { key } of looked) {
    const names = new Set<string>();
    let entries = 0;
    for await (const entry of phone.list(`${THUMBNAILS}${key}`, signal)) {
      if (++entries > MOST_ENTRIES) break;
      if (entry.type !== "file") continue;
      const { path, sizeBytes } = entry.file;
      names.add(lastName(path).toUpperCase());
      sizes.push(sizeBytes);
      if (sizeBytes > CAP_BYTES) counts.over256KiB += 1;
    }
    counts[kindOf(names)] += 1;
  }
  const sum = sizes.reduce((total, size) => total + size, 0);
  return {
    looked: looked.length,
    ...counts,
    meanBytes: sizes.length === 0 ? null : rounded(sum / sizes.length),
    largestBytes: sizes.length === 0 ? null : rounded(Math.max(...sizes)),
  };
}

function kindOf(names: ReadonlySet<string>): "only5005" | "only5003" | "both" | "otherName" | "none" {
  const [larger, smaller] = [names.has("5005.JPG"), names.has("5003.JPG")];
  if (larger) return smaller ? "both" : "only5005";
  if (smaller) return "only5003";
  return names.size > 0 ? "otherName" : "none";
}

function spread(items: readonly MediaItem[]): readonly MediaItem[] {
  const step = Math.max(1, items.length / LOOKED_AT);
  const count = Math.min(items.length, LOOKED_AT);
  return Array.from({ length: count }, (_, at) => items[Math.floor(at * step)]!);
}
