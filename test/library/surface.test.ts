import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as rollcall from "../../src/index.js";
import { CommandHarness } from "../stories/command-harness.js";
import { twoPhotos } from "./two-photos.js";

const top = join(import.meta.dirname, "../..");
const dist = join(top, "dist");

/** Handed from one to the other, and not to be looked into: what these mention is no part of what is offered. */
const OPAQUE = [
  ...["Clock", "LibraryPackages", "LedgerDatabase", "KnownItem", "LibraryAccess"],
  ...["PhotosLibrary", "PhotosProcess", "ReceiptFolder"],
];

/** What the library offers, by name, and the declaration file that each is in. */
const offered = new Map<string, string>();
for (const [, names = "", from = ""] of readFileSync(join(dist, "index.d.ts"), "utf8").matchAll(
  /^export (?:type )?\{([^}]*)\} from "([^"]+)"/gm,
)) {
  for (const name of namesIn(names)) offered.set(name, declarationsOf(join(dist, from)));
}

describe("what the library offers", () => {
  test("is decided, and does not grow by itself", () => {
    expect(Object.keys(rollcall).sort()).toEqual([
      "ANSWERS",
      "ORDINARY_IMPORT",
      "PhoneFileError",
      "RECEIPT_FORMAT",
      "RollcallError",
      "WRONG_ANSWERS",
      "actionWords",
      "copyFromPhone",
      "importFromPhone",
      "libraryWords",
      "phonesComingAndGoing",
      "phonesOnCable",
      "planForPhone",
      "readReceipt",
      "receiptJsonSchema",
      "withPhoneAndPhotos",
      "wordRemedy",
    ]);
  });

  test("has a comment at every name", () => {
    const bare = [...offered].filter(([name, file]) => !/\*\/\s*$/.test(textBefore(name, file)));
    expect(offered.size).toBeGreaterThan(50);
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  test("can be named: no type of it mentions one that is not offered", () => {
    const unnamed: string[] = [];
    for (const [name, file] of offered) {
      if (OPAQUE.includes(name)) continue;
      const { own, others } = mentionedBy(name, file);
      for (const other of others) {
        if (!offered.has(other) && new RegExp(`\\b${other}\\b`).test(own)) unnamed.push(`${name}: ${other}`);
      }
    }
    expect(unnamed).toEqual([]);
  });

  test("needs no types but Node's and those of packages that come with it", () => {
    const { dependencies } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    const { files, packages } = reached("index.d.ts", /(?:\bfrom |\bimport\()"([^"]+)"/g);
    expect(files).toContain("run/run-parts.d.ts");
    const absent = packages.filter((name) => !name.startsWith("node:") && !(name in dependencies));
    expect(absent).toEqual([]);
  });

  test("loads nothing of the command line and its screen", () => {
    const { files, packages } = reached("index.js", /^(?:import|export) (?:[^"]*? from )?"([^"]+)"/gm);
    expect(files).toContain("run/import-from-phone.js");
    expect(files.filter((file) => /^cli\/(commands|output)\/|^cli\/program/.test(file))).toEqual([]);
    expect(packages.filter((name) => name === "commander" || name === "@clack/prompts")).toEqual([]);
  });
});

describe("with the phone and Photos at hand", () => {
  test("a plan changes nothing, and a copy that is stopped goes on in the next run", async () => {
    await using harness = new CommandHarness();
    await twoPhotos(harness.mediaFolder);
    await harness.plugIn();
    const { environment } = harness;
    const folder = join(harness.folder, "copy");

    const plan = await rollcall.withPhoneAndPhotos({ environment }, (parts) =>
      rollcall.planForPhone(parts, { ...rollcall.ORDINARY_IMPORT, selection: { name: "*1.jpg" } }),
    );
    expect(plan.toImport.items).toBe(1);
    expect(plan.decisions.map(({ item, action }) => [item.stem, action])).toEqual([
      ["IMG_0001", "import"],
      ["IMG_0002", "leave"],
    ]);
    expect(harness.photos.counters().total).toBe(0);

    const stop = new AbortController();
    const copy = (signal?: AbortSignal) => {
      const heard: rollcall.RunEvent[] = [];
      const report = (event: rollcall.RunEvent) => {
        heard.push(event);
        if (event.type === "copied" && event.items === 1) stop.abort();
      };
      const options = { environment, report, phone: "anna's iphone", ...(signal && { signal }) };
      return rollcall.withPhoneAndPhotos(options, async (parts) => {
        const { head } = await rollcall.copyFromPhone(parts, {
          folder,
          selection: {},
          withoutPhoneLibrary: false,
        });
        return { head, heard };
      });
    };
    await expect(copy(stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
    const { head, heard } = await copy();
    expect(heard.find(({ type }) => type === "begun")).toMatchObject({ isContinued: true });
    expect(head.totals.byAnswer).toMatchObject({ proved: 2, failed: 0, unknown: 0 });
    expect(head.destination).toEqual({ kind: "folder", path: folder });
  });

  test("who is on the cable is told, and who comes and goes until that is enough", async () => {
    await using harness = new CommandHarness();
    const { udid } = await harness.plugIn();
    const { environment } = harness;
    expect(await rollcall.phonesOnCable({ environment })).toMatchObject([{ udid, state: "ready" }]);
    const enough = new AbortController();
    const seen: string[] = [];
    const watching = async () => {
      for await (const change of rollcall.phonesComingAndGoing({ environment, signal: enough.signal })) {
        seen.push(change.type);
        enough.abort();
      }
    };
    await expect(watching()).rejects.toMatchObject({ code: "STOPPED" });
    expect(seen).toEqual(["here"]);
  });

  test("only one may be at work in a data folder, and the second is told so", async () => {
    await using harness = new CommandHarness();
    await harness.plugIn();
    const { environment } = harness;
    await rollcall.withPhoneAndPhotos({ environment }, async () => {
      const second = rollcall.withPhoneAndPhotos({ environment }, async () => {});
      await expect(second).rejects.toMatchObject({ code: "ANOTHER_ROLLCALL" });
    });
  });

  test("a phone that is not there is an error at once where nobody is to wait, and STOPPED where one stops", async () => {
    await using harness = new CommandHarness();
    await harness.plugIn({ state: "network-only" });
    const { environment } = harness;
    const open = (options: rollcall.PhoneAndPhotosOptions) =>
      rollcall.withPhoneAndPhotos({ environment, ...options }, async () => {});
    await expect(open({ waitMs: 0 })).rejects.toMatchObject({ code: "PHONE_NETWORK_ONLY" });
    const stop = new AbortController();
    const waiting: string[] = [];
    const report = (event: rollcall.RunEvent) => {
      if (event.type !== "waiting") return;
      waiting.push(event.code);
      stop.abort();
    };
    await expect(open({ report, signal: stop.signal })).rejects.toMatchObject({ code: "STOPPED" });
    expect(waiting).toEqual(["PHONE_NETWORK_ONLY"]);
  });
});

/** What a file of dist reaches by its statements: files of dist, and packages. */
function reached(start: string, statement: RegExp): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const read = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, from = ""] of readFileSync(join(dist, file), "utf8").matchAll(statement)) {
      const path = relative(dist, resolve(dist, dirname(file), from));
      if (!from.startsWith(".")) packages.add(from);
      else read(start.endsWith(".d.ts") ? declarationsOf(path) : path);
    }
  };
  read(start);
  return { files: [...files], packages: [...packages] };
}

function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "");
}

function declarationsOf(module: string): string {
  return module.replace(/\.js$/, ".d.ts");
}

function declarationPattern(name: string): RegExp {
  return new RegExp(`^export (?:declare )?(?:class|function|const|interface|type) ${name}\\b`, "m");
}

function textBefore(name: string, file: string): string {
  const text = readFileSync(file, "utf8");
  const at = text.search(declarationPattern(name));
  expect(at, `${name} in ${file}`).toBeGreaterThan(-1);
  return text.slice(0, at);
}

/** The declaration of a name without its comments, and the types that its file imports or declares. */
function mentionedBy(name: string, file: string): { own: string; others: string[] } {
  const text = readFileSync(file, "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const statements = text.split(/^(?=(?:export|declare|import|type|interface) )/m);
  const others = statements.flatMap((statement) => {
    const imported = /^import (?:type )?\{([^}]*)\}/.exec(statement)?.[1];
    if (imported !== undefined) return namesIn(imported);
    const [, declared] = /^(?:export )?(?:declare )?(?:class|interface|type) (\w+)/.exec(statement) ?? [];
    return declared === undefined ? [] : [declared];
  });
  const own = statements.filter((statement) => declarationPattern(name).test(statement)).join("");
  return { own, others };
}
