/** One rule broken in the product, and the tests that ought to notice. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks, in one sentence. */
  readonly breaks: string;
  readonly file: string;
  /** Exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** Test files, from the root. */
  readonly tests: readonly string[];
  /** A regular expression for the titles of the tests that are run; all unless given. */
  readonly title?: string;
}

export declare const MUTANTS: readonly Mutant[];
