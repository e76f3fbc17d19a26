/**
 * Remembers the language as it is in a context that nobody has used yet. Self-contained: runs inside that context.
 * @returns takes every other global away, and says whether the language is still as it was: its globals, and
 *   whatever their objects and prototypes hold. False means that the context may be used no more.
 */
export function rememberLanguage(languageNames: readonly string[]): () => boolean {
  const { ownKeys, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const isSame = Object.is;
  const scope = globalThis as unknown as Record<string, unknown>;
  const ofLanguage: Record<string, boolean> = Object.create(null);
  for (const name of languageNames) ofLanguage[name] = true;
  const globals = languageNames.map((name) => scope[name]);

  const seen = new Set<object>([scope]);
  const parts: { of: object; keys: number; names: PropertyKey[]; values: unknown[] }[] = [];
  const waiting = globals.slice();
  while (waiting.length > 0) {
    const of = waiting.pop();
    if ((typeof of !== "object" && typeof of !== "function") || of === null || seen.has(of)) continue;
    seen.add(of);
    const names = ownKeys(of);
    if (typeof of === "function" && !names.includes("prototype")) continue; // a method holds nothing
    const described = names.map((name) => getOwnPropertyDescriptor(of, name)!);
    const isValue = described.map((property) => "value" in property);
    const values = described.flatMap((property, at) => (isValue[at] ? [property.value] : []));
    parts.push({ of, keys: names.length, names: names.filter((_name, at) => isValue[at]), values });
    waiting.push(getPrototypeOf(of), ...values);
  }

  return () => {
    for (let at = 0; at < globals.length; at++) {
      if (!isSame(scope[languageNames[at]!], globals[at])) return false;
    }
    for (const name of ownKeys(scope)) {
      if (ofLanguage[name as string] !== true && !deleteProperty(scope, name)) return false;
    }
    for (const { of, keys, names, values } of parts) {
      if (ownKeys(of).length !== keys) return false;
      const held = of as Record<PropertyKey, unknown>;
      for (let at = 0; at < names.length; at++) if (!isSame(held[names[at]!], values[at])) return false;
    }
    return true;
  };
}
