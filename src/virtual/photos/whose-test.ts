import { type EventValue, isList } from "./apple-event.js";
import { cannotConvert, EventFailure, eventNotUnderstood } from "./event-failure.js";

/**
 * How `whose` and `byName` compare text. Which one Photos does is not known; a script must be right with both.
 * `alike`: case and Unicode form do not count.
 */
export type NameComparison = "alike" | "exact";

/**
 * Does an object pass a JXA test: `{name: "x"}`, `{name: {_contains: "x"}}`, `{_and: [...]}`?
 * @param read a property of the object
 * @throws EventFailure -1708 for a comparison that JXA does not have, -1700 for a test without one (the number is a
 *   guess; that it is an error is known)
 */
export function passesTest(
  test: EventValue,
  read: (name: string) => EventValue,
  names: NameComparison,
): boolean {
  return entriesOf(test).every(([key, wanted]) => {
    if (key === "_and") return listOf(wanted).every((part) => passesTest(part, read, names));
    if (key === "_or") return listOf(wanted).some((part) => passesTest(part, read, names));
    if (key === "_not") return !listOf(wanted).some((part) => passesTest(part, read, names));
    const actual = read(key);
    const hasOperators = typeof wanted === "object" && wanted !== null && "record" in wanted;
    if (!hasOperators) return compare("_equals", actual, wanted, names);
    return entriesOf(wanted).every(([operator, value]) => compare(operator, actual, value, names));
  });
}

/** A test that says nothing is refused also where there is nothing to try it on. @throws EventFailure as above */
export function requireTest(test: EventValue): void {
  entriesOf(test);
}

function compare(operator: string, actual: EventValue, wanted: EventValue, names: NameComparison): boolean {
  const [left, right] = [folded(actual, names), folded(wanted, names)];
  switch (operator) {
    case "_equals":
    case "=":
      return left === right;
    case "_contains":
      return isText(left, right) && left.includes(right as string);
    case "_beginsWith":
      return isText(left, right) && left.startsWith(right as string);
    case "_endsWith":
      return isText(left, right) && left.endsWith(right as string);
    case "_greaterThan":
    case ">":
      return left !== null && right !== null && left > right;
    case "_lessThan":
    case "<":
      return left !== null && right !== null && left < right;
    default:
      throw new EventFailure(eventNotUnderstood);
  }
}

function folded(value: EventValue, names: NameComparison): string | number | boolean | null {
  if (typeof value === "string") return names === "exact" ? value : value.normalize("NFC").toLowerCase();
  if (typeof value === "object" && value !== null && "date" in value) return value.date;
  return typeof value === "object" ? null : value;
}

function isText(left: unknown, right: unknown): left is string {
  return typeof left === "string" && typeof right === "string";
}

/** What would pass everything is no test. */
function entriesOf(value: EventValue): [string, EventValue][] {
  if (typeof value !== "object" || value === null || !("record" in value))
    throw new EventFailure(eventNotUnderstood);
  const entries = Object.entries(value.record);
  if (entries.length === 0) throw new EventFailure(cannotConvert);
  return entries;
}

function listOf(value: EventValue): readonly EventValue[] {
  if (isList(value) && value.length > 0) return value;
  throw new EventFailure(eventNotUnderstood);
}
