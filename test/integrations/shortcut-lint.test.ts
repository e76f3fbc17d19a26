import { describe, expect, test } from "vitest";
import { textWith } from "../../src/integrations/shortcuts/shortcut-actions.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import {
  asDictionary,
  type PropertyDictionary,
  type PropertyList,
  parseDictionary,
} from "../../src/usb/wire/property-list.js";
import { FIXED_HOW } from "./fixed-place.js";
import { hasRealFiles, needsRealFiles, realFile } from "./shared-data.js";
import { kindOf, lintShortcut } from "./shortcut-lint.js";

const ours = shortcutDefinitions(FIXED_HOW).map(
  ({ name, text }) => [name, parseDictionary(Buffer.from(text))] as const,
);
const importShortcut = () => structuredClone(ours[0]![1]);
const actionsOf = (shortcut: PropertyDictionary) => shortcut.WFWorkflowActions as PropertyDictionary[];
const parametersOf = (shortcut: PropertyDictionary, name: string, at = 0) =>
  asDictionary(
    actionsOf(shortcut).filter((one) => one.WFWorkflowActionIdentifier === `is.workflow.actions.${name}`)[at]
      ?.WFWorkflowActionParameters,
  )!;

/** The last Otherwise of an If. */
const otherwiseOf = (shortcut: PropertyDictionary) =>
  actionsOf(shortcut).findLast(
    (one) =>
      one.WFWorkflowActionIdentifier === "is.workflow.actions.conditional" &&
      asDictionary(one.WFWorkflowActionParameters)?.WFControlFlowMode === 1,
  )!;

const REAL = [
  "shortcuts/run-shell-script-mute-mic.xml.plist",
  "shortcuts/run-shell-script-mute-mic.wflow",
  "shortcuts/run-shell-script-paste-to-shared.wflow",
  "shortcuts/menu-bar-grab-text.wflow",
  "shortcuts/golden-e01cebe1.xml.plist",
];

