import type { PropertyDictionary, PropertyList } from "../property-list.js";
import { type RunProgram, succeeded } from "../run-program.js";

/** What Automator writes about its Run Shell Script action and about itself. */
export interface ActionMetadata {
  readonly accepts: PropertyDictionary;
  readonly provides: PropertyDictionary;
  readonly actionVersion: string;
  readonly bundleIdentifier: string;
  readonly className: string;
  readonly automatorVersion: string;
  readonly automatorBuild: string;
}

export const ACTION_PATH = "/System/Library/Automator/Run Shell Script.action";
const AUTOMATOR_PATH = "/System/Applications/Automator.app";

/** As saved by Automator 2.10 (builds 492 to 534) in workflows that people published. */
export const KNOWN_METADATA: ActionMetadata = {
  accepts: { Container: "List", Optional: true, Types: ["com.apple.cocoa.string"] },
  provides: { Container: "List", Types: ["com.apple.cocoa.string"] },
  actionVersion: "2.0.3",
  bundleIdentifier: "com.apple.RunShellScript",
  className: "RunShellScriptAction",
  automatorVersion: "2.10",
  automatorBuild: "523",
};

/** Apple's own words about both, read from this Mac; each that is missing or odd is replaced by what is known. */
export async function readActionMetadata(run: RunProgram, signal?: AbortSignal): Promise<ActionMetadata> {
  const action = await readInfo(run, ACTION_PATH, signal);
  const automator = await readInfo(run, AUTOMATOR_PATH, signal);
  const known = KNOWN_METADATA;
  return {
    accepts: typesAt(action, "AMAccepts") ?? known.accepts,
    provides: typesAt(action, "AMProvides") ?? known.provides,
    actionVersion: textAt(action, "CFBundleVersion") ?? known.actionVersion,
    bundleIdentifier: textAt(action, "CFBundleIdentifier") ?? known.bundleIdentifier,
    className: textAt(action, "NSPrincipalClass") ?? known.className,
    automatorVersion: textAt(automator, "CFBundleShortVersionString") ?? known.automatorVersion,
    automatorBuild: textAt(automator, "CFBundleVersion") ?? known.automatorBuild,
  };
}

type Info = Readonly<Record<string, unknown>>;

async function readInfo(run: RunProgram, bundle: string, signal: AbortSignal | undefined): Promise<Info> {
  const end = await run("plutil", ["-convert", "json", "-o", "-", `${bundle}/Contents/Info.plist`], {
    signal,
  });
  if (end.kind !== "ended" || !succeeded(end)) return {};
  try {
    const value: unknown = JSON.parse(end.stdout);
    return isDictionary(value) ? value : {};
  } catch {
    return {};
  }
}

function isDictionary(value: unknown): value is Info {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textAt(info: Info, key: string): string | null {
  const value = info[key];
  return typeof value === "string" && value !== "" ? value : null;
}

/** {Container, Types, maybe Optional}, and nothing that a property list could not hold. */
function typesAt(info: Info, key: string): PropertyDictionary | null {
  const value = info[key];
  if (!isDictionary(value) || typeof value.Container !== "string" || !Array.isArray(value.Types)) return null;
  if (!value.Types.every((type) => typeof type === "string")) return null;
  const optional: Record<string, PropertyList> =
    typeof value.Optional === "boolean" ? { Optional: value.Optional } : {};
  return { Container: value.Container, ...optional, Types: value.Types };
}
