import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  asDictionary,
  type PropertyDictionary,
  type PropertyList,
  parseDictionary,
} from "../../src/usb/wire/property-list.js";

export interface Shown {
  readonly by: "notification" | "alert" | "showresult" | "menu";
  readonly text: string;
}

/**
 * Runs an unsigned shortcut as the Shortcuts app would, as far as is known: actions in their order, a script with
 * nothing but a home in its environment, an action that is handed nothing giving nothing. Of `If` it knows "has any value".
 * @param choose the title that the person picks in a menu
 * @returns what the person sees
 */
export async function runShortcut(text: string, home: string, choose = "Done"): Promise<Shown[]> {
  const outputs = new Map<string, unknown>();
  const shown: Shown[] = [];
  const actions = (parseDictionary(Buffer.from(text)).WFWorkflowActions as PropertyDictionary[]).map(
    (one) => ({
      name: String(one.WFWorkflowActionIdentifier).replace("is.workflow.actions.", ""),
      parameters: asDictionary(one.WFWorkflowActionParameters)!,
    }),
  );
  const inputOf = (token: PropertyList | undefined): unknown => {
    const value = asDictionary(asDictionary(token)!.Value)!;
    return outputs.get(String(value.OutputUUID));
  };
  const textOf = (token: PropertyList | undefined): string => {
    const value = asDictionary(asDictionary(token)!.Value)!;
    const ranges = asDictionary(value.attachmentsByRange)!;
    let told = "";
    for (const [at, unit] of [...String(value.string)].entries()) {
      const reference = asDictionary(ranges[`{${at}, 1}`]);
      told += reference === null ? unit : String(outputs.get(String(reference.OutputUUID)) ?? "");
    }
    return told;
  };
  /** From the middle or the end of a block on. */
  const skipTo = (
    from: number,
    group: PropertyList | undefined,
    isIt: (mode: number, title: unknown) => boolean,
  ) => {
    const at = actions.findIndex(
      ({ parameters }, index) =>
        index > from &&
        parameters.GroupingIdentifier === group &&
        isIt(Number(parameters.WFControlFlowMode), parameters.WFMenuItemTitle),
    );
    if (at < 0) throw new Error("the block has no such part");
    return at;
  };
  for (let at = 0; at < actions.length; at += 1) {
    const { name, parameters } = actions[at]!;
    const { GroupingIdentifier: group, WFControlFlowMode: mode } = parameters;
    const give = (value: unknown) => outputs.set(String(parameters.UUID), value);
    switch (name) {
      case "runshellscript": {
        const args = ["-c", String(parameters.Script)];
        const { stdout } = await promisify(execFile)(String(parameters.Shell), args, { env: { HOME: home } });
        give(stdout);
        break;
      }
      case "detect.dictionary":
        give(JSON.parse(String(inputOf(parameters.WFInput))));
        break;
      case "getvalueforkey":
        give((inputOf(parameters.WFInput) as Record<string, unknown>)[String(parameters.WFDictionaryKey)]);
        break;
      case "notification":
        shown.push({ by: name, text: textOf(parameters.WFNotificationActionBody) });
        break;
      case "alert":
        shown.push({ by: name, text: textOf(parameters.WFAlertActionMessage) });
        break;
      case "showresult":
        shown.push({ by: name, text: textOf(parameters.Text) });
        break;
      case "conditional": {
        if (mode === 1) at = skipTo(at, group, (one) => one === 2);
        if (mode !== 0) break;
        if (parameters.WFCondition !== 100) throw new Error("a condition that is not known here");
        const input = inputOf(asDictionary(parameters.WFInput)!.Variable);
        if (input === undefined || input === null || input === "") at = skipTo(at, group, (one) => one === 1);
        break;
      }
      case "choosefrommenu":
        if (mode === 1) at = skipTo(at, group, (one) => one === 2);
        if (mode !== 0) break;
        shown.push({ by: "menu", text: textOf(parameters.WFMenuPrompt) });
        at = skipTo(at, group, (one, title) => one === 1 && title === choose);
        break;
      default:
        throw new Error(`an action that is not known here: ${name}`);
    }
  }
  return shown;
}
