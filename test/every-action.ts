import type { Action } from "../src/remedy.js";

type Row = readonly [action: Action, typed: string, inLibrary: string];

const command = (action: Action, words: string): Row => [action, words, `the command \`${words}\``];

/** One of each, and of each way to say it: a new one does not compile without its row. */
const BY_NAME: Readonly<Record<Action["action"], readonly Row[]>> = {
  import: [
    [{ action: "import" }, "rollcall import", "`importFromPhone`"],
    [{ action: "import", with: "retry" }, "rollcall import --retry", "`importFromPhone` with `again: true`"],
    [
      { action: "import", with: "icloud-import" },
      "rollcall import --icloud import",
      '`importFromPhone` with `icloud: "import"`',
    ],
  ],
  choose: [
    [{ action: "choose", by: "since" }, "--since", "`selection.since`"],
    [
      { action: "choose", by: "without-phone-library" },
      "--without-phone-library",
      "`withoutPhoneLibrary: true`",
    ],
    [
      { action: "choose", by: "phone", value: "Anna's iPhone" },
      `--phone "Anna's iPhone"`,
      `\`phone\` "Anna's iPhone"`,
    ],
  ],
  copy: [
    [{ action: "copy" }, "rollcall copy", "`copyFromPhone`"],
    [{ action: "copy", folder: null }, "rollcall copy DIR", "`copyFromPhone`"],
    [
      { action: "copy", folder: "/a/Ben's $iPhone" },
      "rollcall copy '/a/Ben'\\''s $iPhone'",
      `\`copyFromPhone\` into "/a/Ben's $iPhone"`,
    ],
  ],
  plan: [[{ action: "plan" }, "rollcall plan", "`planForPhone`"]],
  "assume-imported": [command({ action: "assume-imported" }, "rollcall plan --assume-imported --until DAY")],
  verify: [command({ action: "verify" }, "rollcall verify")],
  "check-library": [command({ action: "check-library" }, "rollcall library")],
  "list-receipts": [command({ action: "list-receipts" }, "rollcall receipts")],
  "show-receipt": [command({ action: "show-receipt" }, "rollcall receipts show")],
  "safe-to-remove": [command({ action: "safe-to-remove" }, "rollcall receipts safe-to-remove")],
  "show-staging": [command({ action: "show-staging" }, "rollcall staging")],
  "list-phones": [[{ action: "list-phones" }, "rollcall phones", "`phonesOnCable`"]],
  approve: [
    command({ action: "approve" }, "rollcall watch --approve NAME"),
    [
      { action: "approve", phone: "Anna's iPhone" },
      `rollcall watch --approve "Anna's iPhone"`,
      "the command `rollcall watch --approve NAME`",
    ],
  ],
  config: [
    [{ action: "config", icloud: "skip" }, "rollcall config set icloud skip", '`icloud: "skip"`'],
    [{ action: "config", icloud: "import" }, "rollcall config set icloud import", '`icloud: "import"`'],
  ],
  doctor: [
    command({ action: "doctor" }, "rollcall doctor"),
    [
      { action: "doctor", from: "shortcuts" },
      "rollcall doctor --from shortcuts",
      "the command `rollcall doctor`",
    ],
    [{ action: "doctor", opens: true }, "rollcall doctor --open", "the command `rollcall doctor`"],
  ],
  setup: [
    command({ action: "setup", what: "agent" }, "rollcall setup agent"),
    command({ action: "setup", what: "app" }, "rollcall setup app"),
    [
      { action: "setup", what: "agent", removes: true },
      "rollcall setup agent --remove",
      "the command `rollcall setup agent`",
    ],
  ],
  demo: [command({ action: "demo" }, "rollcall demo")],
};

/** Each with the words of the command and those of the library. */
export const EVERY_ACTION: readonly Row[] = Object.values(BY_NAME).flat();
