/** A piece of the service's text, and what a bug makes of it. */
export interface Edit {
  /** Path in the repository, of `src` or `migrations`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** A bug that somebody could write, and the test that has to find it. */
export interface Mutant {
  /** To name it on the command line. */
  readonly name: string;
  /** The bug, in words. */
  readonly what: string;
  /** Several where one alone is caught by a second belt: together they are the bug. */
  readonly edits: readonly [Edit, ...Edit[]];
  readonly caughtBy: NamedTest;
}

export interface NamedTest {
  readonly file: string;
  /** All of the title of one `it`. */
  readonly title: string;
}

/** How often an edit's text occurs in its file's text. */
export const occurrences = ({ from }: Edit, text: string): number => text.split(from).length - 1;
