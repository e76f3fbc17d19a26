import {
  type ActionWords,
  actionWords,
  type ImportOption,
  type Remedy,
  remedyText,
  type WordsByAction,
} from "./remedy.js";

const OPTIONS: Readonly<Record<ImportOption, string>> = {
  since: "`selection.since`",
  kind: "`selection.kinds`",
  name: "`selection.name`",
  folder: "`selection.folder`",
  album: "`selection.album`",
  favorites: "`selection.favorites`",
  limit: "`selection.limit`",
  phone: "`phone`",
  library: "`libraryPath`",
  retry: "`again: true`",
  "reimport-edited": "`edits: true`",
  "include-hidden": "`selection.includeHidden`",
  "icloud-import": '`icloud: "import"`',
  "icloud-skip": '`icloud: "skip"`',
  "restart-photos": "`mayRelaunch: true`",
  "without-phone-library": "`withoutPhoneLibrary: true`",
};

/** What the library has no function for, the command of the same package does. */
const command = (words: string) => () => `the command \`rollcall ${words}\``;

const WORDS: WordsByAction = {
  import: ({ with: option }) =>
    option === undefined ? "`importFromPhone`" : `\`importFromPhone\` with ${OPTIONS[option]}`,
  choose: ({ by, value }) => (value === undefined ? OPTIONS[by] : `${OPTIONS[by]} ${JSON.stringify(value)}`),
  copy: ({ folder }) =>
    folder == null ? "`copyFromPhone`" : `\`copyFromPhone\` into ${JSON.stringify(folder)}`,
  plan: () => "`planForPhone`",
  "assume-imported": command("plan --assume-imported --until DAY"),
  verify: command("verify"),
  "check-library": command("library"),
  "list-receipts": command("receipts"),
  "show-receipt": command("receipts show"),
  "safe-to-remove": command("receipts safe-to-remove"),
  "show-staging": command("staging"),
  "list-phones": () => "`phonesOnCable`",
  approve: command("watch --approve NAME"),
  config: ({ icloud }) => `\`icloud: "${icloud}"\``,
  doctor: command("doctor"),
  setup: ({ what }) => command(`setup ${what}`)(),
  demo: command("demo"),
};

/** What a program calls that uses Rollcall as a library, in the middle of a sentence of a `remedy`. */
export const libraryWords: ActionWords = actionWords(WORDS);

/**
 * What to do, as one text.
 * @param words of what Rollcall can do; a program that has buttons for it gives its own
 */
export function wordRemedy(remedy: Remedy, words: ActionWords = libraryWords): string {
  return remedyText(remedy, words);
}
