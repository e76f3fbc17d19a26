import {
  addItems,
  containerParameter,
  deleteContainer,
  makeAlbumOrFolder,
  setProperty,
} from "./album-events.js";
import {
  type AppleEvent,
  byId,
  type EventValue,
  isSpecifierValue,
  type ObjectSpecifier,
} from "./apple-event.js";
import { commands, type ParameterType } from "./dictionary.js";
import {
  badIndex,
  cannotConvert,
  EventFailure,
  eventNotUnderstood,
  handlerFailed,
  noSuchObject,
  parameterMissing,
} from "./event-failure.js";
import type { ImportBehavior, Sheet } from "./import-behavior.js";
import { answerOf, failureAfter, importFiles } from "./import-event.js";
import { addToAlbum } from "./library-albums.js";
import { countAssets } from "./library-assets.js";
import { idEndings, type PhotosContext, specifierOf } from "./photos-object.js";
import { countObjects, resolve } from "./resolve-specifier.js";

export interface CarriedOut {
  readonly reply: EventValue;
  /** Items that came in. */
  readonly imported: number;
  /** Up before anybody is answered. */
  readonly sheet: Sheet | null;
  /** What is still to happen, and when. */
  readonly later: { readonly event: AppleEvent; readonly lateByMs: number } | null;
  /** What is answered in place of the reply, though what happened stays. */
  readonly failure: EventFailure | null;
}

/** One event, carried out as a healthy Photos does. @throws EventFailure; nothing happened then */
export function carryOut(
  context: PhotosContext,
  event: AppleEvent,
  now: Date,
  behavior: ImportBehavior,
): CarriedOut {
  if (event.event === "import") {
    checkParameters(event);
    return importInto(context, event, now, behavior);
  }
  return { reply: carryOutPlain(context, event, now), imported: 0, sheet: null, later: null, failure: null };
}

function importInto(
  context: PhotosContext,
  event: AppleEvent,
  now: Date,
  behavior: ImportBehavior,
): CarriedOut {
  const { library } = context;
  const into = event.parameters.into ?? null;
  const album = into === null ? null : containerParameter(context, into, "album");
  const firstIndex = behavior.spells === "by-index" ? countAssets(library) : 0;
  const { items, sheet } = importFiles(library, event, behavior, now);
  let later: CarriedOut["later"] = null;
  if (album !== null && items.length > 0) {
    const lateByMs = behavior.membersLateByMs ?? 0;
    const pks = items.map(({ pk }) => pk);
    if (lateByMs === 0) addToAlbum(library, album.pk, pks, now);
    else if (lateByMs !== "never") {
      const direct = items.map(({ uuid }) => byId("mediaItems", `${uuid}${idEndings.mediaItem}`));
      later = { event: { event: "add", direct, parameters: { to: into } }, lateByMs };
    }
  }
  const reply = answerOf(items, into, firstIndex, behavior);
  return { reply, imported: items.length, sheet, later, failure: failureAfter(event, behavior) };
}

function carryOutPlain(context: PhotosContext, event: AppleEvent, now: Date): EventValue {
  const { event: name, direct, parameters } = event;
  if (name === "get") return get(context, specifierIn(direct));
  if (name === "set") return set(context, specifierIn(direct), parameters.to ?? null, now);
  checkParameters(event);
  switch (name) {
    case "add":
      addItems(context, direct, containerParameter(context, parameters.to ?? null, "album"), now);
      return null;
    case "make":
      return makeAlbumOrFolder(context, parameters, now);
    case "delete":
      deleteContainer(context, direct, now);
      return null;
    case "count":
      return countObjects(context, specifierIn(direct));
    case "exists":
      return exists(context, specifierIn(direct));
    // What ends or shows the program is no business of its library.
    case "quit":
    case "activate":
      return null;
    // Nobody sees it; what is to be shown has to be there.
    case "spotlight":
      if (resolve(context, specifierIn(direct)).is !== "object") throw new EventFailure(cannotConvert);
      return null;
    default:
      // In the dictionary, and nothing that Rollcall does: export, search, duplicate, open.
      throw new EventFailure(handlerFailed);
  }
}

function get(context: PhotosContext, specifier: ObjectSpecifier): EventValue {
  const resolved = resolve(context, specifier);
  if (resolved.is === "value") return resolved.value;
  return resolved.is === "object" ? specifierOf(resolved.object) : resolved.objects.map(specifierOf);
}

function set(context: PhotosContext, specifier: ObjectSpecifier, value: EventValue, now: Date): null {
  if (specifier.form !== "property") throw new EventFailure(noSuchObject);
  const owner = resolve(context, specifier.from);
  if (owner.is !== "object") throw new EventFailure(cannotConvert);
  setProperty(context, owner.object, specifier.name, value, now);
  return null;
}

function exists(context: PhotosContext, specifier: ObjectSpecifier): boolean {
  try {
    resolve(context, specifier);
    return true;
  } catch (error) {
    if (error instanceof EventFailure && [noSuchObject, badIndex].includes(error.number)) return false;
    throw error;
  }
}

function specifierIn(value: EventValue): ObjectSpecifier {
  if (!isSpecifierValue(value)) throw new EventFailure(value === null ? parameterMissing : cannotConvert);
  return value.object;
}

/** Which number an unknown command or parameter gives is not known; -1708 was chosen. */
function checkParameters({ event: name, direct, parameters }: AppleEvent): void {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new EventFailure(eventNotUnderstood);
  if (command.takesDirect && direct === null) throw new EventFailure(parameterMissing);
  for (const [parameter, value] of Object.entries(parameters)) {
    const known = Object.hasOwn(command.parameters, parameter) ? command.parameters[parameter] : undefined;
    if (known === undefined) throw new EventFailure(eventNotUnderstood);
    if (!isOfType(value, known.type)) throw new EventFailure(cannotConvert);
  }
  for (const [parameter, { required }] of Object.entries(command.parameters)) {
    if (required && parameters[parameter] === undefined) throw new EventFailure(parameterMissing);
  }
}

function isOfType(value: EventValue, type: ParameterType): boolean {
  switch (type) {
    case "album":
    case "folder":
      return isSpecifierValue(value);
    case "class":
    case "text":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "file":
      return typeof value === "object" && value !== null && "file" in value;
    case "any":
      return true;
  }
}
