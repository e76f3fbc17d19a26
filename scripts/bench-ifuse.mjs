// The same files by ifuse and cp -r, for comparison: Linux with /dev/fuse.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Mounts the phone at the socket and copies its DCIM into a folder below `folder`, which is removed.
 * @returns how long both took, or why it cannot be tried here
 */
export async function copyWithIfuse(socketPath, folder) {
  try {
    accessSync("/dev/fuse", constants.R_OK | constants.W_OK);
  } catch {
    return { skipped: "/dev/fuse is not there or may not be used" };
  }
  const mounted = join(folder, "mounted");
  const target = join(folder, "by-ifuse");
  await mkdir(mounted);
  await mkdir(target);
  const env = { ...process.env, USBMUXD_SOCKET_ADDRESS: `UNIX:${socketPath}` };
  try {
    const startMs = performance.now();
    if (!(await succeeds("ifuse", [mounted], env)))
      return {
        skipped: "ifuse is not installed, or does not take this phone (Debian: apt-get install ifuse)",
      };
    try {
      if (!(await succeeds("cp", ["-r", join(mounted, "DCIM"), target]))) throw new Error("cp -r failed");
      return { seconds: (performance.now() - startMs) / 1000 };
    } finally {
      await succeeds("fusermount", ["-u", mounted]);
    }
  } finally {
    await rm(mounted, { recursive: true });
    await rm(target, { recursive: true });
  }
}

function succeeds(program, args, env = process.env) {
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve) => {
    child.once("exit", (status) => resolve(status === 0));
    child.once("error", () => resolve(false));
  });
}
