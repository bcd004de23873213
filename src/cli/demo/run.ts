import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../support/errors.ts';
import type { Api } from './client.ts';
import { readEnd, type End } from './end.ts';
import type { Root, Stage } from './stage.ts';
import type { Story } from './story.ts';
import type { TimelineLine } from './timeline.ts';

/** How a story went. */
export interface StoryResult {
  readonly name: string;
  readonly title: string;
  readonly expected: readonly string[];
  /** Where its orders have ended, in the order of `expected`. */
  readonly actual: readonly string[];
  /** Numbers of these orders. */
  readonly orders: readonly string[];
  /** The states that each has gone through: `OPEN>RESERVING>CLEARED`. */
  readonly paths: readonly string[];
  readonly ok: boolean;
  readonly error?: string;
  readonly seconds: number;
  readonly timeline: readonly TimelineLine[];
}

const pollMs = 150;
/** How long the orders around one that has ended may take to follow, ms. */
const settleMs = 20_000;

/** Plays a story to its end, and lets somebody read where its orders then are; never rejects. */
export async function runStory(story: Story, backdrop: Omit<Stage, 'follow'>, reader: Api): Promise<StoryResult> {
  const { name, title, expected } = story;
  const begun = performance.now();
  const roots: Root[] = [];
  let failure: unknown;
  let end: End = { orders: [], timeline: [] };
  try {
    await story.play({ ...backdrop, follow: (order) => void roots.push(order) });
  } catch (error) {
    failure = error;
  }
  try {
    end = await readEnd(reader, roots);
    // what an act has set going with an order's neighbours may take a moment more
    for (let left = failure === undefined ? settleMs : 0; left > 0 && statesOf(end) !== expected.join(); left -= pollMs) {
      await sleep(pollMs, undefined, { signal: backdrop.signal });
      end = await readEnd(reader, roots);
    }
  } catch (error) {
    failure ??= error;
  }
  return {
    name,
    title,
    expected,
    actual: end.orders.map((order) => order.state),
    orders: end.orders.map((order) => order.number),
    paths: end.orders.map((order) => order.path),
    ok: failure === undefined && expected.join() === statesOf(end),
    ...(failure !== undefined && { error: messageOf(failure) }),
    seconds: (performance.now() - begun) / 1000,
    timeline: end.timeline,
  };
}

const statesOf = ({ orders }: End): string => orders.map(({ state }) => state).join();
