import type { CommandBody } from "../../command-context.js";
import { usualLibrary } from "../../compose/photos-to-examine.js";
import { realPhotos } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";

/** A person has to find the question, read it and press a button. Whoever started this waits a little longer. */
const ANSWER_MS = 150_000;

/**
 * Touches the open library, so that macOS asks the person who sits there whether the app that runs this may read it.
 * Prints nothing: the exit status is 0 where it may, `notPermitted` where it may not or nobody answered, `photos` where
 * no library is known.
 */
export const askLibrary: CommandBody = async ({ settings, signal }) => {
  const { process, originals, libraryAccess } = await realPhotos(settings, "question");
  const path = (await process.openLibrary(signal)) ?? (await usualLibrary(libraryAccess, signal));
  if (path === null) return EXIT.photos;
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    await libraryAccess.touch(path).answered(AbortSignal.any([signal, late]));
  } catch (error) {
    if (late.aborted) return EXIT.notPermitted;
    throw error;
  }
  const library = await originals.open(path, signal);
  if (!("code" in library)) return EXIT.ok;
  return library.code === "LIBRARY_NOT_PERMITTED" ? EXIT.notPermitted : EXIT.photos;
};
