import type {
  AppleEvent,
  Descriptor,
  EventValue,
  ObjectSpecifier,
  RawEvent,
  RawReply,
} from "./apple-event.js";
import { isList, isSpecifierValue, photosApplication } from "./apple-event.js";
import { classes, commands } from "./dictionary.js";
import { cannotConvert, EventFailure, eventNotUnderstood } from "./event-failure.js";

const directKeyword = "----";
const errorNumberKeyword = "errn";
const errorTextKeyword = "errs";

/** Keywords of an object specifier (Apple Events, `AERegistry.h`, `AEObjects.h`). */
const wantedClass = "want";
const container = "from";
const keyForm = "form";
const keyData = "seld";

/** An event of codes, spelled with the dictionary's names. @throws EventFailure -1708 for an unknown one */
export function spellEvent(raw: RawEvent): AppleEvent {
  const found = Object.entries(commands).find(([, command]) => command.code === raw.code);
  if (found === undefined) throw new EventFailure(eventNotUnderstood);
  const [event, command] = found;
  const parameters: Record<string, EventValue> = {};
  let direct: EventValue = null;
  for (const [keyword, descriptor] of Object.entries(raw.parameters)) {
    if (keyword === directKeyword) direct = spellValue(descriptor);
    else {
      const name = Object.keys(command.parameters).find((key) => command.parameters[key]?.code === keyword);
      if (name === undefined) throw new EventFailure(eventNotUnderstood);
      parameters[name] = spellValue(descriptor);
    }
  }
  const { timeoutSeconds, sendOptions } = raw;
  return { event, direct, parameters, timeoutSeconds, sendOptions };
}

/** Whether a missing result is absent or of type `msng` is not known; absent is usual here. */
export function replyOf(value: EventValue, missingResultAsMsng: boolean): RawReply {
  const isAbsent = value === null && !missingResultAsMsng;
  return { parameters: isAbsent ? {} : { [directKeyword]: descriptorOf(value) } };
}

/** A handler's failure comes back inside the reply; whether the sender sees it there or as an NSError is not known. */
export function failedReply(failure: EventFailure): RawReply {
  return {
    parameters: {
      [errorNumberKeyword]: { type: "long", value: failure.number },
      [errorTextKeyword]: { type: "utxt", text: failure.message },
    },
  };
}

function spellValue(descriptor: Descriptor): EventValue {
  switch (descriptor.type) {
    case "null":
    case "msng":
      return null;
    case "list":
      return descriptor.items.map(spellValue);
    case "utxt":
      return descriptor.text;
    case "furl":
      return { file: descriptor.path };
    case "bool":
      return descriptor.flag;
    case "long":
      return descriptor.value;
    case "type":
    case "enum":
      return classNameOf(descriptor.code) ?? descriptor.code;
    case "obj ":
      return { object: spellSpecifier(descriptor) };
    case "reco":
      throw new EventFailure(cannotConvert);
  }
}

function spellSpecifier(descriptor: Descriptor): ObjectSpecifier {
  if (descriptor.type === "null") return photosApplication;
  if (descriptor.type !== "obj ") throw new EventFailure(cannotConvert);
  const { fields } = descriptor;
  const [wanted, form, data] = [fields[wantedClass], fields[keyForm], fields[keyData]];
  const element = wanted?.type === "type" || wanted?.type === "enum" ? elementOf(wanted.code) : undefined;
  const isById = (form?.type === "enum" || form?.type === "type") && form.code === "ID  ";
  if (element === undefined || !isById || data?.type !== "utxt") throw new EventFailure(cannotConvert);
  const from = spellSpecifier(fields[container] ?? { type: "null" });
  return { form: "id", id: data.text, of: { form: "every", element, from } };
}

function descriptorOf(value: EventValue): Descriptor {
  if (value === null) return { type: "msng" };
  if (isList(value)) return { type: "list", items: value.map(descriptorOf) };
  if (typeof value === "string") return { type: "utxt", text: value };
  if (typeof value === "boolean") return { type: "bool", flag: value };
  if (typeof value === "number") return { type: "long", value };
  if (isSpecifierValue(value)) return specifierDescriptor(value.object);
  throw new EventFailure(cannotConvert);
}

function specifierDescriptor(specifier: ObjectSpecifier): Descriptor {
  if (specifier.form === "application") return { type: "null" };
  const isKnownForm = specifier.form === "id" || specifier.form === "index";
  if (!isKnownForm || specifier.of.form !== "every") throw new EventFailure(cannotConvert);
  const { element, from } = specifier.of;
  const className = classes.application.elements[element];
  if (className === undefined) throw new EventFailure(cannotConvert);
  const isById = specifier.form === "id";
  return {
    type: "obj ",
    fields: {
      [wantedClass]: { type: "type", code: classes[className].code },
      [container]: specifierDescriptor(from),
      [keyForm]: { type: "enum", code: isById ? "ID  " : "indx" },
      // Apple events count from 1.
      [keyData]: isById ? { type: "utxt", text: specifier.id } : { type: "long", value: specifier.index + 1 },
    },
  };
}

function classNameOf(code: string): string | undefined {
  return Object.entries(classes).find(([, entry]) => entry.code === code)?.[0];
}

function elementOf(code: string): string | undefined {
  const className = classNameOf(code);
  return Object.entries(classes.application.elements).find(([, element]) => element === className)?.[0];
}
