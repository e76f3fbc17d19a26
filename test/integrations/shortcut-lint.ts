import {
  asDictionary,
  type PropertyDictionary,
  type PropertyList,
} from "../../src/usb/wire/property-list.js";

/** Actions that Shortcuts on a Mac knows, with the parameters each may have. */
const KNOWN_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  runshellscript: ["Script", "Shell", "Input", "InputMode", "RunAsRoot"],
  "detect.dictionary": ["WFInput"],
  getvalueforkey: ["WFInput", "WFDictionaryKey", "WFGetDictionaryValueType"],
  conditional: ["WFInput", "WFCondition", "WFConditionalActionString", "WFNumberValue"],
  choosefrommenu: ["WFMenuPrompt", "WFMenuItems", "WFMenuItemTitle"],
  notification: ["WFNotificationActionTitle", "WFNotificationActionBody", "WFNotificationActionSound"],
  alert: ["WFAlertActionTitle", "WFAlertActionMessage", "WFAlertActionCancelButtonShown"],
  showresult: ["Text"],
  // in the shortcuts that people published
  comment: ["WFCommentActionText"],
  takescreenshot: ["WFTakeScreenshotActionInteractiveSelectionType", "WFTakeScreenshotScreenshotType"],
  extracttextfromimage: ["WFImage"],
  "text.combine": ["Show-text", "text"],
  setclipboard: ["WFInput"],
  "documentpicker.open": ["SelectMultiple", "WFFileStorageService"],
  makezip: ["WFZIPName"],
  openin: [],
};
const ALWAYS_ALLOWED = ["UUID", "GroupingIdentifier", "WFControlFlowMode"];
/** They import as "Unknown Action". */
const NEVER = ["input", "runscript", "runshell"];
const SHELLS = ["/bin/zsh", "/bin/bash", "/bin/sh", "/usr/bin/python3", "/usr/bin/perl", "/usr/bin/ruby"];
const TYPES = [
  ...["MenuBar", "QuickActions", "ActionExtension", "WFWorkflowTypeShowInSearch", "ReceivesOnScreenContent"],
  ...["Watch", "WatchKit", "NCWidget", "Sleep"],
];
/** What a person reads: an attachment here shows as nothing. */
const SEEN_TEXT = [
  ...["WFNotificationActionTitle", "WFNotificationActionBody", "WFAlertActionTitle", "WFAlertActionMessage"],
  ...["Text", "WFMenuPrompt"],
];
/** Parameters that take data of another action, never text. */
const DATA: Readonly<Record<string, readonly string[]>> = {
  runshellscript: ["Input"],
  "detect.dictionary": ["WFInput"],
  getvalueforkey: ["WFInput"],
};
/** Parameters with a closed set of values. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  InputMode: ["to stdin", "as arguments"],
  WFGetDictionaryValueType: ["Value", "All Keys", "All Values"],
};
const BOOLEANS = ["RunAsRoot", "WFNotificationActionSound", "WFAlertActionCancelButtonShown"];
/** What a variable may refer to. */
const TOKENS = ["ActionOutput", "ExtensionInput", "Clipboard", "CurrentDate", "Ask", "Variable"];
const AGGRANDIZEMENTS = [
  ...["WFDictionaryValueVariableAggrandizement", "WFCoercionVariableAggrandizement"],
  "WFPropertyVariableAggrandizement",
];
const CONTENT_ITEM = /^WF[A-Za-z]+ContentItem$/;
const BLOCKS = ["conditional", "choosefrommenu"];
const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
const OBJECT = "\u{fffc}";

