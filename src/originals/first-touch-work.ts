/** What is asked about a library package. `isCaseBlind`: the disk takes `a` for `A`, as a Mac's usually does. */
export interface TouchQuestion {
  readonly ask: "locate" | "freeSpace" | "touch";
  /** Absolute. */
  readonly path: string;
  readonly isCaseBlind: boolean;
}

export type TouchAnswer =
  | { readonly kind: "folder" | "other" | "absent"; readonly path: string }
  | { readonly kind: "space"; readonly volume: string; readonly freeBytes: number }
  | { readonly kind: "touched" }
  | { readonly kind: "failed"; readonly message: string };

/**
 * The whole work of the process that touches a library first. It is given to that process as text, so that it runs
 * from sources and from a build alike: nothing outside this function can be seen in it, and no `import` may stand in it.
 * @returns what answers one question; it never rejects
 */
export function firstTouchWork(load: NodeJS.Require): (question: TouchQuestion) => Promise<TouchAnswer> {
  const fs = load("node:fs/promises") as typeof import("node:fs/promises");
  const { basename, dirname, join, resolve } = load("node:path") as typeof import("node:path");

  const MOST_LINKS = 40;
  const ABSENT = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"];
  const codeOf = (error: unknown) => String((error as { code?: unknown }).code);
  const folded = (name: string) => name.normalize("NFC").toLowerCase();

  /** What a folder lists tells a link from a folder without a look at either. */
  const locate = async ({ path, isCaseBlind }: TouchQuestion, links = 0): Promise<TouchAnswer> => {
    const name = basename(path);
    if (name === "") return { kind: "folder", path };
    if (links > MOST_LINKS) return { kind: "absent", path };
    const around = await fs.realpath(dirname(path));
    const entries = await fs.readdir(around, { withFileTypes: true });
    const alike = isCaseBlind ? entries.filter((entry) => folded(entry.name) === folded(name)) : [];
    const found = entries.find((entry) => entry.name === name) ?? alike[0];
    if (found === undefined) return { kind: "absent", path };
    const place = join(around, found.name);
    if (!found.isSymbolicLink()) return { kind: found.isDirectory() ? "folder" : "other", path: place };
    const target = resolve(around, await fs.readlink(place));
    return locate({ ask: "locate", path: target, isCaseBlind }, links + 1);
  };

  /** A folder that may be entered and not listed: then there is no other way than to look at the package. */
  const lookAt = async (path: string): Promise<TouchAnswer> => {
    const real = await fs.realpath(path);
    return { kind: (await fs.stat(real)).isDirectory() ? "folder" : "other", path: real };
  };

  const locateSomehow = async (question: TouchQuestion): Promise<TouchAnswer> => {
    const { path } = question;
    const failed = (error: unknown): TouchAnswer => {
      if (ABSENT.includes(codeOf(error))) return { kind: "absent", path };
      throw error;
    };
    return locate(question).catch((error: unknown) =>
      ["EACCES", "EPERM"].includes(codeOf(error)) ? lookAt(path).catch(failed) : failed(error),
    );
  };

  const freeSpace = async (path: string): Promise<TouchAnswer> => {
    for (let at = dirname(path); ; at = dirname(at)) {
      try {
        const { dev } = await fs.stat(at);
        const { bavail, bsize } = await fs.statfs(at);
        return { kind: "space", volume: String(dev), freeBytes: bavail * bsize };
      } catch (error) {
        if (codeOf(error) !== "ENOENT" || dirname(at) === at) throw error;
      }
    }
  };

  /** Every kind of access that a run makes later, of what is there. What each of them says is seen then. */
  const touch = async (path: string): Promise<TouchAnswer> => {
    const database = join(path, "database");
    const nothing = await fs.lstat(path).then(
      () => false,
      (error: unknown) => ABSENT.includes(codeOf(error)),
    );
    if (nothing) return { kind: "absent", path };
    const touches: (() => Promise<unknown>)[] = [
      () => fs.readdir(path),
      () => fs.statfs(path),
      () => fs.lstat(database),
      () => fs.readdir(database),
      async () => {
        const file = await fs.open(join(database, "Photos.sqlite"), "r");
        try {
          await file.read(Buffer.alloc(16), 0, 16, 0);
        } finally {
          await file.close();
        }
      },
      () => fs.readdir(join(path, "originals")),
    ];
    for (const one of touches) await one().catch(() => undefined);
    return { kind: "touched" };
  };

  return async (question) => {
    try {
      if (question.ask === "locate") return await locateSomehow(question);
      return question.ask === "touch" ? await touch(question.path) : await freeSpace(question.path);
    } catch (error) {
      return { kind: "failed", message: String((error as { message?: unknown }).message) };
    }
  };
}
