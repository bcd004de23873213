import { randomUUID } from 'node:crypto';

/** What a story has learnt and done so far. */
export interface Journal {
  /**
   * Does something once, under a key that stays the same however often it is tried, and answers what it answered. Inside of it nothing is noted down:
   * whoever waits for something asks again and again, and only what came of it counts.
   */
  once<T>(run: (key: string) => Promise<T>): Promise<T>;
}

/** For a story that nobody will go on with. */
export const forgetful: Journal = { once: (run) => run(randomUUID()) };

/** Where the answers of a story are kept, by the number of the step. */
export interface Pages {
  readonly answers: ReadonlyMap<number, unknown>;
  readonly write: (step: number, answer: unknown) => Promise<void>;
}

/**
 * For a story that goes on where it was broken off: steps that have an answer are not taken again, and the step that was broken off is taken again under its
 * old key. So a story has to take its steps in a fixed order, one after the other.
 */
export function createJournal(story: string, { answers, write }: Pages): Journal {
  let next = 0;
  let isInside = false;
  return {
    once: async <T>(run: (key: string) => Promise<T>): Promise<T> => {
      if (isInside) return run(randomUUID());
      const step = next++;
      if (answers.has(step)) return answers.get(step) as T;
      isInside = true;
      try {
        const answer = await run(`demo world: ${story}, step ${step}`);
        await write(step, answer);
        return answer;
      } finally {
        isInside = false;
      }
    },
  };
}
