/** One import that nobody watches, from one phone that was approved. */
export interface UnattendedImport {
  /** UDID. */
  readonly phone: string;
  /** How long the phone may take to be ready. */
  readonly waitSeconds: number;
}

/** The hidden command that touches the open library, so that macOS asks the person about it. */
export const ASK_LIBRARY = "ask-library";

/** The words of the command for it: its document short, and nothing else printed. */
export function unattendedImportWords({ phone, waitSeconds }: UnattendedImport): string[] {
  const flags = ["--unattended", "--phone", phone, "--wait", String(waitSeconds), "--brief", "--quiet"];
  return ["import", ...flags, "--json", "--no-input"];
}
