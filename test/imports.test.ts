import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Except `cli`, which nothing imports but the command, and the two files at the top that gather. The library is
 * given the one file of `cli` that puts the parts together without a screen.
 */
const EVERYTHING = "everything but cli";

/**
 * Who may import whom, types included. A row is a folder of `src` or a file in it; what it may import is a
 * folder with everything in it, or one file. Every row may import itself and {@link EVERYBODYS}.
 * `docs/architecture.md` shows the same table.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // the two worlds, as we wish to see them
  phone: [],
  photos: [],
  // what cameras write into files
  media: [],
  // how SQLite lays its files out
  "sqlite-pages": [],
  // the stages, in their order, and what they remember
  catalogue: ["phone", "media", "sqlite-pages"],
  ledger: ["phone", "photos", "catalogue"],
  plan: ["phone", "media", "catalogue", "ledger"],
  transfer: ["phone", "media", "catalogue", "ledger", "plan"],
  // the running Photos: started, restarted, asked again, left as it was found
  session: ["photos", "ledger"],
  import: ["photos", "media", "catalogue", "ledger", "transfer", "session"],
  album: ["photos", "ledger", "session", "import"],
  verify: ["photos", "catalogue", "ledger", "import"],
  receipt: ["phone", "media", "catalogue", "ledger", "plan"],
  // what is measured of a device, for people elsewhere
  report: ["phone", "catalogue"],
  // the story
  run: [
    ...["phone", "photos", "media", "catalogue", "ledger", "plan"],
    ...["transfer", "session", "import", "album", "verify", "receipt"],
  ],
  // numbers, times and the progress of a run, as a terminal and the page say them
  words: ["phone", "receipt", "run"],
  // how the two worlds are reached
  usb: ["phone"],
  jxa: ["photos"],
  originals: ["photos", "sqlite-pages"],
  // questions about all of it, whose answers are handed in
  doctor: ["phone", "photos", "plan/space-needed.ts", "integrations"],
  // how macOS starts Rollcall
  integrations: [],
  // their stand-ins, which share the packets and the scripts and no more
  "virtual/iphone": [
    ...["phone", "usb/wire", "usb/usbmux/usbmux-packet.ts", "usb/lockdown/lockdown-packet.ts"],
    ...["usb/afc/afc-packet.ts", "usb/afc/afc-file-info.ts", "usb/detection/usb-bus.ts"],
  ],
  "virtual/photos": ["photos", "media", "jxa/run-script.ts", "jxa/script-text.ts", "jxa/scripts"],
  // the page for people: its server, and what runs in the browser
  "gui/page": [],
  gui: [...["phone", "catalogue", "ledger", "plan", "receipt", "run", "words"], "gui/page/server-state.ts"],
  // where parts are chosen and put together
  cli: [EVERYTHING],
  // what a program calls that uses the library
  "library-words.ts": [],
  "main.ts": ["cli"],
  "index.ts": [EVERYTHING, "cli/compose/with-phone-and-photos.ts"],
};

/** The same for packages: where each dependency may be imported. */
const USED_IN: Readonly<Record<string, readonly string[]>> = {
  "@clack/core": ["cli/terminal/interactive-selection.ts"],
  "@clack/prompts": ["cli"],
  "@jxa/run": ["jxa/short-question.ts", "jxa/short-question-child.ts"],
  "@jxa/types": ["jxa/photos-dictionary.d.ts"],
  "@peculiar/x509": ["usb/lockdown/pairing-certificates.ts", "virtual/iphone"],
  "@photostructure/sqlite": ["catalogue", "sqlite-pages", "ledger", "originals", "virtual", "cli"],
  commander: ["cli"],
  "@hono/node-server": ["gui"],
  "env-paths": ["cli"],
  "fast-string-width": ["cli"],
  "fastest-levenshtein": ["cli"],
  hono: ["gui"],
  execa: ["jxa", "integrations/run-program.ts", "cli"],
  plist: ["usb/wire", "integrations/property-list.ts"],
  "reflect-metadata": ["usb/lockdown/pairing-certificates.ts", "virtual/iphone"],
  usb: ["usb/detection/node-usb-bus.ts"],
  zod: ["receipt", "report", "gui", "cli"],
};

