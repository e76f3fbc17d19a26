import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandHarness, main } from "./command-harness.js";

/**
 * Mounts over a package a file system that nobody serves, so that every look at it waits in the kernel and Ctrl-C does
 * not end it, as where macOS asks a person. Runs the command; a line in the pipe is the person's "yes": then the package
 * itself lies there.
 */
const HOLD = `
asked=$1 real=$2 pipe=$3
shift 3
mount --bind "$real" "$asked"
exec 3<>/dev/fuse
mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 asked "$asked"
"$@" 3<&- &
command=$!
trap 'kill -INT $command' USR1
(read -r answer < "$pipe"; umount -l -c "$asked"; kill -USR2 $$) > /dev/null 2>&1 &
person=$!
trap 'exec 3<&-' USR2
wait $command; status=$?
while kill -0 $command 2>/dev/null; do wait $command; status=$?; done
kill $person 2> /dev/null
exit $status`;

/** Why no package can be made to wait here, or null. */
export const askedImpossible: string | null = (() => {
  if (process.platform !== "linux") return "a package that waits can only be made on Linux";
  if (process.getuid?.() !== 0) return "a package that waits needs root";
  const trial = "exec 3<>/dev/fuse && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 x /mnt";
  const { status, error, stderr } = spawnSync("unshare", ["-m", "sh", "-c", trial], { encoding: "utf8" });
  return status === 0 ? null : `no package can be made to wait here: ${error?.message ?? stderr.trim()}`;
})();

/** The built command beside a library about which macOS asks, and a person who answers when the test says so. */
export class AskedCommandHarness extends CommandHarness {
  readonly asked = join(this.folder, "Asked.photoslibrary");
  readonly #pipe = join(this.folder, "answer");

  constructor() {
    super();
    mkdirSync(this.asked);
    execFileSync("mkfifo", [this.#pipe]);
  }

  override get environment(): Record<string, string> {
    return { ...super.environment, ROLLCALL_PHOTOS_LIBRARY: this.asked, TERM_PROGRAM: "Apple_Terminal" };
  }

  /** Starts `rollcall ...` where every look at the library waits. SIGUSR1 is Ctrl-C. */
  override start(args: readonly string[], environment: Record<string, string | undefined> = {}) {
    const held = [this.asked, this.photos.library.path, this.#pipe, process.execPath, main, ...args];
    return this.run(["unshare", "-m", "sh", "-c", HOLD, "sh", ...held], environment);
  }

  /** The person presses "Allow". */
  answer(): void {
    writeFileSync(this.#pipe, "yes\n");
  }
}
