import { MOST_ADJUSTMENTS_BYTES, readAdjustments } from "../media/adjustments-plist.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";

/**
 * The formats of edits that Photos takes with an import: those that osxphotos passes on (its pull requests 1113 and
 * 1653). Phones write others too, `ScreenshotServices` (osxphotos #1656) and `com.apple.video.slomo`; what Photos
 * does with those is not known, so they are named and not sent. That the `Adjustments.plist` of a phone is taken as
 * an AAE is unverified on macOS.
 */
const FORMATS_TAKEN: ReadonlySet<string> = new Set(["com.apple.photo", "com.apple.video"]);

const LONGEST_SHOWN = 60;
const RECIPES_AT_ONCE = 8;

/**
 * Why Photos cannot be given an edit with this recipe (`Adjustments.plist`), as a sentence about any file of the
 * edit; null where it can.
 */
export function refusalOfRecipe(bytes: Uint8Array): string | null {
  const recipe = readAdjustments(bytes);
  if ("why" in recipe) return `It belongs to an edit whose recipe cannot be used: ${recipe.why}.`;
  const { formatIdentifier } = recipe;
  if (FORMATS_TAKEN.has(formatIdentifier)) return null;
  const isLong = formatIdentifier.length > LONGEST_SHOWN;
  const shown = JSON.stringify(isLong ? `${formatIdentifier.slice(0, LONGEST_SHOWN)}…` : formatIdentifier);
  return `It belongs to an edit in the format ${shown}, and Photos is known to take ${[...FORMATS_TAKEN].join(" and ")} only.`;
}

/**
 * Reads recipes off the phone, a few at a time: they are a kilobyte each.
 * @returns by path, as {@link refusalOfRecipe}; a recipe that the phone does not give is a refusal too
 * @throws RollcallError as {@link Phone.read} does
 */
export async function readRecipes(
  phone: Phone,
  recipes: Iterable<PhoneFile>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> {
  const read = await readEach(phone, recipes, signal);
  return new Map(
    [...read].map(([path, found]) => [
      path,
      typeof found === "string" ? refused(found) : refusalOfRecipe(found),
    ]),
  );
}

/**
 * Which of these AAE files are no recipes: the edit is then in its rendering alone. One that the phone does not give now
 * is none of them.
 * @returns paths
 * @throws RollcallError as {@link Phone.read} does
 */
export async function damagedRecipes(
  phone: Phone,
  recipes: Iterable<PhoneFile>,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const read = await readEach(phone, recipes, signal);
  const isDamaged = (found: Uint8Array | string) =>
    found === TOO_LARGE || (typeof found !== "string" && "why" in readAdjustments(found));
  return new Set([...read].flatMap(([path, found]) => (isDamaged(found) ? [path] : [])));
}

/** @returns by path the bytes, or why they cannot be had */
async function readEach(
  phone: Phone,
  recipes: Iterable<PhoneFile>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const read = new Map<string, Uint8Array | string>();
  const waiting = [...recipes];
  const work = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
      read.set(file.path, await readRecipe(phone, file, signal));
  };
  try {
    await Promise.all(Array.from({ length: RECIPES_AT_ONCE }, work));
  } finally {
    waiting.length = 0; // where one ended the run, the others begin nothing more
  }
  return read;
}

const TOO_LARGE = "it is larger than any edit";

async function readRecipe(
  phone: Phone,
  file: PhoneFile,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | string> {
  if (file.sizeBytes > MOST_ADJUSTMENTS_BYTES) return TOO_LARGE;
  const chunks: Uint8Array[] = [];
  let readBytes = 0;
  try {
    for await (const chunk of phone.read(file.path, { expected: file, signal })) {
      readBytes += chunk.byteLength;
      if (readBytes > file.sizeBytes) break;
      chunks.push(Uint8Array.from(chunk)); // the phone's is valid until the next is asked for
    }
  } catch (error) {
    if (error instanceof PhoneFileError) return error.reason.message;
    throw error;
  }
  return readBytes === file.sizeBytes ? Buffer.concat(chunks) : "it changed while it was read";
}

function refused(why: string): string {
  return `It belongs to an edit whose recipe could not be read: ${why}.`;
}
