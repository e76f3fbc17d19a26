import type { PropertyDictionary, PropertyList } from "../property-list.js";

/**
 * The pieces a shortcut is made of, as Shortcuts writes them. Sources: shortcuts exported by the app itself, and
 * viticci/shortcuts-playground-plugin (PLIST_FORMAT.md, VARIABLES.md, CONTROL_FLOW.md), which was checked against
 * many. UUID and GroupingIdentifier stand inside the parameters: beside them the importer drops whole blocks.
 */
export interface ShortcutAction {
  readonly WFWorkflowActionIdentifier: string;
  readonly WFWorkflowActionParameters: PropertyDictionary;
  readonly [key: string]: PropertyList;
}

/** The result of an action, for those after it. */
export interface ActionOutput {
  readonly uuid: string;
  /** What Shortcuts calls it on the screen. */
  readonly name: string;
}

/** U+FFFC: stands in a text where a variable is shown. */
const OBJECT = "\u{fffc}";

function action(identifier: string, parameters: PropertyDictionary): ShortcutAction {
  return {
    WFWorkflowActionIdentifier: `is.workflow.actions.${identifier}`,
    WFWorkflowActionParameters: parameters,
  };
}

function outputOf({ uuid, name }: ActionOutput): PropertyDictionary {
  return { OutputName: name, OutputUUID: uuid, Type: "ActionOutput" };
}

/** For parameters that take data. Where text is to be seen it would show nothing: see {@link textWith}. */
function attachment(output: ActionOutput): PropertyDictionary {
  return { Value: outputOf(output), WFSerializationType: "WFTextTokenAttachment" };
}

/** Text that a person sees. Positions count UTF-16 code units, as JavaScript does. */
export function textWith(...pieces: readonly (string | ActionOutput)[]): PropertyDictionary {
  const attachmentsByRange: Record<string, PropertyList> = {};
  let string = "";
  for (const piece of pieces) {
    if (typeof piece !== "string") attachmentsByRange[`{${string.length}, 1}`] = outputOf(piece);
    string += typeof piece === "string" ? piece : OBJECT;
  }
  return { Value: { attachmentsByRange, string }, WFSerializationType: "WFTextTokenString" };
}

/** Runs a script for /bin/sh; its output is what it printed. */
export function runShellScript(uuid: string, script: string): ShortcutAction {
  return action("runshellscript", { Script: script, Shell: "/bin/sh", UUID: uuid });
}

export function dictionaryFrom(uuid: string, input: ActionOutput): ShortcutAction {
  return action("detect.dictionary", { UUID: uuid, WFInput: attachment(input) });
}

export function valueForKey(uuid: string, key: string, dictionary: ActionOutput): ShortcutAction {
  return action("getvalueforkey", {
    UUID: uuid,
    WFDictionaryKey: key,
    WFGetDictionaryValueType: "Value",
    WFInput: attachment(dictionary),
  });
}

export function notification(title: string, body: ActionOutput): ShortcutAction {
  return action("notification", {
    WFNotificationActionBody: textWith(body),
    WFNotificationActionSound: true,
    WFNotificationActionTitle: textWith(title),
  });
}

export function alert(title: string, message: PropertyDictionary): ShortcutAction {
  return action("alert", {
    WFAlertActionCancelButtonShown: false,
    WFAlertActionMessage: message,
    WFAlertActionTitle: textWith(title),
  });
}

/** Shows it in a window, and Siri says it. */
export function showResult(text: PropertyDictionary): ShortcutAction {
  return action("showresult", { Text: text });
}

/** WFCondition of "has any value". */
const HAS_ANY_VALUE = 100;
const BEGIN = 0;
const MIDDLE = 1;
const END = 2;

/** One thing if `input` has any value, another if not. The condition's input is wrapped once more than elsewhere. */
export function ifHasValue(
  group: string,
  input: ActionOutput,
  { ifSo, ifNot }: { readonly ifSo: readonly ShortcutAction[]; readonly ifNot: readonly ShortcutAction[] },
): ShortcutAction[] {
  const part = (mode: number, more: PropertyDictionary = {}) =>
    action("conditional", { GroupingIdentifier: group, WFControlFlowMode: mode, ...more });
  const condition = {
    WFCondition: HAS_ANY_VALUE,
    WFInput: { Type: "Variable", Variable: attachment(input) },
  };
  return [part(BEGIN, condition), ...ifSo, part(MIDDLE), ...ifNot, part(END)];
}

/** A menu; what is under each title happens when it is chosen. */
export function menu(
  group: string,
  prompt: PropertyDictionary,
  items: readonly (readonly [title: string, actions: readonly ShortcutAction[]])[],
): ShortcutAction[] {
  const part = (mode: number, more: PropertyDictionary = {}) =>
    action("choosefrommenu", { GroupingIdentifier: group, WFControlFlowMode: mode, ...more });
  return [
    part(BEGIN, { WFMenuItems: items.map(([title]) => title), WFMenuPrompt: prompt }),
    ...items.flatMap(([title, actions]) => [part(MIDDLE, { WFMenuItemTitle: title }), ...actions]),
    part(END),
  ];
}
