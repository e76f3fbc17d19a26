import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KNOWN_METADATA, readActionMetadata } from "../../src/integrations/automator/action-metadata.js";
import { workflowFiles } from "../../src/integrations/automator/workflow-bundle.js";
import { lastingUuid } from "../../src/integrations/lasting-uuid.js";
import type { ProgramEnd } from "../../src/integrations/run-program.js";
import {
  asDictionary,
  type PropertyDictionary,
  type PropertyList,
  parseDictionary,
} from "../../src/usb/wire/property-list.js";
import { FIXED_FOLDERS, FIXED_HOW } from "./fixed-place.js";
import { hasRealFiles, needsRealFiles, realFile } from "./shared-data.js";
import { kindOf } from "./shortcut-lint.js";

const files = workflowFiles(FIXED_HOW, KNOWN_METADATA, FIXED_FOLDERS);
const [info, document] = files.map(({ text }) => parseDictionary(Buffer.from(text))) as [
  PropertyDictionary,
  PropertyDictionary,
];
const firstOf = (list: PropertyList | undefined) => asDictionary((list as PropertyList[])[0])!;
const actionOf = (workflow: PropertyDictionary) => asDictionary(firstOf(workflow.actions).action)!;

test("the bundle lies in Services, as Automator lays one out", () => {
  const contents = "/Users/anna/Library/Services/Import from iPhone.workflow/Contents";
  expect(files.map(({ path }) => path)).toEqual([
    join(contents, "Info.plist"),
    join(contents, "document.wflow"),
  ]);
});

test("it is a service without input, in General, under its own name", () => {
  const service = firstOf(info.NSServices);
  expect(service.NSMessage).toBe("runWorkflowAsService");
  expect(service.NSMenuItem).toEqual({ default: "Import from iPhone" });
  expect(service.NSRequiredContext).toEqual({});
  expect(Object.keys(service)).not.toContain("NSSendTypes");
  const meta = asDictionary(document.workflowMetaData)!;
  expect(meta.workflowTypeIdentifier).toBe("com.apple.Automator.servicesMenu");
  for (const key of ["serviceInputTypeIdentifier", "serviceOutputTypeIdentifier", "inputTypeIdentifier"])
    expect(meta[key]).toBe("com.apple.Automator.nothing");
});

test("its one action has three UUIDs of its own, in upper case, and every parameter has its properties", () => {
  const action = actionOf(document);
  const uuids = [action.UUID, action.InputUUID, action.OutputUUID].map(String);
  expect(new Set(uuids).size).toBe(3);
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/);
  expect(lastingUuid("workflow/action")).toBe(uuids[0]);
  const parameters = Object.keys(asDictionary(action.ActionParameters)!).sort();
  expect(Object.keys(asDictionary(action.AMParameterProperties)!).sort()).toEqual(parameters);
  const named = Object.values(asDictionary(action.arguments)!).map((one) => asDictionary(one)!.name);
  expect(named.sort()).toEqual(parameters);
});

describe.skipIf(!hasRealFiles)(
  `beside a Quick Action and an app that Automator saved${needsRealFiles}`,
  () => {
    const zip = hasRealFiles ? realFile("automator/ZIP.workflow/Contents/document.wflow") : {};
    const app = hasRealFiles ? realFile("automator/export-photos.app/Contents/document.wflow") : {};

    test("the action has the keys and the kinds of both, and says of itself what they say", () => {
      for (const real of [zip, app]) {
        const [mine, theirs] = [actionOf(document), actionOf(real)];
        expect(Object.keys(mine).sort()).toEqual(Object.keys(theirs).sort());
        const own = ["ActionParameters", "InputUUID", "OutputUUID", "UUID", "location", "isViewVisible"];
        for (const key of Object.keys(theirs).filter((one) => !own.includes(one)))
          expect(mine[key], key).toEqual(theirs[key]);
      }
      expect(kindOf(actionOf(document).isViewVisible)).toBe(kindOf(actionOf(zip).isViewVisible));
    });

    test("the document has the same keys at the top, each of the same kind", () => {
      for (const real of [zip, app]) {
        const shape = (one: PropertyDictionary) =>
          Object.entries(one).map(([key, value]) => [key, kindOf(value)]);
        expect(shape(document).sort()).toEqual(shape(real).sort());
      }
    });

    test("its description differs from that of the Finder's in nothing but the input and the program", () => {
      const [mine, theirs] = [asDictionary(document.workflowMetaData)!, asDictionary(zip.workflowMetaData)!];
      const ofFinder = Object.keys(theirs).filter((key) => mine[key] === undefined);
      expect(ofFinder.sort()).toEqual([
        "applicationBundleID",
        "applicationPath",
        "serviceApplicationBundleID",
        "serviceApplicationPath",
      ]);
      for (const [key, value] of Object.entries(mine)) expect(kindOf(value), key).toBe(kindOf(theirs[key]));
      const service = firstOf(info.NSServices);
      const real = firstOf(realFile("automator/ZIP.workflow/Contents/Info.plist").NSServices);
      for (const [key, value] of Object.entries(service)) expect(kindOf(value), key).toBe(kindOf(real[key]));
      expect(Object.keys(real).filter((key) => service[key] === undefined)).toEqual(["NSSendFileTypes"]);
    });
  },
);

describe("what Apple says of its action", () => {
  const says =
    (printed: Readonly<Record<string, string>>) =>
    async (_: string, args: readonly string[]): Promise<ProgramEnd> => {
      const stdout = Object.entries(printed).find(([place]) => args.at(-1)!.includes(place))?.[1];
      return { kind: "ended", status: stdout === undefined ? 1 : 0, stdout: stdout ?? "", stderr: "" };
    };
  const newer = JSON.stringify({
    AMAccepts: { Container: "List", Types: ["com.apple.cocoa.path"] },
    AMProvides: { Container: "List", Optional: false, Types: ["com.apple.cocoa.string"] },
    CFBundleVersion: "3.0",
    CFBundleIdentifier: "com.apple.RunShellScript",
    NSPrincipalClass: "AMRunShellScript",
  });

  test("is taken over from this Mac", async () => {
    const automator = JSON.stringify({ CFBundleShortVersionString: "2.11", CFBundleVersion: "540" });
    const read = await readActionMetadata(says({ "Run Shell Script": newer, "Automator.app": automator }));
    expect(read).toMatchObject({
      accepts: { Container: "List", Types: ["com.apple.cocoa.path"] },
      actionVersion: "3.0",
      className: "AMRunShellScript",
      automatorVersion: "2.11",
      automatorBuild: "540",
    });
  });

  test.each([
    ["plutil cannot read it", {}],
    ["it is no JSON", { "Run Shell Script": "<plist/>", "Automator.app": "" }],
    ["it is a list", { "Run Shell Script": "[]", "Automator.app": "null" }],
    [
      "its keys hold other kinds",
      {
        "Run Shell Script":
          '{"AMAccepts": "List", "CFBundleVersion": 3, "AMProvides": {"Container": "List", "Types": [7]}}',
      },
    ],
  ])("is what is known of it, where %s", async (_, printed) => {
    expect(await readActionMetadata(says(printed))).toEqual(KNOWN_METADATA);
  });
});
