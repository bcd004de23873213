import type { Stage } from './stage.ts';

/** An order's way through the system, as the people of the demo world would drive it. */
export interface Story {
  /** A word or two, for the line of its progress. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  /** Where its orders have to end: for each that it follows quotation, sale order, fulfilments and returns, these in the order of their numbers. */
  readonly expected: readonly string[];
  /** Told to misbehave, or to pay, the sandbox plays a part; without one the story is left out. */
  readonly needsSandbox?: true;
  play(stage: Stage): Promise<void>;
}