/** Everything that is known to make a shortcut import wrongly, or not at all; one line each, with its place. */
export function lintShortcut(shortcut: PropertyDictionary): string[] {
  const found: string[] = [];
  const say = (place: string, what: string) => found.push(`${place}: ${what}`);
  lintTop(shortcut, say);
  const actions = Array.isArray(shortcut.WFWorkflowActions) ? shortcut.WFWorkflowActions : [];
  const produced = new Set<string>();
  const open: Block[] = [];
  for (const [at, value] of actions.entries()) {
    const action = asDictionary(value) ?? {};
    const identifier = String(action.WFWorkflowActionIdentifier);
    const name = identifier.replace(/^is\.workflow\.actions\./, "");
    const place = `${at} ${name}`;
    if (name === identifier) say(place, "its identifier does not begin with is.workflow.actions.");
    for (const key of Object.keys(action)) {
      if (!["WFWorkflowActionIdentifier", "WFWorkflowActionParameters"].includes(key))
        say(place, `${key} stands beside the parameters`);
    }
    if (NEVER.includes(name)) say(place, "imports as an unknown action");
    const parameters = asDictionary(action.WFWorkflowActionParameters);
    const allowed = KNOWN_ACTIONS[name];
    if (allowed === undefined) say(place, "no action that is known");
    if (parameters === null) {
      say(place, "has no parameters");
      continue;
    }
    for (const key of Object.keys(parameters)) {
      if (![...(allowed ?? []), ...ALWAYS_ALLOWED].includes(key)) say(place, `no such parameter: ${key}`);
    }
    lintReferences(parameters, produced, (what) => say(place, what));
    for (const key of SEEN_TEXT) {
      const kind = asDictionary(parameters[key])?.WFSerializationType;
      if (parameters[key] !== undefined && kind !== "WFTextTokenString")
        say(place, `${key} is seen by a person and no token string`);
    }
    lintValues(name, parameters, (what) => say(place, what));
    if (
      name === "runshellscript" &&
      parameters.Shell !== undefined &&
      !SHELLS.includes(String(parameters.Shell))
    )
      say(place, `no shell of its picker: ${parameters.Shell}`);
    if (BLOCKS.includes(name)) lintBlock(name, parameters, open, (what) => say(place, what));
    const uuid = parameters.UUID;
    if (uuid === undefined) continue;
    if (!UUID.test(String(uuid))) say(place, "its UUID is not in upper case");
    if (produced.has(String(uuid))) say(place, "its UUID is taken");
    produced.add(String(uuid));
  }
  for (const { name } of open) say("end", `a ${name} has no end`);
  lintQuestions(shortcut, actions.length, say);
  const takesInput = JSON.stringify(actions).includes('"ExtensionInput"');
  if (takesInput && shortcut.WFWorkflowHasShortcutInputVariables === false)
    say("top", "takes an input and says that it takes none");
  return found;
}

interface Block {
  readonly name: string;
  readonly group: string;
  readonly items: string[];
  hasOtherwise: boolean;
}

/** Each parameter in its form. */
function lintValues(name: string, parameters: PropertyDictionary, say: (what: string) => void): void {
  for (const key of DATA[name] ?? []) {
    const kind = asDictionary(parameters[key])?.WFSerializationType;
    if (parameters[key] !== undefined && kind !== "WFTextTokenAttachment") say(`${key} is no attachment`);
  }
  for (const [key, choices] of Object.entries(CHOICES)) {
    if (parameters[key] !== undefined && !choices.includes(String(parameters[key])))
      say(`${key} is none of its choices: ${parameters[key]}`);
  }
  for (const key of BOOLEANS)
    if (parameters[key] !== undefined && typeof parameters[key] !== "boolean") say(`${key} is no boolean`);
  if (name === "runshellscript") {
    const isToken = asDictionary(parameters.Script)?.WFSerializationType === "WFTextTokenString";
    if (typeof parameters.Script !== "string" && !isToken) say("its script is no text");
  }
  if (name === "getvalueforkey" && parameters.WFDictionaryKey === undefined) say("asks for no key");
  const isBlock = BLOCKS.includes(name);
  if (!isBlock && (parameters.GroupingIdentifier ?? parameters.WFControlFlowMode) !== undefined)
    say("is of a block and is none");
}

/** What the import sheet asks: of a parameter of an action that is there. */
function lintQuestions(shortcut: PropertyDictionary, actions: number, say: Say): void {
  const questions = Array.isArray(shortcut.WFWorkflowImportQuestions)
    ? shortcut.WFWorkflowImportQuestions
    : [];
  for (const value of questions) {
    const { ParameterKey, Category, ActionIndex, Text } = asDictionary(value) ?? {};
    const isWhole = typeof ParameterKey === "string" && typeof Text === "string" && Category === "Parameter";
    const isInRange = kindOf(ActionIndex) === "integer" && Number(ActionIndex) < actions;
    if (!isWhole || !isInRange) say("top", "a question of the import that asks of nothing");
  }
}

type Say = (place: string, what: string) => void;

