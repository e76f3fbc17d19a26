import { join } from "node:path";
import { type HowToStart, startScript } from "../how-to-start.js";
import { lastingUuid } from "../lasting-uuid.js";
import { type PropertyDictionary, type PropertyList, propertyListText } from "../property-list.js";
import type { PlannedFile, SetUpFolders } from "../set-up-files.js";
import { ACTION_PATH, type ActionMetadata } from "./action-metadata.js";

/** What the Services menu shows; the bundle bears the same name. */
export const QUICK_ACTION = "Import from iPhone";

/** First line of its script: by it a set-up knows a bundle of its own from a person's. */
export const MADE_BY_ROLLCALL = "# Made by rollcall setup automator.";

/** A Quick Action that takes no input, in the layout that Automator itself writes. */
export function workflowFiles(
  how: HowToStart,
  metadata: ActionMetadata,
  folders: SetUpFolders,
): PlannedFile[] {
  const contents = join(workflowPath(folders), "Contents");
  return [
    {
      path: join(contents, "Info.plist"),
      text: propertyListText(SERVICE),
      what: "how the Services menu shows it",
    },
    {
      path: join(contents, "document.wflow"),
      text: propertyListText(workflow(scriptFor(how), metadata)),
      what: "what it runs",
    },
  ];
}

export function workflowPath({ home }: SetUpFolders): string {
  return join(home, "Library", "Services", `${QUICK_ACTION}.workflow`);
}

/**
 * The line at the end goes into a notification; where the script fails, Automator shows what it printed on stderr, so
 * that something is seen also where notifications are switched off.
 */
function scriptFor(how: HowToStart): string {
  const moved = "Rollcall is no longer where it was. Open Terminal and run: rollcall setup automator";
  const script = startScript(
    how,
    "automator",
    ["import", "--notify", "--wait", "0", "--no-input", "--quiet"],
    [`echo "${moved}" >&2`, "exit 1"],
  );
  return `${MADE_BY_ROLLCALL}\n${script}`;
}

/**
 * An empty required context: an entry without one was seen to be read and then shown nowhere. Automator's own leave
 * it out. (unverified on macOS)
 */
const SERVICE: PropertyDictionary = {
  NSServices: [
    {
      NSBackgroundColorName: "background",
      NSIconName: "NSActionTemplate",
      NSMenuItem: { default: QUICK_ACTION },
      NSMessage: "runWorkflowAsService",
      NSRequiredContext: {},
    },
  ],
};

const NOTHING = "com.apple.Automator.nothing";

function workflow(script: string, metadata: ActionMetadata): PropertyDictionary {
  return {
    AMApplicationBuild: metadata.automatorBuild,
    AMApplicationVersion: metadata.automatorVersion,
    AMDocumentVersion: "2",
    actions: [{ action: shellScriptAction(script, metadata), isViewVisible: 1 }],
    connectors: {},
    workflowMetaData: {
      applicationBundleIDsByPath: {},
      applicationPaths: [],
      inputTypeIdentifier: NOTHING,
      outputTypeIdentifier: NOTHING,
      presentationMode: 15,
      processesInput: false, // an integer up to build 526
      serviceInputTypeIdentifier: NOTHING,
      serviceOutputTypeIdentifier: NOTHING,
      serviceProcessesInput: false,
      systemImageName: "NSActionTemplate",
      useAutomaticInputType: false,
      workflowTypeIdentifier: "com.apple.Automator.servicesMenu",
    },
  };
}

/** Names and defaults of the parameters, in the order in which Automator numbers them. */
const PARAMETERS: readonly (readonly [name: string, usual: PropertyList])[] = [
  ["inputMethod", 0],
  ["CheckedForUserDefaultShell", false],
  ["source", ""],
  ["COMMAND_STRING", ""],
  ["shell", "/bin/sh"],
];

function shellScriptAction(script: string, metadata: ActionMetadata): PropertyDictionary {
  const uuid = (part: string) => lastingUuid(`workflow/${part}`);
  return {
    AMAccepts: metadata.accepts,
    AMActionVersion: metadata.actionVersion,
    AMApplication: ["Automator"],
    AMParameterProperties: {
      COMMAND_STRING: {},
      CheckedForUserDefaultShell: {},
      inputMethod: {},
      shell: {},
      source: {},
    },
    AMProvides: metadata.provides,
    ActionBundlePath: ACTION_PATH,
    ActionName: "Run Shell Script",
    ActionParameters: {
      COMMAND_STRING: script,
      CheckedForUserDefaultShell: true,
      inputMethod: 0,
      shell: "/bin/sh",
      source: "",
    },
    BundleIdentifier: metadata.bundleIdentifier,
    CFBundleVersion: metadata.actionVersion,
    CanShowSelectedItemsWhenRun: false,
    CanShowWhenRun: true,
    Category: ["AMCategoryUtilities"],
    "Class Name": metadata.className,
    InputUUID: uuid("input"),
    Keywords: ["Shell", "Script", "Command", "Run", "Unix"],
    OutputUUID: uuid("output"),
    UUID: uuid("action"),
    UnlocalizedApplications: ["Automator"],
    arguments: Object.fromEntries(
      PARAMETERS.map(([name, usual], at) => [
        String(at),
        { "default value": usual, name, required: "0", type: "0", uuid: String(at) },
      ]),
    ),
    isViewVisible: 1,
    location: "309.000000:305.000000",
    nibPath: `${ACTION_PATH}/Contents/Resources/Base.lproj/main.nib`,
  };
}
