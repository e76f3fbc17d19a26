/**
 * An object as indented JSON, in pieces: byte for byte what `JSON.stringify(value, null, 2)` gives. A value
 * that is a generator becomes an array whose elements are asked for one by one and not kept.
 */
export function* jsonDocument(value: Readonly<Record<string, unknown>>): Generator<string> {
  let separator = "{\n";
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    yield `${separator}  ${JSON.stringify(name)}: `;
    if (isGenerator(one)) yield* array(one);
    else yield indented(one, "  ");
    separator = ",\n";
  }
  yield separator === "{\n" ? "{}\n" : "\n}\n";
}

function* array(elements: Iterable<unknown>): Generator<string> {
  let separator = "[\n";
  for (const element of elements) {
    yield `${separator}    ${indented(element, "    ")}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]" : "\n  ]";
}

/** Newlines inside a text are escaped, so each one that is seen begins a line. */
function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}

function isGenerator(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && "next" in value && Symbol.iterator in value;
}