/** Loaded when first needed: starting the command must not wait for them, nor fail where one cannot load. */
const LOADED_LATE = ["@peculiar/x509", "@photostructure/sqlite", "execa", "reflect-metadata", "usb"];

/** Imported by everybody. */
const EVERYBODYS = [
  "errors.ts",
  "clock.ts",
  "make-folder.ts",
  "owned-file.ts",
  "owned-folder.ts",
  "reason-codes.ts",
  "remedy.ts",
  "shell-word.ts",
  "text/escape-controls.ts",
  "text/in-quotes.ts",
  "text/last-name.ts",
  "text/run-again.ts",
  "text/two-digits.ts",
];

const EXPORTED = /^export (?:async |abstract )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** Exported since the declarations that the compiler writes for other files name it. */
const NAMED_IN_DECLARATIONS = new Set(["cli/flag.ts Flag"]);

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const src = join(top, "src");

interface Import {
  /** `./frames.js`, `node:fs`, `execa` */
  readonly from: string;
  /** Gone after compiling. */
  readonly isType: boolean;
  /** `await import()`: loaded when the line is reached. */
  readonly isLate: boolean;
}

const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .sort();
const texts = new Map(sources.map((path) => [path, withoutComments(readFileSync(join(src, path), "utf8"))]));
const imports = new Map([...texts].map(([path, text]) => [path, importsIn(text)]));

/** Whole lines of comment only: a line of code may hold `//` in a text. */
function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(\/\/|\/\*|\*).*$/gm, "");
}