function lintTop(shortcut: PropertyDictionary, say: Say): void {
  const kinds: Readonly<Record<string, string>> = {
    WFWorkflowActions: "array",
    WFWorkflowClientVersion: "string",
    WFWorkflowIcon: "dictionary",
    WFWorkflowImportQuestions: "array",
    WFWorkflowInputContentItemClasses: "array",
    WFWorkflowTypes: "array",
  };
  for (const [key, kind] of Object.entries(kinds)) {
    if (kindOf(shortcut[key]) !== kind) say("top", `${key} is ${kindOf(shortcut[key])}, not ${kind}`);
  }
  const optional: Readonly<Record<string, string>> = {
    WFWorkflowMinimumClientVersion: "integer",
    WFWorkflowMinimumClientVersionString: "string",
    WFWorkflowHasOutputFallback: "boolean",
    WFWorkflowHasShortcutInputVariables: "boolean",
    WFWorkflowIsDisabledOnLockScreen: "boolean",
    WFWorkflowOutputContentItemClasses: "array",
    WFWorkflowNoInputBehavior: "dictionary",
    WFWorkflowName: "string",
    WFWorkflowClientRelease: "string",
    WFQuickActionSurfaces: "array",
  };
  for (const key of Object.keys(shortcut)) {
    if (kinds[key] !== undefined) continue;
    if (optional[key] === undefined) say("top", `no such key: ${key}`);
    else if (kindOf(shortcut[key]) !== optional[key]) say("top", `${key} is ${kindOf(shortcut[key])}`);
  }
  const types = Array.isArray(shortcut.WFWorkflowTypes) ? shortcut.WFWorkflowTypes : [];
  for (const type of types) if (!TYPES.includes(String(type))) say("top", `no such type: ${type}`);
  if (shortcut.WFQuickActionSurfaces !== undefined && !types.includes("QuickActions"))
    say("top", "surfaces without QuickActions");
  const surfaces = Array.isArray(shortcut.WFQuickActionSurfaces) ? shortcut.WFQuickActionSurfaces : [];
  for (const one of surfaces)
    if (!["Finder", "Services"].includes(String(one))) say("top", `no such surface: ${one}`);
  const least = shortcut.WFWorkflowMinimumClientVersion;
  const leastText = shortcut.WFWorkflowMinimumClientVersionString;
  if (least !== undefined && leastText !== undefined && String(least) !== leastText)
    say("top", "two minimum client versions");
  for (const key of ["WFWorkflowInputContentItemClasses", "WFWorkflowOutputContentItemClasses"]) {
    const classes = Array.isArray(shortcut[key]) ? shortcut[key] : [];
    for (const one of classes) if (!CONTENT_ITEM.test(String(one))) say("top", `no content item: ${one}`);
  }
  const noInput = asDictionary(shortcut.WFWorkflowNoInputBehavior) ?? {};
  if (Object.keys(noInput).some((key) => !["Name", "Parameters"].includes(key)))
    say("top", "WFWorkflowNoInputBehavior has another key");
  const icon = asDictionary(shortcut.WFWorkflowIcon) ?? {};
  for (const key of ["WFWorkflowIconGlyphNumber", "WFWorkflowIconStartColor"])
    if (kindOf(icon[key]) !== "integer") say("top", `${key} is no integer`);
}

/** Tokens anywhere in the parameters of one action. */
function lintReferences(
  value: PropertyList | undefined,
  produced: ReadonlySet<string>,
  say: (what: string) => void,
): void {
  if (Array.isArray(value)) for (const one of value) lintReferences(one, produced, say);
  const dictionary = asDictionary(value);
  if (dictionary === null) return;
  if (dictionary.Type === "ActionOutput" && !produced.has(String(dictionary.OutputUUID)))
    say("refers to an output that no action before it has");
  if (dictionary.WFSerializationType === "WFTextTokenString") lintTokenString(dictionary, say);
  if (dictionary.WFSerializationType === "WFTextTokenAttachment") {
    if (asDictionary(dictionary.Value)?.Type === undefined) say("an attachment without a type");
  }
  if (dictionary.OutputUUID !== undefined && dictionary.Type !== "ActionOutput")
    say("an output that is none");
  const isToken = dictionary.WFSerializationType === undefined && typeof dictionary.Type === "string";
  if (isToken && dictionary.Aggrandizements === undefined && !isKnownToken(dictionary))
    say(`no such variable: ${dictionary.Type}`);
  for (const one of Object.values(dictionary)) lintReferences(one, produced, say);
}

