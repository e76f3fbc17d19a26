import type { ItemKind } from "../../catalogue/media-item.js";
import { bytesOf } from "../../plan/decide.js";
import type { Plan } from "../../plan/decision.js";
import { bytes, counted, day } from "./wording.js";

/** What came onto the phone on one day, of one kind. */
export interface PickGroup {
  /** "22 Nov 2026   12 Live Photos  34 MB" */
  readonly label: string;
  readonly itemKeys: readonly string[];
  readonly sizeBytes: number;
}

const KIND_WORDS: Readonly<Record<ItemKind, readonly [one: string, many: string]>> = {
  photo: ["photo", "photos"],
  live: ["Live Photo", "Live Photos"],
  video: ["video", "videos"],
  raw: ["RAW photo", "RAW photos"],
  screenshot: ["screenshot", "screenshots"],
  other: ["other file", "other files"],
};

/** Everything that a plan brings, by day and kind; the newest day first. */
export function pickGroups({ decisions }: Plan): PickGroup[] {
  const groups = new Map<string, { at: Date; kind: ItemKind; keys: string[]; bytes: number }>();
  for (const decision of decisions) {
    if (decision.action !== "bring") continue;
    const { arrivedAtMs, kind, key } = decision.item;
    const arrivedAt = new Date(arrivedAtMs);
    const name = `${day(arrivedAt)} ${kind}`;
    const group = groups.get(name) ?? { at: arrivedAt, kind, keys: [], bytes: 0 };
    groups.set(name, group);
    group.keys.push(key);
    group.bytes += bytesOf(decision.item);
  }
  const dayOf = ({ at }: { at: Date }) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  const kinds = Object.keys(KIND_WORDS);
  const sorted = [...groups.values()].sort(
    (a, b) => dayOf(b) - dayOf(a) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
  );
  const whats = sorted.map(({ keys, kind }) => counted(keys.length, ...KIND_WORDS[kind]));
  const numberOf = (what: string) => what.indexOf(" ");
  const numberWidth = Math.max(0, ...whats.map(numberOf));
  const aligned = whats.map((what) => what.padStart(what.length + numberWidth - numberOf(what)));
  const width = Math.max(0, ...aligned.map((what) => what.length));
  return sorted.map(({ at, keys, bytes: size }, place) => ({
    label: `${day(at).padStart(11)}  ${aligned[place]!.padEnd(width)}  ${bytes(size)}`,
    itemKeys: keys,
    sizeBytes: size,
  }));
}