describe("the rules that are known of shortcuts", () => {
  test.each(ours)('"%s" keeps all of them', (_, shortcut) => {
    expect(lintShortcut(shortcut)).toEqual([]);
  });

  test.skipIf(!hasRealFiles).each(REAL)(`%s, a real one, keeps them as well${needsRealFiles}`, (path) => {
    expect(lintShortcut(realFile(path))).toEqual([]);
  });

  const breaches: [string, (shortcut: PropertyDictionary) => void, RegExp][] = [
    ["a UUID beside the parameters", (s) => (actionsOf(s)[0]!.UUID = "A"), /UUID stands beside/],
    ["a UUID in lower case", (s) => (parametersOf(s, "detect.dictionary").UUID = "ab"), /upper case/],
    [
      "two actions of one UUID",
      (s) => (parametersOf(s, "runshellscript", 1).UUID = parametersOf(s, "runshellscript").UUID),
      /taken/,
    ],
    [
      "an action that imports as unknown",
      (s) => (actionsOf(s)[0]!.WFWorkflowActionIdentifier = "is.workflow.actions.runshell"),
      /unknown action/,
    ],
    [
      "the wrong name of a parameter",
      (s) => (parametersOf(s, "runshellscript").WFShellScript = "ls"),
      /no such parameter/,
    ],
    [
      "a shell that its picker does not have",
      (s) => (parametersOf(s, "runshellscript").Shell = "sh"),
      /no shell/,
    ],
    ["an output that comes later", (s) => void actionsOf(s).splice(0, 1), /no action before it/],
    [
      "an attachment where a person reads",
      (s) =>
        (parametersOf(s, "notification").WFNotificationActionBody = parametersOf(
          s,
          "detect.dictionary",
        ).WFInput),
      /seen by a person/,
    ],
    [
      "a plain string where a person reads",
      (s) => (parametersOf(s, "alert").WFAlertActionTitle = "Import"),
      /seen by a person/,
    ],
    [
      "a range past the end",
      (s) => move(parametersOf(s, "notification").WFNotificationActionBody, 7),
      /nothing to replace/,
    ],
    [
      "a variable without its range",
      (s) => move(parametersOf(s, "notification").WFNotificationActionBody, null),
      /without a range/,
    ],
    [
      "a bare attachment in a condition",
      (s) => (parametersOf(s, "conditional").WFInput = parametersOf(s, "detect.dictionary").WFInput),
      /not wrapped/,
    ],
    [
      "a condition that there is not",
      (s) => (parametersOf(s, "conditional").WFCondition = 6),
      /no such condition/,
    ],
    ["a comparison with nothing", (s) => (parametersOf(s, "conditional").WFCondition = 4), /no text/],
    ["a mode as text", (s) => (parametersOf(s, "conditional", 1).WFControlFlowMode = "0"), /no integer/],
    ["a block without an end", (s) => void actionsOf(s).pop(), /has no end/],
    [
      "an end of another block",
      (s) =>
        (actionsOf(s).at(-1)!.WFWorkflowActionParameters = {
          ...parametersOf(s, "choosefrommenu"),
          WFControlFlowMode: 2,
        }),
      /not of the block/,
    ],
    [
      "a menu that lost an item",
      (s) => (parametersOf(s, "choosefrommenu").WFMenuItems = ["Done"]),
      /not the next item/,
    ],
    [
      "an identifier without its beginning",
      (s) => (actionsOf(s)[0]!.WFWorkflowActionIdentifier = "runshellscript"),
      /does not begin with/,
    ],
    [
      "text where data is taken",
      (s) =>
        (parametersOf(s, "detect.dictionary").WFInput = parametersOf(
          s,
          "notification",
        ).WFNotificationActionBody),
      /WFInput is no attachment/,
    ],
    ["a bare output", (s) => (parametersOf(s, "getvalueforkey").WFInput = "summary"), /no attachment/],
    [
      "a value of a dictionary that there is not",
      (s) => (parametersOf(s, "getvalueforkey").WFGetDictionaryValueType = "Keys"),
      /none of its choices/,
    ],
    [
      "a way of giving input that there is not",
      (s) => (parametersOf(s, "runshellscript").InputMode = "stdin"),
      /none of its choices/,
    ],
    ["a boolean as a number", (s) => (parametersOf(s, "runshellscript").RunAsRoot = 0), /no boolean/],
    ["a script that is no text", (s) => (parametersOf(s, "runshellscript").Script = 7), /script is no text/],
    [
      "a grouping identifier outside of a block",
      (s) => (parametersOf(s, "alert").GroupingIdentifier = "A"),
      /of a block and is none/,
    ],
    [
      "a mode that there is not",
      (s) => (parametersOf(s, "conditional", 1).WFControlFlowMode = 3),
      /no such mode/,
    ],
    [
      "a second Otherwise",
      (s) => void actionsOf(s).splice(-1, 0, structuredClone(otherwiseOf(s))),
      /second Otherwise/,
    ],
    [
      "a variable of no kind",
      (s) =>
        (asDictionary(asDictionary(parametersOf(s, "detect.dictionary").WFInput)!.Value)!.Type = "Output"),
      /no such variable|an output that is none/,
    ],
    [
      "a question of the import about an action that is not there",
      (s) =>
        (s.WFWorkflowImportQuestions = [
          { ParameterKey: "Script", Category: "Parameter", ActionIndex: 99, Text: "Where?" },
        ]),
      /asks of nothing/,
    ],
    ["two minimum versions", (s) => (s.WFWorkflowMinimumClientVersionString = "899"), /two minimum/],
    [
      "a content item that there is not",
      (s) => (s.WFWorkflowInputContentItemClasses = ["File"]),
      /no content item/,
    ],
    [
      "a surface that there is not",
      (s) => {
        s.WFWorkflowTypes = ["QuickActions"];
        s.WFQuickActionSurfaces = ["Desktop"];
      },
      /no such surface/,
    ],
    [
      "surfaces without the type for them",
      (s) => (s.WFQuickActionSurfaces = ["Finder"]),
      /surfaces without QuickActions/,
    ],
    [
      "an input that it says it does not take",
      (s) =>
        (parametersOf(s, "runshellscript").Input = {
          Value: { Type: "ExtensionInput" },
          WFSerializationType: "WFTextTokenAttachment",
        }),
      /says that it takes none/,
    ],
    ["a client version as a number", (s) => (s.WFWorkflowClientVersion = 900), /WFWorkflowClientVersion/],
    ["a misspelt key", (s) => (s.WFWorkflowQuickActionSurfaces = []), /no such key/],
    ["a type that there is not", (s) => (s.WFWorkflowTypes = ["Menu"]), /no such type/],
  ];
  test.each(breaches)("%s is found", (_, breach, expected) => {
    const shortcut = importShortcut();
    breach(shortcut);
    expect(lintShortcut(shortcut).join("\n")).toMatch(expected);
  });

  test("places of variables count UTF-16 units, so a picture in the text before moves them by two", () => {
    const token = textWith("📷 ", { uuid: "A", name: "B" }) as {
      Value: { attachmentsByRange: object; string: string };
    };
    expect(Object.keys(token.Value.attachmentsByRange)).toEqual(["{3, 1}"]);
    expect(token.Value.string).toBe("📷 \u{fffc}");
  });
});

