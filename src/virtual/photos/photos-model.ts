import {
  addItems,
  containerParameter,
  deleteContainer,
  makeAlbumOrFolder,
  setProperty,
} from "./album-events.js";
import {
  type AppleEvent,
  type EventValue,
  isList,
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
  timedOut,
} from "./event-failure.js";
import { importFiles, SheetOpened } from "./import-event.js";
import { hookFor, type MisbehaviourWorld, type PhotosMisbehaviour } from "./photos-misbehaviour.js";
import { type PhotosWorld, specifierOf } from "./photos-object.js";
import { countObjects, resolve } from "./resolve-specifier.js";
import type { VirtualTime } from "./virtual-time.js";

/** What osascript waits for one event when the script says nothing; 120 s is reported too. */
export const usualTimeoutMs = 60_000;

interface Postponed {
  readonly dueAt: number;
  readonly event: AppleEvent;
}

/**
 * Photos answering events, one at a time. Each event is one transaction of the library, so whatever happens to the
 * process, the library is as before the event or as after it.
 */
export class PhotosModel {
  readonly #world: PhotosWorld;
  readonly #time: VirtualTime;

  constructor(world: PhotosWorld, time: VirtualTime) {
    this.#world = world;
    this.#time = time;
  }

  /** @throws EventFailure what the script gets instead of an answer */
  answer(event: AppleEvent): EventValue {
    const { application } = this.#world.library;
    let returned = 0;
    try {
      // Any event to a closed Photos starts it.
      if (event.event !== "quit") application.launch(this.#time.now());
      const reply = this.#answerAsMisbehaving(event);
      returned = countValues(reply);
      return reply;
    } finally {
      application.count(event.event, returned);
    }
  }

  #answerAsMisbehaving(event: AppleEvent): EventValue {
    const { application } = this.#world.library;
    const misbehaviour = application.recall<PhotosMisbehaviour>("misbehaviour");
    const hook = misbehaviour === null ? {} : hookFor(misbehaviour);
    const timeoutMs = event.timeoutSeconds === undefined ? usualTimeoutMs : event.timeoutSeconds * 1000;
    const world: MisbehaviourWorld = {
      time: this.#time,
      application,
      timeoutMs,
      postpone: (late, lateByMs) => this.#postpone(late, lateByMs),
    };
    const carried = hook.before === undefined ? event : hook.before(event, world);
    this.#carryOutWhatIsDue();
    if (application.hasSheet) this.#timeOut(timeoutMs);
    const reply = carried === null ? null : this.#carryOutOrOpenSheet(carried, timeoutMs);
    return hook.after === undefined ? reply : hook.after(event, reply, world);
  }

  #carryOutOrOpenSheet(event: AppleEvent, timeoutMs: number): EventValue {
    try {
      return this.#world.library.inTransaction(() => this.#carryOut(event));
    } catch (error) {
      if (!(error instanceof SheetOpened)) throw error;
      this.#world.library.application.hasSheet = true;
      return this.#timeOut(timeoutMs);
    }
  }

  #timeOut(timeoutMs: number): never {
    this.#time.pass(timeoutMs);
    throw new EventFailure(timedOut);
  }

  #postpone(event: AppleEvent, lateByMs: number): void {
    const { application } = this.#world.library;
    const waiting = application.recall<Postponed[]>("postponed") ?? [];
    application.remember("postponed", [...waiting, { dueAt: this.#time.now().getTime() + lateByMs, event }]);
  }

  /** A time-out bounds the wait, not the work. */
  #carryOutWhatIsDue(): void {
    const { application } = this.#world.library;
    const waiting = application.recall<Postponed[]>("postponed") ?? [];
    const now = this.#time.now().getTime();
    const due = waiting.filter((entry) => entry.dueAt <= now);
    if (due.length === 0) return;
    application.remember(
      "postponed",
      waiting.filter((entry) => entry.dueAt > now),
    );
    for (const { event } of due) {
      try {
        this.#world.library.inTransaction(() => this.#carryOut(event));
      } catch (error) {
        // Its sender has long gone; nobody hears of it.
        if (!(error instanceof EventFailure) && !(error instanceof SheetOpened)) throw error;
      }
    }
  }

  #carryOut(event: AppleEvent): EventValue {
    const { event: name, direct, parameters } = event;
    const world = this.#world;
    const now = this.#time.now();
    if (name === "get") return this.#get(specifierIn(direct));
    if (name === "set") return this.#set(specifierIn(direct), parameters.to ?? null);
    checkParameters(name, direct, parameters);
    switch (name) {
      case "import": {
        const albumPk =
          parameters.into === undefined ? null : containerParameter(world, parameters.into, "album").pk;
        return importFiles(
          world.library,
          { files: direct, albumPk, skipCheckDuplicates: parameters.skipCheckDuplicates === true },
          now,
        );
      }
      case "add":
        addItems(world, direct, containerParameter(world, parameters.to ?? null, "album"), now);
        return null;
      case "make":
        return makeAlbumOrFolder(world, parameters, now);
      case "delete":
        deleteContainer(world, direct, now);
        return null;
      case "count":
        return countObjects(world, specifierIn(direct));
      case "exists":
        return this.#exists(specifierIn(direct));
      case "quit":
        world.library.application.end();
        return null;
      case "activate":
        return null;
      default:
        // In the dictionary, and nothing that Rollcall does: export, search, duplicate, spotlight, open.
        throw new EventFailure(handlerFailed);
    }
  }

  #get(specifier: ObjectSpecifier): EventValue {
    const resolved = resolve(this.#world, specifier);
    if (resolved.is === "value") return resolved.value;
    return resolved.is === "object" ? specifierOf(resolved.object) : resolved.objects.map(specifierOf);
  }

  #set(specifier: ObjectSpecifier, value: EventValue): null {
    if (specifier.form !== "property") throw new EventFailure(noSuchObject);
    const owner = resolve(this.#world, specifier.from);
    if (owner.is !== "object") throw new EventFailure(cannotConvert);
    setProperty(this.#world, owner.object, specifier.name, value, this.#time.now());
    return null;
  }

  #exists(specifier: ObjectSpecifier): boolean {
    try {
      resolve(this.#world, specifier);
      return true;
    } catch (error) {
      if (error instanceof EventFailure && [noSuchObject, badIndex].includes(error.number)) return false;
      throw error;
    }
  }
}

function specifierIn(value: EventValue): ObjectSpecifier {
  if (!isSpecifierValue(value)) throw new EventFailure(value === null ? parameterMissing : cannotConvert);
  return value.object;
}

/** Which number an unknown command or parameter gives is not known; -1708 was chosen. */
function checkParameters(
  name: string,
  direct: EventValue,
  parameters: { readonly [name: string]: EventValue },
): void {
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

function countValues(value: EventValue): number {
  if (isList(value)) return value.reduce<number>((sum, part) => sum + countValues(part), 0);
  return value === null ? 0 : 1;
}
