import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  startVirtualIPhone,
  type VirtualIPhone,
  type VirtualIPhoneOptions,
} from "../../../src/virtual/iphone/virtual-iphone.js";

export interface PluggedInPhone extends AsyncDisposable {
  readonly phone: VirtualIPhone;
  readonly socketPath: string;
  readonly mediaFolder: string;
}

/** A phone over a fresh folder with these files in it (path from the media folder, content). */
export async function pluggedInPhone(
  files: Record<string, string | Uint8Array> = {},
  options: Partial<VirtualIPhoneOptions> = {},
): Promise<PluggedInPhone> {
  const folder = await temporaryFolder();
  const mediaFolder = join(folder, "media");
  await mkdir(join(mediaFolder, "DCIM"), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(mediaFolder, path)), { recursive: true });
    await writeFile(join(mediaFolder, path), content);
  }
  const socketPath = join(folder, "usbmuxd");
  const phone = await startVirtualIPhone({ mediaFolder, socketPath, ...options });
  return {
    phone,
    socketPath,
    mediaFolder,
    async [Symbol.asyncDispose]() {
      await phone[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A short path: a socket's has little room. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "vip-"));
}
