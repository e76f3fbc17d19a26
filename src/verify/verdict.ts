/** One witness for a file, weakest first (design: the ladder of evidence). */
export type Evidence =
  /** Photos returned an id for its item. */
  | "id"
  /** Read back under that id: the same file name. */
  | "name"
  /** Read back: the same length. */
  | "size"
  /** "Last Import" has the length it should have. */
  | "album"
  /** The library's database: copied in, not trashed, complete. */
  | "database"
  /** Read inside the library (in a copy: in the folder), the bytes are those that came off the phone. */
  | "sha256";

const WEAKEST_FIRST: readonly Evidence[] = ["id", "name", "size", "album", "database", "sha256"];

/** What several looks found, together, weakest first: witnesses come in any order. */
export function together(...found: readonly (readonly string[])[]): Evidence[] {
  const all = new Set(found.flat());
  return WEAKEST_FIRST.filter((one) => all.has(one));
}

/** What verification found for one file, and by what evidence. */
export type Verdict =
  | {
      readonly kind: "present";
      readonly evidence: readonly Evidence[];
      /** The name under which Photos lists its item, where that is another file's; null where it is its own. */
      readonly beside: string | null;
    }
  /** Photos does not list the id, or lists it under another name. By script alone that is all one can say. */
  | { readonly kind: "unknown"; readonly message: string };
