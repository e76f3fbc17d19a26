import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { classes, commands } from "../../../src/virtual/photos/dictionary.js";

const require = createRequire(import.meta.url);
const published = withoutComments(readFileSync(require.resolve("@jxa/types/src/core/Photos.d.ts"), "utf8"));
const typedDictionary = readFileSync(
  new URL("../../../src/jxa/photos-dictionary.d.ts", import.meta.url),
  "utf8",
);
const corrected = withoutComments(typedDictionary);

const glue = "hhas/SwiftAutomation MacOSGlues/PhotosGlue.swift.sdef";
const printed = "RhetTbull/PhotoScript reference/PhotosAppleScriptDictionary_v10_0.pdf";

/** What the virtual Photos has and `@jxa/types` (made from an older dictionary) lacks, each with its source. */
const corrections: Readonly<Record<string, string>> = {
  "application.albums": `${glue}; top level only since Photos 5: PhotoScript photoscript.applescript`,
  "application.folders": glue,
  "application.containers": glue,
  "application.mediaItems": glue,
  "mediaItem.size": `${glue}, code fsiz`,
  "album.id": `${glue}: an album is a container`,
  "album.name": `${glue}: an album is a container`,
  "album.parent": `${glue}: an album is a container`,
  "album.mediaItems": glue,
  "folder.id": `${glue}: a folder is a container`,
  "folder.name": `${glue}: a folder is a container`,
  "folder.parent": `${glue}: a folder is a container`,
  "folder.containers": glue,
  "folder.albums": glue,
  "folder.folders": glue,
  "search()": printed,
  "search(for)": printed,
  "activate()": "Apple, JXA release notes for OS X 10.10: standard for every application",
};

/** What `@jxa/types` has and the virtual Photos does not: it answers these as unknown, and Rollcall must not use them. */
const leftOut: Readonly<Record<string, string>> = {
  "moment.id": `hidden since Photos 5 (${printed})`,
  "moment.name": `hidden since Photos 5 (${printed})`,
  "count(each)": "JXA counts elements by their length",
  "startSlideshow()": "nothing that an import could want",
  "startSlideshow(using)": "nothing that an import could want",
  "stopSlideshow()": "nothing that an import could want",
  "nextSlide()": "nothing that an import could want",
  "previousSlide()": "nothing that an import could want",
  "pauseSlideshow()": "nothing that an import could want",
  "resumeSlideshow()": "nothing that an import could want",
};

describe("the dictionary that the virtual Photos implements", () => {
  it("is that of @jxa/types and the corrections listed here, and nothing else", () => {
    const theirs = publishedNames();
    const ours = ownNames();
    expect([...ours].filter((name) => !theirs.has(name)).sort()).toEqual(Object.keys(corrections).sort());
    expect([...theirs.keys()].filter((name) => !ours.has(name)).sort()).toEqual(Object.keys(leftOut).sort());
  });

  it("gives every property the type that @jxa/types gives it", () => {
    const kinds: Readonly<Record<string, string>> = { text: "string", boolean: "boolean", integer: "number" };
    const wrong: string[] = [];
    for (const [className, { properties }] of Object.entries(classes)) {
      for (const [property, { type }] of Object.entries(properties)) {
        const name = `${className}.${property}`;
        const theirs = publishedNames().get(name);
        if (theirs === undefined || theirs === "any") continue;
        if (kinds[type] !== theirs) wrong.push(`${name}: ${type} here, ${theirs} there`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has everything that the scripts' own typed dictionary offers them", () => {
    const ours = ownNames();
    const offered = [
      ...membersOf(corrected, "MediaItem").map((name) => `mediaItem.${name}`),
      ...membersOf(corrected, "MediaItemLists").map((name) => `mediaItem.${name}`),
      ...membersOf(corrected, "Album").map((name) => `album.${name}`),
      ...membersOf(corrected, "PhotosApplication").map((name) =>
        Object.hasOwn(commands, name) ? `${name}()` : `application.${name}`,
      ),
    ];
    expect(offered.length).toBeGreaterThan(10);
    // JXA's own, of every application; neither is an event of the dictionary.
    const ofJxa = ["application.running", "application.launch"];
    expect(offered.filter((name) => !ours.has(name) && !ofJxa.includes(name))).toEqual([]);
  });

  it("is corrected in the scripts' own typed dictionary with a source for each correction", () => {
    const comments = typedDictionary.match(/\/\*\*.*?\*\//gs) ?? [];
    const claims = comments.flatMap((comment) => comment.split("Corrected:").slice(1));
    expect(claims.length).toBeGreaterThanOrEqual(8);
    const sources = ["sdef", "main.scpt", "openradar", "RhetTbull/PhotoScript", "jablonkai/skills"];
    const isSourced = (claim: string) => sources.some((source) => claim.includes(source));
    expect(claims.filter((claim) => !isSourced(claim))).toEqual([]);
  });

  it("gives no two properties, parameters or commands of one place the same code", () => {
    const places: [string, string[]][] = [
      ["commands", Object.values(commands).map(({ code }) => code)],
      ...Object.entries(classes).map(([name, { properties }]): [string, string[]] => [
        name,
        Object.values(properties).map(({ code }) => code),
      ]),
      ...Object.entries(commands).map(([name, { parameters }]): [string, string[]] => [
        name,
        Object.values(parameters).map(({ code }) => code),
      ]),
    ];
    for (const [place, codes] of places) {
      expect(new Set(codes).size, place).toBe(codes.length);
      for (const code of codes)
        expect(code.length === 4 || code.length === 8, `${place}: ${code}`).toBe(true);
    }
  });
});

/** `mediaItem.id`, `import()`, `import(into)`. */
function ownNames(): Set<string> {
  const names = new Set<string>();
  for (const [className, { properties, elements }] of Object.entries(classes)) {
    for (const member of [...Object.keys(properties), ...Object.keys(elements)]) {
      names.add(`${className}.${member}`);
    }
  }
  for (const [command, { parameters }] of Object.entries(commands)) {
    names.add(`${command}()`);
    for (const parameter of Object.keys(parameters)) names.add(`${command}(${parameter})`);
  }
  return names;
}

/** The same of `@jxa/types`, each with the type it gives. */
function publishedNames(): Map<string, string> {
  const names = new Map<string, string>();
  for (const [, name = "", body = ""] of published.matchAll(/export interface (\w+) \{([^}]*)\}/g)) {
    const command = /^(\w+)OptionalParameter$/.exec(name)?.[1];
    for (const [, member, type = ""] of body.matchAll(/(\w+)(?:\(\)|\??): (\w+);/g)) {
      names.set(
        command === undefined ? `${startingLower(name)}.${member}` : `${startingLower(command)}(${member})`,
        type,
      );
    }
  }
  const main = published.slice(published.indexOf("export interface Photos extends"));
  for (const [, command] of main.matchAll(/^\s+(\w+)\(/gm)) names.set(`${command}()`, "");
  return names;
}

/** Names of the members that an interface declares or picks from the published one. */
function membersOf(text: string, name: string): string[] {
  const found = new RegExp(`export interface ${name}\\b([^{]*)\\{\\n([\\s\\S]*?)\\n\\}`).exec(text);
  const [, head = "", body = ""] = found ?? [];
  const picked = [...head.matchAll(/"(\w+)"/g)].map(([, member]) => String(member));
  const own = [...body.matchAll(/^ {2}(?:readonly |get )?(\w+)\s*[(:]/gm)].map(([, member]) =>
    String(member),
  );
  return [...picked, ...own].filter((member) => member !== "set");
}

function startingLower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
}
