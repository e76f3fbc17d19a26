/** The headings of the help of commands with many flags, in its order. */
export const GROUPS = {
  selection: "Which photos:",
  phone: "Phone:",
  library: "Library:",
  output: "Output:",
  unattended: "Unattended:",
} as const;
