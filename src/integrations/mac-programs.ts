/** The programs of macOS that a set-up uses, or `rollcall doctor` asks. Absolute: what starts Rollcall elsewhere has no useful PATH. */
export const MAC_PROGRAMS = {
  caffeinate: "/usr/bin/caffeinate",
  codesign: "/usr/bin/codesign",
  launchctl: "/bin/launchctl",
  /** Tells LaunchServices of an app. */
  lsregister:
    "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister",
  open: "/usr/bin/open",
  osacompile: "/usr/bin/osacompile",
  osascript: "/usr/bin/osascript",
  /** Keeps the list of services (`NSServices`) that menus show. */
  pbs: "/System/Library/CoreServices/pbs",
  plutil: "/usr/bin/plutil",
  pmset: "/usr/bin/pmset",
  shortcuts: "/usr/bin/shortcuts",
  sw_vers: "/usr/bin/sw_vers",
  tccutil: "/usr/bin/tccutil",
} as const;

export type MacProgram = keyof typeof MAC_PROGRAMS;
export type MacProgramPaths = Readonly<Record<MacProgram, string>>;

/**
 * The same names in a folder of the person's own (`ROLLCALL_MAC_PROGRAMS`). A name that is not there counts as a
 * program that this Mac does not have.
 * @param folder absolute
 */
export function macProgramsIn(folder: string): MacProgramPaths {
  const names = Object.keys(MAC_PROGRAMS) as MacProgram[];
  return Object.fromEntries(names.map((name) => [name, `${folder}/${name}`])) as MacProgramPaths;
}
