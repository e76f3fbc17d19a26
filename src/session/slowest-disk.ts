/** What a network disk over Wi-Fi does at its worst. */
const SLOWEST_BYTES_PER_MS = 2_000;

/** How long the slowest disk takes for so many bytes. */
export function slowestMs(bytes: number): number {
  return Math.ceil(bytes / SLOWEST_BYTES_PER_MS);
}
