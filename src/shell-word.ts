/** One word for a POSIX shell, in single quotes, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same, without quotes where it needs none. */
export function pathForShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quoted(path);
}

/** A shell expands none of these in double quotes. */
const AS_SHOWN = /^[\p{L}\p{N}\p{M} '\u2019_.,:=@%+()/-]+$/u;

/**
 * A name or a path from elsewhere in a command that a person copies into a shell: it means that name and does nothing.
 * In double quotes where nothing in it could be expanded, since those read well around an apostrophe.
 */
export function nameForShell(name: string): string {
  return AS_SHOWN.test(name) ? `"${name}"` : quoted(name);
}
