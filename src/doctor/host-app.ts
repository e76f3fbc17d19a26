/** What terminals call themselves in `TERM_PROGRAM`, and what System Settings calls them. */
const APPS: Readonly<Record<string, string>> = {
  Apple_Terminal: "Terminal",
  "iTerm.app": "iTerm",
  vscode: "Visual Studio Code",
  ghostty: "Ghostty",
  WezTerm: "WezTerm",
  WarpTerminal: "Warp",
  Hyper: "Hyper",
};

/**
 * The app that macOS holds responsible for what is started in it: its name is the one in System Settings. Null where
 * the environment does not tell, and over ssh, where it is no app on this screen.
 */
export function askingApp(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env.SSH_CONNECTION !== undefined) return null;
  return APPS[env.TERM_PROGRAM ?? ""] ?? null;
}

/**
 * By it macOS can be made to forget what that app, and no other, was allowed. Not for Visual Studio Code: apps that were
 * made from it call themselves so, too.
 */
const BUNDLE_IDS: Readonly<Record<string, string>> = {
  Apple_Terminal: "com.apple.Terminal",
  "iTerm.app": "com.googlecode.iterm2",
  ghostty: "com.mitchellh.ghostty",
  WezTerm: "com.github.wez.wezterm",
};

/** The bundle id of {@link askingApp}; null where it is not certain. */
export function askingBundleId(env: Readonly<Record<string, string | undefined>>): string | null {
  return askingApp(env) === null ? null : (BUNDLE_IDS[env.TERM_PROGRAM ?? ""] ?? null);
}