function importsIn(text: string): Import[] {
  const found: Import[] = [];
  for (const [, clause = "", from = ""] of text.matchAll(
    /^(?:import|export)\s(?:([^"';]*?)\sfrom\s+|\s*)["']([^"'\n]+)["']/gm,
  )) {
    const names = /^\{([^}]*)\}$/.exec(clause.trim())?.[1]?.split(",") ?? null;
    const isEachType = names?.every((name) => name.trim() === "" || name.trim().startsWith("type ")) ?? false;
    found.push({ from, isType: clause.trim().startsWith("type ") || isEachType, isLate: false });
  }
  for (const [, before, from = ""] of text.matchAll(/(typeof )?(?<![.\w])import\(\s*["']([^"'\n]+)["']/g))
    found.push({ from, isType: before !== undefined, isLate: before === undefined });
  return found;
}

/** The file of `src` that an import means; null for a package. `.js` stands for the `.ts` it is made from. */
function ownFile(importer: string, { from }: Import): string | null {
  if (!from.startsWith(".")) return null;
  const stem = posix.join(posix.dirname(importer), from).replace(/\.js$/, "");
  return [`${stem}.ts`, `${stem}.d.ts`].find((path) => texts.has(path)) ?? `${stem}.ts`;
}

/** `@jxa/types/src/core/Photos.js` is in `@jxa/types`. Null for our own files and for Node's modules. */
function packageOf({ from }: Import): string | null {
  if (from.startsWith(".") || from.startsWith("node:")) return null;
  return /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;
}

const isWithin = (path: string, place: string) => path === place || path.startsWith(`${place}/`);
const isTop = (path: string) => path === "index.ts" || path === "main.ts";
const isAllowedBy = (place: string, path: string) =>
  place === EVERYTHING ? !isWithin(path, "cli") && !isTop(path) : isWithin(path, place);
const rowOf = (path: string) => Object.keys(MAY_IMPORT).find((row) => isWithin(path, row));

describe("who may import whom", () => {
  it("is said for every file of src, and for nothing that is not there", () => {
    const withoutRow = sources.filter((path) => rowOf(path) === undefined && !EVERYBODYS.includes(path));
    expect(withoutRow).toEqual([]);
    const places = new Set([...Object.keys(MAY_IMPORT), ...Object.values(MAY_IMPORT).flat()]);
    const isThere = (place: string) => place === EVERYTHING || existsSync(join(src, place));
    expect([...places].filter((place) => !isThere(place))).toEqual([]);
  });

  it("is kept by every import statement, of types too, and by every import()", () => {
    const broken: string[] = [];
    for (const [importer, statements] of imports) {
      const row = rowOf(importer);
      const allowed = row === undefined ? [] : [row, ...(MAY_IMPORT[row] ?? [])];
      for (const statement of statements) {
        const imported = ownFile(importer, statement);
        if (imported === null || EVERYBODYS.includes(imported)) continue;
        if (!allowed.some((place) => isAllowedBy(place, imported))) broken.push(`${importer} -> ${imported}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("goes one way: no folder reaches itself through others", () => {
    const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
      (MAY_IMPORT[from] ?? []).some((place) => {
        const row = rowOf(place) ?? place;
        if (row === goal) return true;
        if (seen.has(row)) return false;
        return reaches(row, goal, seen.add(row));
      });
    expect(Object.keys(MAY_IMPORT).filter((row) => reaches(row, row))).toEqual([]);
  });

  it("goes one way between files, too: none reaches itself by the imports at its top, types included", () => {
    const ofFile = new Map(
      [...imports].map(([importer, statements]) => [
        importer,
        statements.flatMap((one) => (one.isLate ? [] : (ownFile(importer, one) ?? []))),
      ]),
    );
    const wayBack = (to: string, way: readonly string[], seen: Set<string>): readonly string[] | null => {
      for (const next of ofFile.get(way.at(-1)!) ?? []) {
        if (next === to) return [...way, to];
        if (seen.has(next)) continue;
        const found = wayBack(to, [...way, next], seen.add(next));
        if (found !== null) return found;
      }
      return null;
    };
    const circles = sources.flatMap((path) => wayBack(path, [path], new Set())?.join(" -> ") ?? []);
    expect(circles).toEqual([]);
  });

  it("lets the declaration of a command import no body, its own or another's, but by import()", () => {
    const declarations = sources.filter((path) => /^cli\/(commands\/\w+\/command|program)\.ts$/.test(path));
    expect(declarations.length).toBeGreaterThan(15);
    const atTop = declarations.flatMap((path) =>
      (imports.get(path) ?? []).flatMap((one) =>
        one.isLate || one.isType ? [] : (ownFile(path, one) ?? []),
      ),
    );
    const ofCommands = atTop.filter((path) => isWithin(path, "cli/commands"));
    expect(ofCommands.filter((path) => !path.endsWith("/command.ts"))).toEqual([]);
  });

  it("is the table that docs/architecture.md shows", () => {
    const text = readFileSync(join(top, "docs/architecture.md"), "utf8");
    const shown: Record<string, string[]> = {};
    for (const [, row = "", cells = ""] of text.matchAll(/^\| `([^`]+)` \| may import \| (.*?) \|/gm))
      shown[row] = [
        ...(shown[row] ?? []),
        ...[...cells.matchAll(/`([^`]+)`/g)].map(([, place = ""]) => place),
      ];
    expect(shown).toEqual(MAY_IMPORT);
  });

  it("is told by imports that can be read: a file of src, or a text in import()", () => {
    const unreadable: string[] = [];
    for (const [importer, text] of texts) {
      if (/\bawait import\((?!\s*["'])/.test(text)) unreadable.push(`${importer}: import() of no text`);
      if (/\brequire\(/.test(text)) unreadable.push(`${importer}: require()`);
      for (const statement of imports.get(importer) ?? []) {
        const imported = ownFile(importer, statement);
        if (imported !== null && !texts.has(imported)) unreadable.push(`${importer}: no ${statement.from}`);
      }
    }
    expect(unreadable).toEqual([]);
  });

  it("has no export that only its own file uses", () => {
    const readers = [...texts].map(([path, text]) => ({
      text,
      reads: new Set((imports.get(path) ?? []).flatMap((one) => ownFile(path, one) ?? [])),
    }));
    for (const folder of ["test", "scripts"]) {
      const paths = readdirSync(join(top, folder), { recursive: true, encoding: "utf8" });
      for (const path of paths.filter((one) => /\.m?[jt]s$/.test(one))) {
        const text = readFileSync(join(top, folder, path), "utf8");
        const reads = [...text.matchAll(/(?:src|dist)\/([\w/-]+)\.js"/g)].map(([, stem]) => `${stem}.ts`);
        readers.push({ text, reads: new Set(reads) });
      }
    }
    const unused: string[] = [];
    for (const [path, text] of texts) {
      if (isTop(path) || path.endsWith(".d.ts") || isWithin(path, "jxa/scripts")) continue;
      if (path === "gui/page/server-state.ts") continue; // the page names what it needs of it
      for (const [, name = ""] of text.matchAll(EXPORTED)) {
        if (NAMED_IN_DECLARATIONS.has(`${path} ${name}`)) continue;
        const word = new RegExp(`\\b${name}\\b`);
        if (!readers.some((one) => one.reads.has(path) && word.test(one.text)))
          unused.push(`${path} ${name}`);
      }
    }
    expect(unused).toEqual([]);
  });

  it("lets index.ts alone pass on what another file exports", () => {
    const passingOn = sources.filter((path) => {
      const text = texts.get(path) ?? "";
      return path !== "index.ts" && /^export\s+(type\s+)?(\*|\{[^}]*\})/m.test(text);
    });
    expect(passingOn).toEqual([]);
  });
});

describe("packages", () => {
  const { dependencies } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
  const used = new Map<string, Set<string>>();
  for (const [importer, statements] of imports) {
    for (const name of statements.map(packageOf)) {
      if (name !== null) used.set(name, (used.get(name) ?? new Set()).add(importer));
    }
  }

  it("are imported somewhere in src when package.json depends on them, and depended on when imported", () => {
    expect([...used.keys()].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it("are imported only where the table says", () => {
    const elsewhere: string[] = [];
    for (const [name, importers] of used) {
      for (const importer of importers) {
        if (!USED_IN[name]?.some((place) => isWithin(importer, place)))
          elsewhere.push(`${importer} -> ${name}`);
      }
    }
    expect(elsewhere).toEqual([]);
  });

  it("are each given a reason in docs/decisions", () => {
    const text = readFileSync(join(top, "docs/decisions/071-dependencies.md"), "utf8");
    expect(Object.keys(dependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it("that are slow to load, or may not load, are not loaded when the command starts", () => {
    const atStart = new Set<string>();
    const from = new Map<string, string>();
    const load = (path: string) => {
      if (atStart.has(path)) return;
      atStart.add(path);
      for (const statement of imports.get(path) ?? []) {
        if (statement.isType || statement.isLate) continue;
        const imported = ownFile(path, statement);
        if (imported !== null) load(imported);
        const name = packageOf(statement);
        if (name !== null) from.set(name, path);
      }
    };
    load("main.ts");
    expect(atStart.size).toBeGreaterThan(1);
    expect([...from].filter(([name]) => LOADED_LATE.includes(name))).toEqual([]);
  });
});

describe("nothing below src/cli prints", () => {
  it("so that a run can be read as JSON, and used as a library", () => {
    const printing = sources.filter((path) => {
      const isAllowed = isWithin(path, "cli") || path === "main.ts";
      return !isAllowed && /\bconsole\.\w+\(|\bprocess\.(stdout|stderr)\b/.test(texts.get(path) ?? "");
    });
    expect(printing).toEqual([]);
  });
});
