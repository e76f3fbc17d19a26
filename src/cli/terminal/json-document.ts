import { wordedInJson } from "./command-words.js";

/**
 * An object as indented JSON, in pieces: byte for byte what `JSON.stringify(value, null, 2)` gives, with
 * every remedy as a text. A value that is a generator becomes an array whose elements are asked for one by one and not kept.
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

/**
 * The same for a list that comes slowly: an async generator becomes an array, and a field that is a function is
 * called when its turn has come. What the list throws passes through and leaves the text within the array:
 * {@link closedWith} ends it.
 */
export async function* slowJsonDocument(value: Readonly<Record<string, unknown>>): AsyncGenerator<string> {
  let separator = "{\n";
  for (const [name, field] of Object.entries(value)) {
    const one: unknown = typeof field === "function" ? field() : field;
    if (one === undefined) continue;
    yield `${separator}  ${JSON.stringify(name)}: `;
    if (isAsyncGenerator(one)) {
      yield "[";
      let between = "\n";
      for await (const element of one) {
        yield `${between}    ${indented(element, "    ")}`;
        between = ",\n";
      }
      yield between === "\n" ? "]" : "\n  ]";
    } else yield indented(one, "  ");
    separator = ",\n";
  }
  yield "\n}\n";
}

/** What makes a document whole that was left within its array: the array's end, and further fields. */
export function closedWith(fields: Readonly<Record<string, unknown>>): string {
  return `\n  ],\n${JSON.stringify(fields, wordedInJson, 2).slice(2)}\n`;
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
  return JSON.stringify(value, wordedInJson, 2).replaceAll("\n", `\n${indent}`);
}

function isGenerator(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && "next" in value && Symbol.iterator in value;
}

function isAsyncGenerator(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
