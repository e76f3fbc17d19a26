import { type Action, type ByAction, type ImportOption, type Remedy, shownFor } from "../remedy.js";
import { withRunAgain } from "../text/run-again.js";
import type { Remedy as PageRemedy, RemedyButton } from "./page/server-state.js";

/** What the page itself has no button for is done in a terminal. */
const inTerminal = (words: string) => `\u201crollcall ${words}\u201d in Terminal`;

const VERIFY: RemedyButton = { words: "Verify", does: "verify" };
const RECEIPTS: RemedyButton = { words: "Receipts", does: "receipts" };
const IMPORT_NEW: RemedyButton = { words: "Import All New Photos", does: "import-new" };
const AUTOMATIC = "the box \u201cImport new photos automatically\u201d";
const CHOSEN_AGAIN = "\u201cImport Selected\u201d in this page";

const OPTIONS: Readonly<Record<ImportOption, string | RemedyButton>> = {
  since: "fewer days",
  kind: "fewer kinds",
  name: "the search field",
  folder: "the filter",
  album: "the filter for albums",
  favorites: "the filter for favorites",
  limit: "fewer photos",
  phone: "the sidebar",
  library: inTerminal("import --library"),
  retry: CHOSEN_AGAIN,
  "reimport-edited": inTerminal("import --reimport-edited"),
  "include-hidden": inTerminal("import --include-hidden"),
  "icloud-import": inTerminal("import --icloud import"),
  "icloud-skip": inTerminal("config set icloud skip"),
  "restart-photos": inTerminal("import --restart-photos"),
  "without-phone-library": { words: "Show all files of the iPhone", does: "without-library" },
};

const SHOWN: ByAction<string | RemedyButton> = {
  import: ({ with: option }) => (option === undefined ? IMPORT_NEW : OPTIONS[option]),
  choose: ({ by, value }) => (by === "phone" && value !== undefined ? value : OPTIONS[by]),
  copy: () => inTerminal("copy"),
  plan: () => "this page",
  "assume-imported": () => inTerminal("plan --assume-imported --until DAY"),
  verify: () => VERIFY,
  "check-library": () => inTerminal("library"),
  "list-receipts": () => RECEIPTS,
  "show-receipt": () => RECEIPTS,
  "safe-to-remove": () => RECEIPTS,
  "show-staging": () => inTerminal("staging"),
  "list-phones": () => "the sidebar",
  approve: () => AUTOMATIC,
  config: ({ icloud }) => inTerminal(`config set icloud ${icloud}`),
  doctor: () => ({ words: "Check everything", does: "doctor" }),
  setup: ({ what, removes }) => inTerminal(`setup ${what}${removes === true ? " --remove" : ""}`),
  demo: () => inTerminal("demo"),
};

/** Who sees a page has typed no command. */
const AGAIN = "start the import again";

/** What to do, with a button where the page can do it. */
export function remedyInPage(remedy: Remedy): PageRemedy {
  if (typeof remedy === "string") return remedy === "" ? [] : [withRunAgain(remedy, AGAIN)];
  const shown: (string | RemedyButton)[] = [];
  for (const part of remedy) {
    const said: string | RemedyButton =
      typeof part === "string" ? withRunAgain(part, AGAIN) : shownFor(SHOWN, part as Action);
    const last = shown.at(-1);
    if (typeof said === "string" && typeof last === "string") shown[shown.length - 1] = last + said;
    else shown.push(said);
  }
  return shown;
}
