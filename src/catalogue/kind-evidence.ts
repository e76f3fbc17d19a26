import { CONTENT_HEAD_BYTES, contentKind } from "../media/content-kind.js";
import { type FileKind, fileKind } from "../media/file-kinds.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import { fileNameOf } from "./camera-file-names.js";
import type { SeenFiles } from "./list-files.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/** What tells of a file what it is, besides its name. */
export interface KindEvidence {
  /** The row of a file in the phone's own library; no row is given to two files. */
  readonly rowOf: (path: string) => PhoneLibraryRow | null;
  /** By path, of files whose name says nothing and that have no row: what their first bytes say. */
  readonly byContent: ReadonlyMap<string, FileKind>;
}

export const NO_EVIDENCE: KindEvidence = { rowOf: () => null, byContent: new Map() };

/** By the phone's library, which knows photos and videos; else by content; else by name. */
export function kindOfFile(
  path: string,
  row: PhoneLibraryRow | null,
  { byContent }: Pick<KindEvidence, "byContent">,
): FileKind {
  const named = fileKind(fileNameOf(path).extension);
  if (row?.kind === "video") return "video";
  if (row?.kind === "photo") return named === "raw" ? "raw" : "photo";
  // A row makes a photo of whatever it is.
  if (row !== null && (named === "unknown" || named === "adjustments")) return byContent.get(path) ?? "photo";
  return named === "unknown" ? (byContent.get(path) ?? named) : named;
}

/**
 * The rows of what was seen. A row that differs from a path only in how accents are composed is that file's where no
 * other file has its exact spelling.
 */
export function rowsOfFiles(
  library: PhoneLibrary,
  { files, unreadable }: Pick<SeenFiles, "files" | "unreadable">,
): KindEvidence["rowOf"] {
  // Plain ASCII has one spelling only.
  const isAccented = ({ path }: { readonly path: string }) => !/^[\0-\x7f]*$/.test(path);
  const accented = [...files.filter(isAccented), ...unreadable.filter(isAccented)];
  const exact = new Set(accented.map(({ path }) => path));
  const isGiven = new Set<string>();
  const without = new Set<string>();
  for (const { path } of accented) {
    const row = library.find(path);
    if (row === null || row.path === path) continue;
    if (exact.has(row.path) || isGiven.has(row.path)) without.add(path);
    isGiven.add(row.path);
  }
  return (path) => (without.has(path) ? null : library.find(path));
}

const HEADS_AT_ONCE = 8;

/**
 * Reads the first bytes of files whose name says nothing: a picture may be called anything. A kilobyte each, a few at a
 * time.
 * @returns by path; a file that the phone does not give, or that is neither picture nor video, is not in it
 * @throws RollcallError as {@link Phone.read} does
 */
export async function readContents(
  phone: Phone,
  files: Iterable<PhoneFile>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, FileKind>> {
  const kinds = new Map<string, FileKind>();
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const kind = contentKind(await firstBytes(phone, file, signal));
      if (kind === "picture") kinds.set(file.path, "photo");
      if (kind === "video") kinds.set(file.path, "video");
    }
  };
  try {
    await Promise.all(Array.from({ length: HEADS_AT_ONCE }, work));
  } finally {
    waiting.length = 0; // where one ended the run, the others begin nothing more
  }
  return kinds;
}

async function firstBytes(phone: Phone, file: PhoneFile, signal: AbortSignal | undefined): Promise<Buffer> {
  const sizeBytes = Math.min(CONTENT_HEAD_BYTES, file.sizeBytes);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of phone.readPieces(file.path, [{ offset: 0, sizeBytes }], signal))
      chunks.push(Uint8Array.from(chunk)); // the phone's is valid until the next is asked for
  } catch (error) {
    if (!(error instanceof PhoneFileError)) throw error;
  }
  return Buffer.concat(chunks);
}
