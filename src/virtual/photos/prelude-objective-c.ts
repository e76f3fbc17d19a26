import type { Descriptor, HostMessage, RawReply, RunningApplication } from "./apple-event.js";

/** A proxy of an Objective-C object: always truthy, nil only by `isNil()`. */
interface Wrapped {
  isNil(): boolean;
  readonly js: unknown;
  readonly [member: string]: unknown;
}

interface ObjectiveCGlobals {
  readonly $: unknown;
  readonly ObjC: unknown;
  readonly Ref: unknown;
}

/**
 * The few pieces of the Objective-C bridge that Rollcall's scripts use, each with the manners the bridge is known
 * for: nil is a truthy proxy, an NSUInteger arrives as text, a method without arguments is read as a property, and a
 * framework's names are absent until `ObjC.import` named it (Foundation is there from the start).
 * Self-contained, like `prelude-specifiers.ts`.
 */
export function defineObjectiveC(ask: (message: HostMessage) => unknown): ObjectiveCGlobals {
  const descriptorOf = new WeakMap<object, { data: Descriptor }>();
  const nil: Wrapped = { isNil: () => true, js: undefined };

  function wrap(js: unknown, members: object): Wrapped {
    return Object.defineProperties(
      { isNil: () => false, js },
      Object.getOwnPropertyDescriptors(members),
    ) as Wrapped;
  }

  function text(value: string): Wrapped {
    return wrap(value, { length: String(value.length) });
  }

  function unwrap(value: unknown): unknown {
    const isWrapped = typeof value === "object" && value !== null && "isNil" in value;
    return isWrapped ? (value as Wrapped).js : value;
  }

  function deepUnwrap(value: unknown): unknown {
    const plain = unwrap(value);
    return Array.isArray(plain) ? plain.map(deepUnwrap) : plain;
  }

  function list(values: Wrapped[]): Wrapped {
    return wrap(values, {
      count: String(values.length),
      objectAtIndex: (index: unknown) => {
        const found = values[Number(index)];
        if (found === undefined) throw new Error(`index ${index} beyond bounds for array`);
        return found;
      },
    });
  }

  function report(error: unknown, message: string, code: number): void {
    if (typeof error !== "object" || error === null) return;
    (error as Record<number, unknown>)[0] = wrap(undefined, { code, localizedDescription: text(message) });
  }

  // Four-character codes travel as 32-bit numbers in Objective-C.
  function fourChars(code: unknown): string {
    const value = Number(code);
    return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
  }
  function codeNumber(code: string): number {
    let value = 0;
    for (let at = 0; at < 4; at++) value = value * 256 + code.charCodeAt(at);
    return value;
  }

  function dataOf(value: unknown): Descriptor {
    const held = typeof value === "object" && value !== null ? descriptorOf.get(value) : undefined;
    if (held === undefined) throw new TypeError("this is not an NSAppleEventDescriptor");
    return held.data;
  }

  function descriptor(data: Descriptor): Wrapped {
    const held = { data };
    const fieldsOf = (): { [key: string]: Descriptor } =>
      held.data.type === "reco" || held.data.type === "obj " ? { ...held.data.fields } : {};
    const itemsOf = () => (held.data.type === "list" ? held.data.items.slice() : []);
    const made = wrap(undefined, {
      get descriptorType() {
        return codeNumber(held.data.type);
      },
      get numberOfItems() {
        return held.data.type === "list" ? held.data.items.length : Object.keys(fieldsOf()).length;
      },
      get stringValue() {
        if (held.data.type === "utxt") return text(held.data.text);
        return held.data.type === "long" ? text(String(held.data.value)) : nil;
      },
      get int32Value() {
        return held.data.type === "long" ? held.data.value : 0;
      },
      get booleanValue() {
        return held.data.type === "bool" && held.data.flag;
      },
      descriptorAtIndex: (index: unknown) => {
        const item = itemsOf()[Number(index) - 1];
        return item === undefined ? nil : descriptor(item);
      },
      // Index 0 appends; any other replaces what is there, counting from 1.
      insertDescriptorAtIndex: (item: unknown, index: unknown) => {
        const items = itemsOf();
        items.splice(Number(index) === 0 ? items.length : Number(index) - 1, 1, dataOf(item));
        held.data = { type: "list", items };
      },
      descriptorForKeyword: (keyword: unknown) => {
        const field = fieldsOf()[fourChars(keyword)];
        return field === undefined ? nil : descriptor(field);
      },
      setDescriptorForKeyword: (value: unknown, keyword: unknown) => {
        const type = held.data.type === "obj " ? "obj " : "reco";
        held.data = { type, fields: { ...fieldsOf(), [fourChars(keyword)]: dataOf(value) } };
      },
      coerceToDescriptorType: (type: unknown) => {
        const wanted = fourChars(type);
        if (wanted === held.data.type) return descriptor(held.data);
        return wanted === "obj " && held.data.type === "reco"
          ? descriptor({ type: "obj ", fields: held.data.fields })
          : nil;
      },
    });
    descriptorOf.set(made, held);
    return made;
  }

  function appleEvent(code: string): Wrapped {
    const parameters: { [keyword: string]: Descriptor } = {};
    return eventDescriptor(parameters, (options: unknown, timeoutSeconds: unknown, error: unknown) => {
      try {
        const reply = ask({
          ask: "rawEvent",
          code,
          parameters,
          sendOptions: Number(options),
          timeoutSeconds: Number(timeoutSeconds),
        }) as RawReply;
        return eventDescriptor({ ...reply.parameters }, () => nil);
      } catch (thrown) {
        const failure = thrown as { errorNumber: number; message: string };
        report(error, failure.message, failure.errorNumber);
        return nil;
      }
    });
  }

  function eventDescriptor(
    parameters: { [keyword: string]: Descriptor },
    sendEvent: (options: unknown, timeoutSeconds: unknown, error: unknown) => Wrapped,
  ): Wrapped {
    const get = (keyword: unknown) => {
      const value = parameters[fourChars(keyword)];
      return value === undefined ? nil : descriptor(value);
    };
    const set = (value: unknown, keyword: unknown) => {
      parameters[fourChars(keyword)] = dataOf(value);
    };
    return wrap(undefined, {
      paramDescriptorForKeyword: get,
      descriptorForKeyword: get,
      setParamDescriptorForKeyword: set,
      setDescriptorForKeyword: set,
      sendEventWithOptionsTimeoutError: sendEvent,
    });
  }

  const foundation = {
    NSUTF8StringEncoding: 4,
    NSString: {
      stringWithContentsOfFileEncodingError: (path: unknown, encoding: unknown, error: unknown) => {
        if (encoding !== 4) throw new Error("only NSUTF8StringEncoding is spoken here");
        try {
          return text(String(ask({ ask: "readTextFile", path: String(unwrap(path)) })));
        } catch (thrown) {
          // 260 is NSFileReadNoSuchFileError.
          report(error, (thrown as Error).message, 260);
          return nil;
        }
      },
    },
    NSURL: { fileURLWithPath: (path: unknown) => wrap(undefined, { path: text(String(unwrap(path))) }) },
    NSAppleEventDescriptor: {
      get listDescriptor() {
        return descriptor({ type: "list", items: [] });
      },
      get recordDescriptor() {
        return descriptor({ type: "reco", fields: {} });
      },
      get nullDescriptor() {
        return descriptor({ type: "null" });
      },
      descriptorWithString: (value: unknown) => descriptor({ type: "utxt", text: String(unwrap(value)) }),
      descriptorWithBoolean: (value: unknown) => descriptor({ type: "bool", flag: Boolean(unwrap(value)) }),
      descriptorWithInt32: (value: unknown) => descriptor({ type: "long", value: Number(value) }),
      descriptorWithTypeCode: (code: unknown) => descriptor({ type: "type", code: fourChars(code) }),
      descriptorWithEnumCode: (code: unknown) => descriptor({ type: "enum", code: fourChars(code) }),
      descriptorWithFileURL: (url: unknown) =>
        descriptor({ type: "furl", path: String(unwrap((url as { path: unknown }).path)) }),
      descriptorWithBundleIdentifier: (id: unknown) => {
        const bundleIdentifier = unwrap(id);
        return wrap(undefined, { bundleIdentifier, aeDesc: { bundleIdentifier } });
      },
      appleEventWithEventClassEventIDTargetDescriptorReturnIDTransactionID: (
        eventClass: unknown,
        eventId: unknown,
        target: unknown,
      ) => {
        const bundle = (target as { bundleIdentifier?: unknown } | null)?.bundleIdentifier;
        if (bundle !== "com.apple.Photos") throw new Error("an event needs Photos as its target");
        return appleEvent(fourChars(eventClass) + fourChars(eventId));
      },
    },
  };

  const appKit = {
    NSRunningApplication: {
      runningApplicationsWithBundleIdentifier: (id: unknown) => {
        const bundleIdentifier = String(unwrap(id));
        const found = ask({ ask: "runningApplications", bundleIdentifier }) as RunningApplication[];
        return list(
          found.map((application) =>
            wrap(undefined, {
              processIdentifier: application.pid,
              launchDate: wrap(new Date(application.launchedAt * 1000), {
                timeIntervalSince1970: application.launchedAt,
              }),
              terminated: false,
              // Methods without arguments read as properties; neither sends an Apple event.
              get terminate() {
                return ask({ ask: "terminate", pid: application.pid, isForced: false });
              },
              get forceTerminate() {
                return ask({ ask: "terminate", pid: application.pid, isForced: true });
              },
            }),
          ),
        );
      },
    },
  };

  // PHAuthorizationStatusAuthorized: nobody is kept from the files of a virtual library.
  const photoKit = { PHPhotoLibrary: { authorizationStatus: 3 } };

  const anyCode = 0x2a2a2a2a;
  // Asking the person is left out: the probe exists to find out without asking.
  const AEDeterminePermissionToAutomateTarget = (
    target: unknown,
    eventClass: unknown,
    eventId: unknown,
    mayAsk: unknown,
  ) => {
    const bundle = (target as { bundleIdentifier?: unknown } | null)?.bundleIdentifier;
    if (bundle !== "com.apple.Photos" || eventClass !== anyCode || eventId !== anyCode || mayAsk !== false) {
      throw new Error("the virtual Photos answers this only for any event to Photos, without asking");
    }
    return ask({ ask: "permission" });
  };
  const functions: Record<string, object> = {
    AEDeterminePermissionToAutomateTarget: { AEDeterminePermissionToAutomateTarget },
  };
  const imported = new Set(["Foundation"]);

  const stdlib = {
    getenv: (name: unknown) => ask({ ask: "environment", name: String(name) }),
    exit: (status: unknown) => ask({ ask: "exit", status: Number(status) }),
  };

  const $ = (value?: unknown) =>
    value === undefined ? nil : typeof value === "string" ? text(value) : wrap(value, {});
  const define = (names: object) => Object.defineProperties($, Object.getOwnPropertyDescriptors(names));
  define(foundation);

  const frameworks: Record<string, object> = {
    Foundation: {},
    AppKit: appKit,
    Cocoa: appKit,
    CoreServices: {},
    Photos: photoKit,
    stdlib,
  };
  const ObjC = {
    import: (name: unknown) => {
      const names = frameworks[String(name)];
      if (names === undefined) throw new Error(`the framework ${name} is not known to the virtual Photos`);
      define(names);
      imported.add(String(name));
    },
    bindFunction: (name: unknown, types: unknown) => {
      const bound = functions[String(name)];
      if (bound === undefined || !Array.isArray(types) || !imported.has("CoreServices")) {
        throw new Error(`the function ${name} is not known to the virtual Photos`);
      }
      define(bound);
    },
    unwrap,
    deepUnwrap,
    wrap: (value: unknown) => $(value),
  };

  return { $, ObjC, Ref: () => ({}) };
}
