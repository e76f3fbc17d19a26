import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import vm from "node:vm";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { ScriptEnvelope as AgreedEnvelope } from "../../src/jxa/run-script.js";
import { programText } from "../../src/jxa/script-text.js";
import type { ScriptEnvelope } from "../../src/jxa/scripts/envelope.js";
import { temporaryFolder } from "./stand-in-osascript.js";

const scriptFolder = new URL("../../src/jxa/scripts/", import.meta.url).pathname;
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
const jxaGlobals = ["Application", "Path", "Automation", "delay", "ObjC", "$", "Ref"];

/** Compiled text of each script by its name, as osascript will get it. */
const texts = new Map<string, string>();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

async function tsc(...args: string[]): Promise<{ status: number; printed: string }> {
  const command = [join(typescript, "bin", "tsc"), ...args];
  return promisify(execFile)(process.execPath, command).then(
    ({ stdout }) => ({ status: 0, printed: stdout }),
    (error: { code: number; stdout: string }) => ({ status: error.code, printed: error.stdout }),
  );
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const compiled = join(folder.path, "compiled");
  const { printed } = await tsc(
    "-p",
    scriptFolder,
    "--outDir",
    compiled,
    "--tsBuildInfoFile",
    join(folder.path, "build"),
  );
  expect(printed).toBe("");
  await writeFile(join(compiled, "package.json"), `{"type":"module"}`);
  for (const file of await readdir(compiled)) {
    if (!file.endsWith(".js") || file === "envelope.js") continue;
    const exported: Record<string, unknown> = await import(pathToFileURL(join(compiled, file)).href);
    expect(Object.keys(exported), `${file} exports one function`).toHaveLength(1);
    for (const [name, value] of Object.entries(exported)) texts.set(name, String(value));
  }
});

afterAll(() => folder[Symbol.asyncDispose]());

/** The names outside lib ES2020 and JXA that a JavaScript text uses, as the compiler sees them. */
async function unknownNames(texts: Iterable<readonly [string, string]>): Promise<string[]> {
  const alone = join(folder.path, "alone");
  await mkdir(alone, { recursive: true });
  await writeFile(
    join(alone, "jxa.d.ts"),
    jxaGlobals.map((name) => `declare const ${name}: any;\n`).join(""),
  );
  const files = [join(alone, "jxa.d.ts")];
  for (const [name, text] of texts) {
    files.push(join(alone, `${name}.js`));
    await writeFile(join(alone, `${name}.js`), `export default (${text});\n`);
  }
  const flags = ["--allowJs", "--checkJs", "--noEmit", "--ignoreConfig", "--pretty", "false"];
  const lib = ["--target", "ES2020", "--lib", "ES2020", "--types", "", "--strict", "false"];
  const { printed } = await tsc(...flags, ...lib, "--module", "ES2020", ...files);
  return [...printed.matchAll(/Cannot find (?:name|namespace) '([^']+)'/g)].map((match) => match[1] ?? "");
}

describe("the compiled text of every script", () => {
  it("is there, one function for each file", async () => {
    const sources = (await readdir(scriptFolder)).filter(
      (file) => file.endsWith(".ts") && file !== "envelope.ts",
    );
    expect(texts.size).toBe(sources.length);
    expect(texts.size).toBeGreaterThanOrEqual(11);
  });

  it("uses no name besides the language's and JXA's", async () => {
    expect(await unknownNames(texts)).toEqual([]);
  });

  it("would be found out if it used a compiler's helper, an import or anything of Node", async () => {
    const guilty = `function f() { return __awaiter(hasErrno, setTimeout(process, console)); }`;
    expect(await unknownNames([["guilty", guilty]])).toEqual([
      "__awaiter",
      "hasErrno",
      "setTimeout",
      "process",
      "console",
    ]);
  });

  it("is ASCII, sources included", async () => {
    for (const [name, text] of texts) expect(text, name).toMatch(/^[\n\x20-\x7e]*$/);
    for (const file of await readdir(scriptFolder)) {
      expect(await readFile(join(scriptFolder, file), "utf8"), file).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });

  it("answers with an envelope in a context where every use of Photos fails", async () => {
    for (const [name, text] of texts) {
      const Application = () => {
        throw Object.assign(new Error("Not authorized"), { errorNumber: -1743 });
      };
      const ObjC = { import: Application };
      const context = vm.createContext({ Application, ObjC });
      vm.runInContext(programText(text, "argument"), context);
      const printed = vm.runInContext(`run(['{"paths":[],"ids":[],"itemIds":[],"name":"x"}'])`, context);
      expect(JSON.parse(printed), name).toMatchObject({
        ok: false,
        number: -1743,
        message: "Not authorized",
        step: expect.stringMatching(/./),
      });
    }
  });

  it("answers -2700 in a context without any of JXA's names", async () => {
    for (const [name, text] of texts) {
      const context = vm.createContext({});
      vm.runInContext(programText(text, "argument"), context);
      const printed = vm.runInContext(`run(['{"paths":[],"ids":[],"itemIds":[],"name":"x"}'])`, context);
      expect(JSON.parse(printed), name).toMatchObject({ ok: false, number: -2700 });
    }
  });
});

it("scripts and runners mean the same envelope", () => {
  expectTypeOf<ScriptEnvelope<string[]>>().toEqualTypeOf<AgreedEnvelope<string[]>>();
  const envelope: AgreedEnvelope<number> = { ok: true, value: 1 } satisfies ScriptEnvelope<number>;
  expect(envelope.ok).toBe(true);
});
