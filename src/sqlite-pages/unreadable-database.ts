/** Why a database could not be copied. Its message is a sentence that says what was found. */
export class UnreadableDatabase extends Error {
  /**
   * `absent`: there is no such file. `damaged`: its bytes break the rules of SQLite's format. `changing`: it was
   * checkpointed while it was read. `no-room`: this computer's disk has no room for a copy of it.
   */
  readonly kind: "absent" | "damaged" | "changing" | "no-room";

  constructor(kind: UnreadableDatabase["kind"], message: string) {
    super(message);
    this.name = "UnreadableDatabase";
    this.kind = kind;
  }
}

export function damaged(what: string): UnreadableDatabase {
  return new UnreadableDatabase("damaged", `Its database is damaged: ${what}.`);
}
