/** One import that nobody watches, from one phone that was approved. */
export interface UnattendedImport {
  /** UDID. */
  readonly phone: string;
  /** How long the phone may take to be ready. */
  readonly waitSeconds: number;
}

/** The words of the command for it: its document short, and nothing else printed. */
export function unattendedImportWords({ phone, waitSeconds }: UnattendedImport): string[] {
  const flags = ["--unattended", "--phone", phone, "--wait", String(waitSeconds), "--brief", "--quiet"];
  return ["import", ...flags, "--json", "--no-input"];
}
