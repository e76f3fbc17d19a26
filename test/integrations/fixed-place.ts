import type { HowToStart } from "../../src/integrations/how-to-start.js";
import type { SetUpFolders } from "../../src/integrations/set-up-files.js";

/** A Mac as Homebrew leaves it, for files that have to be the same on every machine. */
export const FIXED_HOW: HowToStart = {
  node: "/opt/homebrew/opt/node/bin/node",
  program: "/opt/homebrew/lib/node_modules/rollcall/dist/main.js",
  environment: {},
};

export const FIXED_FOLDERS: SetUpFolders = {
  home: "/Users/anna",
  data: "/Users/anna/Library/Application Support/Rollcall",
};
