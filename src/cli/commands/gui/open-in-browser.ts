/** A program that opens files may stay as long as its browser does. */
const STARTING_MS = 3_000;

/**
 * Opens a file with the program that the person opens pages with.
 * @returns false where no such program could be started
 */
export async function openInBrowser(path: string): Promise<boolean> {
  const { execa } = await import("execa");
  const [program, ...args] =
    process.platform === "darwin" ? (["/usr/bin/open", path] as const) : (["xdg-open", path] as const);
  const child = execa(program, args, { stdio: "ignore", detached: true, reject: false });
  child.unref();
  const late = new Promise<"on">((settle) => setTimeout(() => settle("on"), STARTING_MS).unref());
  const end = await Promise.race([child, late]);
  return end === "on" || end.exitCode === 0;
}
