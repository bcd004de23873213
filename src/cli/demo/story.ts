import type { Stage } from './stage.ts';

/** An order's way through the system, as the people of the demo world would drive it. */
export interface Story {
  /** A word or two, for the line of its progress. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  /** Where its orders have to end: quotation, sale order, fulfilments in the order of their numbers. */
  readonly expected: readonly string[];
  /** Told to misbehave, the sandbox plays a part; without one the story is left out. */
  readonly needsSandbox?: true;
  play(stage: Stage): Promise<void>;
}

/** The story does not go as it should: an order is in another state than it has to be, or nothing moves. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}
