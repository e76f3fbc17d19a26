/**
 * What crosses the seam between a script's world (`prelude.ts`) and the virtual Photos: plain JSON, so that
 * the same prelude runs in Node's `vm` and in JavaScriptCore's shell.
 */

/** Names one object or one list of objects of Photos, as far as a script has spelled it; nothing is fetched yet. */
export type ObjectSpecifier =
  | { readonly form: "application" }
  /** `from.name`; whether the dictionary knows that name is found out when it is fetched. */
  | { readonly form: "property"; readonly name: string; readonly from: ObjectSpecifier }
  /** All elements of a kind; `element` is the plural JXA name, `mediaItems`. */
  | { readonly form: "every"; readonly element: string; readonly from: ObjectSpecifier }
  | { readonly form: "id"; readonly id: string; readonly of: ObjectSpecifier }
  | { readonly form: "name"; readonly name: string; readonly of: ObjectSpecifier }
  /** `index` counts from 0; negative from the end. */
  | { readonly form: "index"; readonly index: number; readonly of: ObjectSpecifier }
  | { readonly form: "test"; readonly test: EventValue; readonly of: ObjectSpecifier };

/** A value inside an event or its reply. `null` is AppleScript's missing value. */
export type EventValue =
  | null
  | string
  | number
  | boolean
  | readonly EventValue[]
  | { readonly object: ObjectSpecifier }
  /** An absolute path that came as a file object, which is what carries the right to read it. */
  | { readonly file: string }
  /** Milliseconds since 1970. */
  | { readonly date: number }
  | { readonly record: { readonly [key: string]: EventValue } };

/** One Apple event. */
export interface AppleEvent {
  /** The dictionary's command in JXA spelling (`import`), or `get`, `set`, `activate`. */
  readonly event: string;
  readonly direct: EventValue;
  /** Keys in JXA spelling: `skipCheckDuplicates`. */
  readonly parameters: { readonly [name: string]: EventValue };
  /** How long the sender waits; absent means the system's default. */
  readonly timeoutSeconds?: number | undefined;
  /** Of an event that was built by hand; absent means the system's default. */
  readonly sendOptions?: number | undefined;
}

/** A typed value of a raw Apple event, as `NSAppleEventDescriptor` holds it. Types and keys are four characters. */
export type Descriptor =
  | { readonly type: "null" | "msng" }
  | { readonly type: "list"; readonly items: readonly Descriptor[] }
  | { readonly type: "reco" | "obj "; readonly fields: { readonly [key: string]: Descriptor } }
  | { readonly type: "utxt"; readonly text: string }
  | { readonly type: "furl"; readonly path: string }
  | { readonly type: "bool"; readonly flag: boolean }
  | { readonly type: "long"; readonly value: number }
  | { readonly type: "type" | "enum"; readonly code: string };

/** An event built by hand (`sendEventWithOptionsTimeoutError`): codes instead of names, a timeout of its own. */
export interface RawEvent {
  /** Event class and id, eight characters: `IPXSimpo`. */
  readonly code: string;
  /** By keyword; the direct parameter is `----`. */
  readonly parameters: { readonly [keyword: string]: Descriptor };
  /** NSAppleEventSendOptions: the two lowest bits say whether a reply is waited for (3), the 17th bit annotates no files. */
  readonly sendOptions: number;
  readonly timeoutSeconds: number;
}

/** Everything a script can ask of the world outside its context. Only the first two are Apple events. */
export type HostMessage =
  | ({ readonly ask: "event" } & AppleEvent)
  | ({ readonly ask: "rawEvent" } & RawEvent)
  | { readonly ask: "isRunning" }
  | { readonly ask: "launch" }
  /** May events be sent to Photos? Answers a number and sends none. */
  | { readonly ask: "permission" }
  /** Ends the program from outside, without an event; `isForced` even where it hangs. Answers whether it ended. */
  | { readonly ask: "terminate"; readonly pid: number; readonly isForced: boolean }
  | { readonly ask: "delay"; readonly seconds: number }
  | { readonly ask: "log"; readonly text: string }
  | { readonly ask: "readTextFile"; readonly path: string }
  | { readonly ask: "environment"; readonly name: string }
  | { readonly ask: "runningApplications"; readonly bundleIdentifier: string }
  | { readonly ask: "exit"; readonly status: number };

export type HostReply =
  | { readonly ok: true; readonly value: EventValue | RawReply | RunningApplication[] }
  | { readonly ok: false; readonly number: number; readonly message: string };

/** The reply of a raw event: its parameters, `----` and `errn` among them. */
export interface RawReply {
  readonly parameters: { readonly [keyword: string]: Descriptor };
}

export interface RunningApplication {
  readonly pid: number;
  /** Seconds since 1970. */
  readonly launchedAt: number;
}

/** The one synchronous function under a prelude: {@link HostMessage} as JSON in, {@link HostReply} as JSON out. */
export type SendAppleEvent = (messageText: string) => string;

export const photosApplication: ObjectSpecifier = { form: "application" };

/** `Application("Photos").mediaItems.byId(id)` */
export function byId(element: string, id: string): EventValue {
  return { object: { form: "id", id, of: { form: "every", element, from: photosApplication } } };
}

export function isSpecifierValue(
  value: EventValue | undefined,
): value is { readonly object: ObjectSpecifier } {
  return typeof value === "object" && value !== null && "object" in value;
}

export function isFileValue(value: EventValue | undefined): value is { readonly file: string } {
  return typeof value === "object" && value !== null && "file" in value;
}

export function isList(value: EventValue | undefined): value is readonly EventValue[] {
  return Array.isArray(value);
}