describe.skipIf(!hasRealFiles)(`beside real shortcuts${needsRealFiles}`, () => {
  const real = hasRealFiles ? REAL.map((path) => realFile(path)) : [];

  test("every key at the top is of the kind that real ones have", () => {
    for (const [name, shortcut] of ours) {
      for (const [key, value] of Object.entries(shortcut)) {
        const kinds = new Set(real.filter((one) => one[key] !== undefined).map((one) => kindOf(one[key])));
        expect([...kinds], `${name}: ${key}`).toEqual([kindOf(value)]);
      }
    }
  });

  test("every key that all exports of macOS 15 and 26 have is there, except where it belongs to Services", () => {
    const exports = real.slice(0, 4);
    const inAll = Object.keys(exports[0]!).filter((key) => exports.every((one) => one[key] !== undefined));
    for (const [, shortcut] of ours)
      expect(inAll.filter((key) => shortcut[key] === undefined)).toEqual(["WFQuickActionSurfaces"]);
  });

  test("Run Shell Script has the parameters of a real one, and an attachment its shape", () => {
    const [realScript] = actionsOf(real[0]!);
    const [script, dictionary] = actionsOf(importShortcut());
    expect(shapeOf(script)).toEqual(shapeOf(realScript));
    const realInput = asDictionary(actionsOf(real[3]!)[1]!.WFWorkflowActionParameters)!.WFImage;
    expect(shapeOf(asDictionary(dictionary!.WFWorkflowActionParameters)!.WFInput)).toEqual(
      shapeOf(realInput),
    );
  });

  test("a token string has the shape of a real one", () => {
    const zip = actionsOf(real[4]!)[3]!;
    const realToken = asDictionary(asDictionary(zip.WFWorkflowActionParameters)!.WFZIPName)!;
    const token = asDictionary(parametersOf(importShortcut(), "notification").WFNotificationActionBody)!;
    expect(Object.keys(token).sort()).toEqual(Object.keys(realToken).sort());
    expect(Object.keys(asDictionary(token.Value)!)).toEqual(Object.keys(asDictionary(realToken.Value)!));
    expect(Object.keys(asDictionary(asDictionary(token.Value)!.attachmentsByRange)!)).toEqual(["{0, 1}"]);
  });
});

/** Puts the one variable of a token string elsewhere; null: nowhere. */
function move(token: PropertyList | undefined, to: number | null): void {
  const value = asDictionary(asDictionary(token)!.Value)!;
  const [reference] = Object.values(asDictionary(value.attachmentsByRange)!);
  value.attachmentsByRange = to === null ? {} : { [`{${to}, 1}`]: reference };
}

/** Keys and kinds, all the way down. */
function shapeOf(value: PropertyList | undefined): unknown {
  const dictionary = asDictionary(value);
  if (dictionary === null) return kindOf(value);
  return Object.fromEntries(Object.entries(dictionary).map(([key, one]) => [key, shapeOf(one)]));
}
