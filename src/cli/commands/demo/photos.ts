import { join } from "node:path";
import { openVirtualPhotos } from "../../../virtual/photos/virtual-photos.js";
import { writeOsascriptExecutable } from "../../../virtual/photos/write-osascript.js";
import type { CommandBody } from "../../command-context.js";
import { EXIT } from "../../process/exit-status.js";
import { typedPath } from "../../process/typed-path.js";
import { writeOut } from "../../terminal/standard-output.js";
import type { DemoPhotosFlags } from "./command.js";

/** Makes a virtual library where there is none, and says how to reach it: lines for `eval` in a shell. */
export const demoPhotos: CommandBody<DemoPhotosFlags> = async (_context, flags) => {
  const libraryPath = typedPath("--library", flags.library);
  openVirtualPhotos(libraryPath).close();
  const osascript = writeOsascriptExecutable({ file: join(libraryPath, "rollcall-osascript"), libraryPath });
  await writeOut(
    `${exported("ROLLCALL_OSASCRIPT", osascript)}\n${exported("ROLLCALL_PHOTOS_LIBRARY", libraryPath)}\n`,
  );
  return EXIT.ok;
};

/** `export NAME="value"`, whatever is in the value: these four stay special between double quotes (POSIX 2.2.3). */
export function exported(name: string, value: string): string {
  return `export ${name}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"`;
}
