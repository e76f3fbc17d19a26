/** `"A"`, `"A" and "B"`, `"A", "B" and "C"`. */
export function inQuotes(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.slice(-1);
  return quoted.length < 2 ? last.join("") : `${quoted.slice(0, -1).join(", ")} and ${last.join("")}`;
}