/** An aggrandizement has a type too, of its own set. */
function isKnownToken({ Type, VariableName, Variable }: PropertyDictionary): boolean {
  if (AGGRANDIZEMENTS.includes(String(Type))) return true;
  if (!TOKENS.includes(String(Type))) return false;
  return Type !== "Variable" || VariableName !== undefined || Variable !== undefined;
}

/** Each variable stands where a U+FFFC is, counted in UTF-16 units; a place past the end can end Shortcuts. */
function lintTokenString(token: PropertyDictionary, say: (what: string) => void): void {
  const value = asDictionary(token.Value) ?? {};
  const text = value.string;
  if (typeof text !== "string") {
    say("a token string without a string");
    return;
  }
  const ranges = Object.keys(asDictionary(value.attachmentsByRange) ?? {});
  const places = new Set<number>();
  for (const range of ranges) {
    const [, start] = /^\{(\d+), 1\}$/.exec(range) ?? [];
    if (start === undefined) say(`no range: ${range}`);
    else if (text[Number(start)] !== OBJECT) say(`nothing to replace at ${range}`);
    else places.add(Number(start));
  }
  for (let at = 0; at < text.length; at += 1)
    if (text[at] === OBJECT && !places.has(at)) say(`a variable without a range at ${at}`);
}

/** Begin, middles and end of one block, by one grouping identifier. */
function lintBlock(
  name: string,
  parameters: PropertyDictionary,
  open: Block[],
  say: (what: string) => void,
): void {
  const group = String(parameters.GroupingIdentifier);
  const mode = parameters.WFControlFlowMode;
  if (!UUID.test(group)) say("has no grouping identifier in upper case");
  if (kindOf(mode) !== "integer") {
    say("its mode is no integer");
    return;
  }
  if (![0, 1, 2].includes(Number(mode))) {
    say(`no such mode: ${mode}`);
    return;
  }
  if (mode === 0) {
    const items = Array.isArray(parameters.WFMenuItems) ? parameters.WFMenuItems.map(String) : [];
    if (open.some((one) => one.group === group)) say("its group is open already");
    open.push({ name, group, items, hasOtherwise: false });
    if (name === "conditional") lintCondition(parameters, say);
    if (name === "choosefrommenu" && items.length === 0) say("a menu without items");
    return;
  }
  const block = open.at(-1);
  if (block?.group !== group || block.name !== name) {
    say("is not of the block that is open");
    return;
  }
  // "Otherwise If" is of macOS 27.
  if (mode === 1 && name === "conditional" && block.hasOtherwise) say("a second Otherwise");
  if (mode === 1) block.hasOtherwise = true;
  if (mode === 1 && name === "choosefrommenu" && block.items.shift() !== parameters.WFMenuItemTitle)
    say("is not the next item of its menu");
  if (mode === 2) {
    if (block.items.length > 0) say("ends before all items of its menu");
    open.pop();
  }
}

const WITH_TEXT = [4, 5, 8, 9, 99, 999];
const WITH_NUMBER = [0, 1, 2, 3];
const ALONE = [100, 101];

function lintCondition(parameters: PropertyDictionary, say: (what: string) => void): void {
  const condition = Number(parameters.WFCondition);
  if (![...WITH_TEXT, ...WITH_NUMBER, ...ALONE].includes(condition)) say(`no such condition: ${condition}`);
  if (WITH_TEXT.includes(condition) && typeof parameters.WFConditionalActionString !== "string")
    say("compares with no text");
  if (WITH_NUMBER.includes(condition) && typeof parameters.WFNumberValue !== "string")
    say("compares with no number, as text");
  const input = asDictionary(parameters.WFInput) ?? {};
  const variable = asDictionary(input.Variable);
  if (input.Type !== "Variable" || variable?.WFSerializationType !== "WFTextTokenAttachment")
    say("its input is not wrapped as a variable");
}

/** What kind of value a property list holds. */
export function kindOf(value: PropertyList | undefined): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return "array";
  if (asDictionary(value) !== null) return "dictionary";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "real";
  if (typeof value === "object") return value instanceof Date ? "date" : "data";
  return typeof value;
}
