/** Whole lines out of text that comes in pieces. */
export class Lines {
  #rest = "";

  /** The lines that this piece completes, without their ends; empty ones are left out. */
  add(piece: string): string[] {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "");
  }
}
