import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const src = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "src");

/** A piece of the product's own source, with the file below `src` that it stands in. */
export interface Found {
  readonly file: string;
  readonly line: number;
  /** As it is written. */
  readonly text: string;
}

export interface FoundRegExp extends Found {
  readonly source: string;
  readonly flags: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** What the product's sources hold that reads input, but for the virtual parts, which read what Rollcall sends. */
export interface Sources {
  readonly regExps: readonly FoundRegExp[];
  /** `new RegExp(...)`, whose pattern nobody can read beforehand. */
  readonly builtRegExps: readonly Found[];
  /** Each list that is spread into the arguments of a call, with what is called: `lines.push(...more)`. */
  readonly spreads: readonly Found[];
}

export function readSources(): Sources {
  const regExps: FoundRegExp[] = [];
  const builtRegExps: Found[] = [];
  const spreads: Found[] = [];
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("virtual/"))
    .sort();
  for (const file of files) {
    const text = readFileSync(join(src, file), "utf8");
    const { program, errors } = parseSync(file, text);
    if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]!.message}`);
    const found = ({ start, end }: Node): Found => ({
      file,
      line: text.slice(0, start).split("\n").length,
      text: text.slice(start, end).replaceAll(/\s+/g, " "),
    });
    for (const node of nodesIn(program as unknown as Node)) {
      const regex = node.regex as { pattern: string; flags: string } | undefined;
      if (node.type === "Literal" && regex !== undefined)
        regExps.push({ ...found(node), source: regex.pattern, flags: regex.flags });
      if (node.type !== "CallExpression" && node.type !== "NewExpression") continue;
      const callee = found(node.callee as Node).text;
      if (callee === "RegExp") builtRegExps.push(found(node));
      for (const argument of node.arguments as Node[])
        if (argument.type === "SpreadElement")
          spreads.push({ ...found(argument), text: `${callee}(${found(argument).text})` });
    }
  }
  return { regExps, builtRegExps, spreads };
}

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one);
  else if (typeof value === "object" && value !== null) {
    if ("type" in value && typeof value.type === "string") yield value as Node;
    for (const one of Object.values(value)) yield* nodesIn(one);
  }
}
