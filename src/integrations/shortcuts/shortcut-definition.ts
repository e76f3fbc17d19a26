import { quoted } from "../../shell-word.js";
import { type HowToStart, startScript } from "../how-to-start.js";
import { lastingUuid } from "../lasting-uuid.js";
import { type PropertyDictionary, propertyListBytes, propertyListText } from "../property-list.js";
import {
  type ActionOutput,
  alert,
  dictionaryFrom,
  ifHasValue,
  menu,
  notification,
  runShellScript,
  type ShortcutAction,
  showResult,
  textWith,
  valueForKey,
} from "./shortcut-actions.js";

/** A shortcut, unsigned: what `shortcuts sign` takes. */
export interface ShortcutDefinition {
  /** What the shortcut will be called: Shortcuts takes the name of the file. */
  readonly name: string;
  /** XML. */
  readonly text: string;
  /** The same as a binary property list. */
  bytes(): Uint8Array;
  /** What its Run Shell Script action runs, for those who make it by hand. */
  readonly script: string;
}

export const IMPORT_SHORTCUT = "Import from iPhone";
const WHATS_NEW_SHORTCUT = "iPhone: what is new?";
const CHOOSE_SHORTCUT = "Choose photos from iPhone";
export const SHORTCUT_NAMES: readonly string[] = [IMPORT_SHORTCUT, WHATS_NEW_SHORTCUT, CHOOSE_SHORTCUT];

/**
 * What a program is to print: one document, short (no list of files), with the status in it. It waits for no phone:
 * nothing would be seen meanwhile, while "unlock it" is seen at once.
 */
const FOR_SHORTCUTS = ["--json", "--exit-zero", "--brief", "--wait", "0", "--no-input", "--quiet"];

const MOVED = {
  error: {
    code: "ROLLCALL_MOVED",
    message: "Rollcall is no longer where it was when this was set up.",
    why: null,
    remedy: "Open Terminal and run: rollcall setup shortcuts",
  },
  summary: "Rollcall is no longer where it was when this was set up.",
  remedy: "Open Terminal and run: rollcall setup shortcuts",
  status: 1,
};

/** All shortcuts, with the absolute paths of this computer in them. */
export function shortcutDefinitions(how: HowToStart): ShortcutDefinition[] {
  return [importShortcut(how), whatsNewShortcut(how), chooseShortcut(how)];
}

/**
 * Runs the import; its one line as a notification where all went well. Otherwise what went wrong and what to do, and
 * the receipt where there is one. It asks whether there is a remedy, because a value that is not there is the one thing
 * that every version of Shortcuts compares alike.
 */
function importShortcut(how: HowToStart): ShortcutDefinition {
  const { uuid, read, result, summary, remedy } = reading(IMPORT_SHORTCUT);
  const script = scriptFor(how, ["import", ...FOR_SHORTCUTS]);
  const openReceipt = startScript(how, "shortcuts", ["receipts", "open"], ["exit 0"]);
  const receipt: ActionOutput = { uuid: uuid("receipt"), name: "Dictionary Value" };
  const trouble = textWith(summary, "\n\n", remedy);
  return definition(IMPORT_SHORTCUT, script, [
    runShellScript(uuid("run"), script),
    ...read,
    ...ifHasValue(uuid("if remedy"), remedy, {
      ifSo: [
        valueForKey(receipt.uuid, "receiptPath", result),
        ...ifHasValue(uuid("if receipt"), receipt, {
          ifSo: menu(uuid("menu"), trouble, [
            ["Open receipt", [runShellScript(uuid("open"), openReceipt)]],
            ["Done", []],
          ]),
          ifNot: [alert(IMPORT_SHORTCUT, trouble)],
        }),
      ],
      ifNot: [notification(IMPORT_SHORTCUT, summary)],
    }),
  ]);
}

/** Looks, changes nothing, and says what an import would import. */
function whatsNewShortcut(how: HowToStart): ShortcutDefinition {
  const { uuid, read, summary, remedy } = reading(WHATS_NEW_SHORTCUT);
  const script = scriptFor(how, ["plan", ...FOR_SHORTCUTS]);
  return definition(WHATS_NEW_SHORTCUT, script, [
    runShellScript(uuid("run"), script),
    ...read,
    ...ifHasValue(uuid("if remedy"), remedy, {
      ifSo: [alert(WHATS_NEW_SHORTCUT, textWith(summary, "\n\n", remedy))],
      ifNot: [showResult(textWith(summary))],
    }),
  ]);
}

/**
 * Opens the page, in a process of its own: how long Shortcuts waits for a script, and whether it ends what runs on behind
 * it, is unverified on macOS. The page is what a person sees, so only what hindered it is told.
 */
function chooseShortcut(how: HowToStart): ShortcutDefinition {
  const { uuid, read, summary, remedy } = reading(CHOOSE_SHORTCUT);
  const script = scriptFor(how, ["gui", "--detach", "--json", "--exit-zero", "--quiet"]);
  return definition(CHOOSE_SHORTCUT, script, [
    runShellScript(uuid("run"), script),
    ...read,
    ...ifHasValue(uuid("if remedy"), remedy, {
      ifSo: [alert(CHOOSE_SHORTCUT, textWith(summary, "\n\n", remedy))],
      ifNot: [],
    }),
  ]);
}

/** The printed document as a dictionary, and the two fields that the shortcuts show. */
function reading(name: string) {
  const uuid = (part: string) => lastingUuid(`shortcut/${name}/${part}`);
  const printed: ActionOutput = { uuid: uuid("run"), name: "Shell Script Result" };
  const result: ActionOutput = { uuid: uuid("result"), name: "Dictionary" };
  const summary: ActionOutput = { uuid: uuid("summary"), name: "Dictionary Value" };
  const remedy: ActionOutput = { uuid: uuid("remedy"), name: "Dictionary Value" };
  const read = [
    dictionaryFrom(result.uuid, printed),
    valueForKey(summary.uuid, "summary", result),
    valueForKey(remedy.uuid, "remedy", result),
  ];
  return { uuid, read, result, summary, remedy };
}

function scriptFor(how: HowToStart, args: readonly string[]): string {
  return startScript(how, "shortcuts", args, [`printf '%s\\n' ${quoted(JSON.stringify(MOVED))}`, "exit 0"]);
}

/** The frame around the actions. Which keys, and what kind each is: as in exports of macOS 15 and 26. */
function definition(name: string, script: string, actions: readonly ShortcutAction[]): ShortcutDefinition {
  const shortcut: PropertyDictionary = {
    WFWorkflowActions: actions,
    WFWorkflowClientVersion: "4042.0.2.2", // of an export of macOS 26; signing puts its own there
    WFWorkflowHasOutputFallback: false,
    WFWorkflowHasShortcutInputVariables: false,
    WFWorkflowIcon: { WFWorkflowIconGlyphNumber: 61440, WFWorkflowIconStartColor: 463140863 },
    WFWorkflowImportQuestions: [],
    WFWorkflowInputContentItemClasses: [],
    WFWorkflowIsDisabledOnLockScreen: true,
    WFWorkflowMinimumClientVersion: 900,
    WFWorkflowMinimumClientVersionString: "900",
    WFWorkflowOutputContentItemClasses: [],
    WFWorkflowTypes: ["MenuBar"],
  };
  return { name, script, text: propertyListText(shortcut), bytes: () => propertyListBytes(shortcut) };
}
