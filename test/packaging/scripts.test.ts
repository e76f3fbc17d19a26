import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const top = join(import.meta.dirname, "../..");

/** Modules of the build that a script names: by `dist/...`, or by `built("...")`. */
function modulesIn(script: string): string[] {
  const text = readFileSync(join(top, "scripts", script), "utf8");
  return [...text.matchAll(/(?:\bdist\/|\bbuilt\(")([\w/-]+)\.js\b/g)].map(([, path = ""]) => path);
}

test("scripts name only modules that a build makes", () => {
  const scripts = readdirSync(join(top, "scripts"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".mjs"),
  );
  const named = scripts.flatMap((script) => modulesIn(script).map((path) => ({ script, path })));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ path }) => !existsSync(join(top, "src", `${path}.ts`)))).toEqual([]);
});

test("scripts take only what such a module exports", () => {
  const scripts = readdirSync(join(top, "scripts"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".mjs"),
  );
  const taken = scripts.flatMap((script) => {
    const text = readFileSync(join(top, "scripts", script), "utf8");
    return [
      ...text.matchAll(/\{([^{}]*)\}\s*(?:=\s*await built\("|from\s+"[./]*dist\/)([\w/-]+)\.js"/g),
    ].flatMap(([, names = "", path = ""]) =>
      names.split(",").map((name) => ({ script, path, name: name.trim() })),
    );
  });
  const named = taken
    .filter(({ name }) => name !== "")
    .map((one) => ({ ...one, name: one.name.split(/ as |:/)[0]! }));
  expect(named.length).toBeGreaterThan(20);
  const isExported = ({ path, name }: { path: string; name: string }) =>
    new RegExp(`^export (?:async )?(?:function|const|class) \\*?${name.trim()}\\b`, "m").test(
      readFileSync(join(top, "src", `${path}.ts`), "utf8"),
    );
  expect(named.filter((one) => !isExported(one))).toEqual([]);
});
