import type { ShortcutDefinition } from "./shortcut-definition.js";

/** How to make one of the shortcuts by hand, where it cannot be signed. Plain text, a step a line. */
export function stepsByHand({ name, script }: ShortcutDefinition): string[] {
  return [
    `To make the shortcut "${name}" by hand:`,
    "  1. Open the Shortcuts app, press + and give the new shortcut that name.",
    '  2. Add the action "Run Shell Script". Shell: sh. Its text is:',
    "",
    ...script.trimEnd().split("\n"),
    "",
    '  3. Add "Get Dictionary from Input", then "Get Dictionary Value": value for "summary" in Dictionary.',
    '  4. Add "Show Notification", with Dictionary Value as its text.',
  ];
}
