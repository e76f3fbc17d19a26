/** An option of an import or a plan: each client calls it by a name of its own. */
export const IMPORT_OPTIONS = [
  ...(["since", "kind", "name", "folder", "album", "favorites", "limit", "phone", "library"] as const),
  ...(["retry", "reimport-edited", "include-hidden", "icloud-import", "icloud-skip"] as const),
  ...(["restart-photos", "without-phone-library"] as const),
] as const;
/** One of {@link IMPORT_OPTIONS}. */
export type ImportOption = (typeof IMPORT_OPTIONS)[number];

/** How macOS can be made to start an import. */
export const SET_UPS = ["shortcuts", "automator", "agent"] as const;
/** One of {@link SET_UPS}. */
export type SetUp = (typeof SET_UPS)[number];

/**
 * What a person can have Rollcall do, as data: the command words it as what to type, the page as a button, a program
 * that uses the library as its own function. Actions are added, never repurposed: receipts and the ledger hold them.
 */
export type Action =
  | { readonly action: "import"; readonly with?: ImportOption }
  /** An option by itself, of the import that is spoken of. */
  | { readonly action: "choose"; readonly by: ImportOption; readonly value?: string }
  /** `folder`: into this one, null: into one that the person names; absent: it is not spoken of. */
  | { readonly action: "copy"; readonly folder?: string | null }
  | { readonly action: "plan" }
  /** Marks what the phone has until a day as imported. */
  | { readonly action: "assume-imported" }
  | { readonly action: "verify" }
  | { readonly action: "check-library" }
  | { readonly action: "list-receipts" }
  | { readonly action: "show-receipt" }
  | { readonly action: "safe-to-remove" }
  | { readonly action: "show-staging" }
  | { readonly action: "list-phones" }
  /** Lets a phone be imported unattended; `phone` is its name or UDID, absent: any. */
  | { readonly action: "approve"; readonly phone?: string }
  /** What an import does with photos that iCloud Photos has, from now on. */
  | { readonly action: "config"; readonly icloud: "skip" | "import" }
  | { readonly action: "doctor"; readonly from?: SetUp; readonly opens?: true }
  | { readonly action: "setup"; readonly what: SetUp | "app"; readonly removes?: true }
  | { readonly action: "demo" };

/**
 * What a person can do now: a text, or the pieces of one with the actions in it. A text alone has no action in it, or
 * is of an older ledger or receipt.
 */
export type Remedy = string | readonly (string | Action)[];

/** What a client calls an action, in the middle of a sentence. */
export type ActionWords = (action: Action) => string;

/** What a client has for each action, a word or a button: one that forgets an action does not compile. */
export type ByAction<Shown> = {
  readonly [Name in Action["action"]]: (action: Extract<Action, { action: Name }>) => Shown;
};

/** The words of each action. */
export type WordsByAction = ByAction<string>;

/** What a client shows for one. An action of a newer Rollcall, from its ledger or receipt, is called by its own name. */
export function shownFor<Shown>(table: ByAction<Shown>, action: Action): Shown | string {
  if (!Object.hasOwn(table, action.action)) return action.action;
  return (table[action.action] as (action: Action) => Shown)(action);
}

export function actionWords(words: WordsByAction): ActionWords {
  return (action) => shownFor(words, action);
}

/** The whole as one text. */
export function remedyText(remedy: Remedy, words: ActionWords): string {
  if (typeof remedy === "string") return remedy;
  return remedy.map((part) => (typeof part === "string" ? part : words(part))).join("");
}

/** A sentence with its actions where they stand: advise`Wait, then ${VERIFY}.` A remedy in it is taken in whole. */
export function advise(texts: TemplateStringsArray, ...values: readonly (Action | Remedy)[]): Remedy {
  return joined(texts.flatMap((text, at) => (at === 0 ? [text] : [values[at - 1]!, text])));
}

/** Sentences one after the other, a space between them; empty ones left out. */
export function sentences(...all: readonly Remedy[]): Remedy {
  return joined(all.filter((one) => one.length > 0).flatMap((one, at) => (at === 0 ? [one] : [" ", one])));
}

/** Neighbouring texts are one; without an action the whole is a text. */
function joined(values: readonly (Action | Remedy)[]): Remedy {
  const parts: (string | Action)[] = [];
  for (const part of values.flat() as (string | Action)[]) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  if (parts.length === 0) return "";
  const [only] = parts;
  return parts.length === 1 && typeof only === "string" ? only : parts;
}

export const VERIFY: Action = { action: "verify" };
export const IMPORT: Action = { action: "import" };
export const IMPORT_RETRY: Action = { action: "import", with: "retry" };
export const COPY: Action = { action: "copy" };

/** An option by itself. */
export function choose(by: ImportOption): Action {
  return { action: "choose", by };
}
