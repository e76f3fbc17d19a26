import { PhotosEventError } from "../photos/photos-library.js";
import type { ControlRight, LibraryRight, PhotosRights } from "../photos/photos-rights.js";
import { answerOf, askPhotos } from "./ask-photos.js";
import type { RunScript } from "./run-script.js";
import { mayControlPhotos } from "./scripts/may-control-photos.js";
import { mayReadLibrary } from "./scripts/may-read-library.js";
import { photosRunning } from "./scripts/photos-running.js";

const NO_EVENT_MS = 30_000;

/** Apple, AEDataModel.h and "Error Numbers and Error Messages". */
const CONTROL: ReadonlyMap<number, ControlRight> = new Map([
  [0, "allowed"],
  [-1743, "refused"],
  [-1744, "not-asked-yet"],
  [-600, "photos-closed"],
]);

/** Apple, PHAuthorizationStatus. Allowed in part (4) is no right to the files. */
const LIBRARY: ReadonlyMap<number, LibraryRight> = new Map([
  [0, "not-asked-yet"],
  [1, "refused"],
  [2, "refused"],
  [3, "allowed"],
  [4, "refused"],
]);

/** PhotosRights over three scripts, none of which sends an Apple event. */
export function jxaPhotosRights(runScript: RunScript): PhotosRights {
  const options = (signal?: AbortSignal) => ({ deadlineMs: NO_EVENT_MS, signal, changesSomething: false });
  return {
    async isRunning(signal) {
      return (await askPhotos(runScript, photosRunning, undefined, options(signal))).running;
    },

    async mayControl(signal) {
      const { answer } = await askPhotos(runScript, mayControlPhotos, undefined, options(signal));
      const right = CONTROL.get(answer);
      if (right !== undefined) return right;
      throw new PhotosEventError(`macOS answered ${answer}, which is not understood`, answer, false);
    },

    async mayReadLibrary(signal) {
      const envelope = await answerOf(runScript, mayReadLibrary, undefined, options(signal));
      return envelope.ok ? (LIBRARY.get(envelope.value.status) ?? "unknown") : "unknown";
    },
  };
}
