import type { HostMessage } from "./apple-event.js";
import type { Terminology } from "./dictionary.js";

/** A specifier as the prelude keeps it: the JSON of {@link import("./apple-event.js").ObjectSpecifier}. */
interface Spelled {
  readonly form: string;
  readonly [key: string]: unknown;
}

interface SpecifierGlobals {
  readonly Application: (name: unknown) => unknown;
  readonly Path: (text: unknown) => unknown;
  readonly Automation: { getDisplayString(value: unknown): string };
  /** Display string of a specifier or Path, undefined for anything else. */
  readonly describe: (value: unknown) => string | undefined;
}

/**
 * The part of JXA that is about Apple events: `Application`, `Path`, `Automation`. Self-contained: it is sent
 * as text into a context that has the language and nothing else (ES2020).
 *
 * A specifier is a function that remembers how it was spelled; reading from it only spells on, calling it
 * fetches, and every fetch is one event.
 */
export function defineSpecifiers(
  ask: (message: HostMessage) => unknown,
  fail: (errorNumber: number, message: string) => never,
  terms: Terminology,
): SpecifierGlobals {
  const spelledBy = new WeakMap<object, Spelled>();
  const pathOf = new WeakMap<object, string>();
  const application: Spelled = { form: "application" };

  function Path(text: unknown): unknown {
    if (typeof text !== "string") return fail(-1700, "Can't convert types.");
    const path = Object.create(Path.prototype);
    pathOf.set(path, text);
    return path;
  }
  Path.prototype.toString = function (this: object) {
    return pathOf.get(this);
  };

  function encode(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (typeof value === "object" || typeof value === "function") {
      const spelled = spelledBy.get(value as object);
      if (spelled !== undefined) return { object: spelled };
      const path = pathOf.get(value as object);
      if (path !== undefined) return { file: path };
      if (Array.isArray(value)) return value.map(encode);
      if (value instanceof Date) return { date: value.getTime() };
      if (Object.getPrototypeOf(value) === Object.prototype) return { record: encodeRecord(value) };
    }
    return fail(-1700, "Can't convert types.");
  }

  function encodeRecord(value: unknown): Record<string, unknown> {
    const encoded: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries((value ?? {}) as object)) encoded[key] = encode(entry);
    return encoded;
  }

  function decode(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== "object" || value === null) return value;
    const tagged = value as { object?: Spelled; file?: string; date?: number; record?: object };
    if (tagged.object !== undefined) return specifier(tagged.object);
    if (tagged.file !== undefined) return Path(tagged.file);
    if (tagged.date !== undefined) return new Date(tagged.date);
    const decoded: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(tagged.record ?? {})) decoded[key] = decode(entry);
    return decoded;
  }

  function send(event: string, direct: unknown, parameters: unknown): unknown {
    return decode(ask({ ask: "event", event, direct, parameters } as HostMessage));
  }

  function call(spelled: Spelled, args: unknown[]): unknown {
    if (spelled.form === "property") {
      const name = String(spelled.name);
      const parent = spelled.from as Spelled;
      if (Object.hasOwn(terms.commands, name)) {
        if (parent.form !== "application") return send(name, { object: parent }, encodeRecord(args[0]));
        if (!terms.commands[name]) return send(name, null, encodeRecord(args[0]));
        return send(name, encode(args[0]), encodeRecord(args[1]));
      }
      // No property takes arguments: this was meant as a command, and the dictionary has none of that name.
      if (args.length > 0) return send("unknown", { object: parent }, {});
    }
    if (spelled.form === "application" || args.length > 0) return fail(-1708, "Message not understood.");
    return send("get", { object: spelled }, {});
  }

  function isManySpelled(spelled: Spelled): boolean {
    return spelled.form === "every" || spelled.form === "test";
  }

  function read(spelled: Spelled, key: string | symbol): unknown {
    if (key === Symbol.toPrimitive || key === "toString") return () => "[object ObjectSpecifier]";
    if (key === Symbol.toStringTag) return "ObjectSpecifier";
    if (typeof key === "symbol" || key === "toJSON") return undefined;
    if (spelled.form === "application") {
      if (key === "running") return () => ask({ ask: "isRunning" });
      if (key === "launch") return () => ask({ ask: "launch" });
      if (key === "id") return () => "com.apple.Photos";
    }
    if (isManySpelled(spelled)) {
      if (key === "length") return send("count", { object: spelled }, {});
      if (/^[0-9]+$/.test(key)) return specifier({ form: "index", index: Number(key), of: spelled });
      if (key === "at") return (index: unknown) => pick("index", index, "number", spelled);
      if (key === "byId") return (id: unknown) => pick("id", id, "string", spelled);
      if (key === "byName") return (name: unknown) => pick("name", name, "string", spelled);
      if (key === "first") return specifier({ form: "index", index: 0, of: spelled });
      if (key === "last") return specifier({ form: "index", index: -1, of: spelled });
      if (key === "whose") {
        return (test: unknown) => {
          if (typeof test !== "object" || test === null) return fail(-1700, "Can't convert types.");
          return specifier({ form: "test", test: { record: encodeRecord(test) }, of: spelled });
        };
      }
    }
    return specifier(
      terms.elements.includes(key)
        ? { form: "every", element: key, from: spelled }
        : { form: "property", name: key, from: spelled },
    );
  }

  function pick(form: "id" | "name" | "index", value: unknown, type: string, of: Spelled): unknown {
    if (typeof value !== type) return fail(-1700, "Can't convert types.");
    return specifier({ form, [form]: value, of });
  }

  function specifier(spelled: Spelled): unknown {
    const proxy = new Proxy(() => undefined, {
      get: (_target, key) => read(spelled, key),
      has: () => true,
      apply: (_target, _this, args) => call(spelled, args),
      set: (_target, key, value) => {
        const property = { form: "property", name: String(key), from: spelled };
        send("set", { object: property }, { to: encode(value) });
        return true;
      },
    });
    spelledBy.set(proxy, spelled);
    return proxy;
  }

  function display(spelled: Spelled): string {
    const of = () => display(spelled.of as Spelled);
    switch (spelled.form) {
      case "property":
        return `${display(spelled.from as Spelled)}.${spelled.name}`;
      case "every":
        return `${display(spelled.from as Spelled)}.${spelled.element}`;
      case "id":
        return `${of()}.byId(${JSON.stringify(spelled.id)})`;
      case "name":
        return `${of()}.byName(${JSON.stringify(spelled.name)})`;
      case "index":
        return `${of()}.at(${spelled.index})`;
      case "test":
        return `${of()}.whose(${JSON.stringify((spelled.test as { record: unknown }).record)})`;
      default:
        return 'Application("Photos")';
    }
  }

  function describe(value: unknown): string | undefined {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
    const spelled = spelledBy.get(value);
    if (spelled !== undefined) return display(spelled);
    const path = pathOf.get(value);
    return path === undefined ? undefined : `Path(${JSON.stringify(path)})`;
  }

  function Application(name: unknown): unknown {
    const known = [
      "Photos",
      "com.apple.Photos",
      "/System/Applications/Photos.app",
      "/Applications/Photos.app",
    ];
    if (!known.includes(String(name))) return fail(-2700, "Application can't be found.");
    return specifier(application);
  }

  return {
    Application,
    Path,
    Automation: {
      getDisplayString: (value) => describe(value) ?? String(JSON.stringify(value)),
    },
    describe,
  };
}
