import { statSync } from "node:fs";
import { RollcallError } from "../../errors.js";

/** @throws RollcallError BAD_USAGE where it is no folder */
export function checkMediaFolder(mediaFolder: string): void {
  const stats = statSync(mediaFolder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  throw new RollcallError("BAD_USAGE", {
    message: `The virtual iPhone has no media folder: ${mediaFolder}`,
    why: stats === undefined ? "There is nothing of that name." : "It is not a folder.",
    remedy: "Give the folder that contains DCIM.",
  });
}

/** @throws RollcallError BAD_USAGE where no iPhone has such a UDID */
export function checkUdid(udid: string): void {
  if (/^([0-9a-f]{40}|[0-9a-f]{8}-[0-9a-f]{16})$/i.test(udid)) return;
  throw new RollcallError("BAD_USAGE", {
    message: `"${udid}" is not the UDID of an iPhone.`,
    remedy: "Give 8 and 16 hexadecimal digits with a dash between them, or 40 of them.",
  });
}
