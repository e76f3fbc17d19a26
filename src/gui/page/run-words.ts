import type { Bar, RunNow } from "./server-state.js";
import { about, count, size } from "./words.js";

/** "96 proved, 38 MB a second, about 2 minutes left" */
export function nowWords({ phase, proved, bytesPerSecond, secondsLeft, photosIs, notices }: RunNow): string {
  if (phase === "reading") return "Looking at what is on the iPhone.";
  const words: string[] = [];
  if (proved > 0) words.push(`${count(proved)} proved`);
  if (bytesPerSecond !== null && bytesPerSecond > 0) words.push(`${size(bytesPerSecond)} a second`);
  if (secondsLeft !== null) words.push(`about ${about(secondsLeft)} left`);
  if (photosIs !== null) words.push(photosIs);
  if (words.length === 0 && notices.length === 0) return "It begins.";
  return words.join("  ·  ");
}

/** What is waited for; null while all goes on. */
export function waitingWords({ waitingFor, isLookAtPhotos }: RunNow): string | null {
  if (!isLookAtPhotos) return waitingFor;
  return waitingFor ?? "Photos has been silent for a while. Look at its window: it may be asking something.";
}

/** "Importing: 96 of 412 in Photos" */
export function runWords({ imported, phase, waitingFor }: RunNow): string {
  if (waitingFor !== null) return waitingFor;
  if (phase !== "working") return "Import is about to begin";
  return `Importing: ${count(imported.items)} of ${count(imported.ofItems)} in Photos`;
}

/** 0 to 1 */
export function shareOf({ items, ofItems, bytes, ofBytes }: Bar): number {
  if (bytes !== undefined && ofBytes !== undefined && ofBytes > 0) return Math.min(1, bytes / ofBytes);
  return ofItems > 0 ? Math.min(1, items / ofItems) : 0;
}
