/** Libraries count seconds from 2001-01-01 UTC. */
const appleEpochMs = Date.UTC(2001, 0, 1);

export function appleSeconds(date: Date): number {
  return (date.getTime() - appleEpochMs) / 1000;
}

export function fromAppleSeconds(seconds: number): Date {
  return new Date(appleEpochMs + seconds * 1000);
}
