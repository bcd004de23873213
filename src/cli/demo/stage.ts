import { setTimeout as sleep } from 'node:timers/promises';
import type { Wait } from '../../contract/wait.ts';
import type { As } from './client.ts';
import type { Journal } from './journal.ts';
import type { SandboxControl } from './sandbox-control.ts';
import { StoryFailed } from './story-failed.ts';

/** An order at which others begin. */
export interface Root {
  readonly noun: 'quotations' | 'sale-orders';
  readonly id: string;
}

/** What a story plays on. */
export interface Stage {
  /** The service as a demo person sees it. */
  readonly as: As;
  readonly journal: Journal;
  /** Shows how far the story is. */
  readonly say: (what: string) => void;
  /** A reference that nobody has used before: a delivery note, a bank transfer. */
  readonly reference: (what: string) => string;
  /** Where the story's orders begin; its timeline and its end are read from there. */
  readonly follow: (order: Root) => void;
  /** The state that each order was last shown in, by its number. */
  readonly seen: Map<string, string | null>;
  readonly sandbox: SandboxControl;
  readonly signal: AbortSignal;
}

/** An order of any kind, as far as waiting for it goes. */
interface Order {
  readonly number: string;
  readonly workflowState: string | null;
  readonly closedAt: string | null;
  readonly waits: readonly Wait[];
}

const pollMs = 150;
/** An order that has not moved for so long is mentioned again, ms. */
const mentionMs = 10_000;
/** Longer than a service needs to come back and notice that a job was lost (JOB_LEASE_MS), ms. */
const patienceMs = 180_000;

/** Reads an order again and again until it is where it should be. @throws StoryFailed when it has ended otherwise, stands still or takes too long */
export const until = <T extends Order>(
  stage: Stage,
  read: () => Promise<T>,
  isThere: (order: T) => boolean,
  where: string,
): Promise<T> => stage.journal.once(() => watch(stage, read, isThere, where));

async function watch<T extends Order>(
  stage: Stage,
  read: () => Promise<T>,
  isThere: (order: T) => boolean,
  where: string,
): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  let mentionAt = Date.now() + mentionMs;
  for (;;) {
    const order = await read();
    const { number, workflowState, closedAt, waits } = order;
    const waitsAt = waits.map((wait) => wait.elementId).join(', ') || 'nothing';
    const moved = stage.seen.get(number) !== workflowState;
    if (moved || Date.now() > mentionAt) {
      stage.say(moved ? `${number} ${workflowState ?? 'new'}` : `${number} still ${workflowState}, waits at ${waitsAt}`);
      stage.seen.set(number, workflowState);
      mentionAt = Date.now() + mentionMs;
    }
    if (isThere(order)) return order;
    if (closedAt !== null) throw new StoryFailed(`${number} ended as ${workflowState} on the way to ${where}.`);
    const stuck = waits.find((wait) => wait.incidentId !== undefined);
    if (stuck) throw new StoryFailed(`${number} stands still at ${stuck.elementId}: see GET /v1/incidents/${stuck.incidentId}.`);
    if (Date.now() > giveUpAt) {
      throw new StoryFailed(
        `${number} is still ${workflowState} after ${patienceMs / 1000} s, not ${where}. It waits at ${waitsAt}.`,
      );
    }
    await sleep(pollMs, undefined, { signal: stage.signal });
  }
}

/** `until` it is in a state that it stays in. States that jobs only pass through can be over before they are seen. */
export const untilState = <T extends Order>(stage: Stage, read: () => Promise<T>, state: string): Promise<T> =>
  until(stage, read, (order) => order.workflowState === state, state);

/** Looks again and again until something is so that no order shows. @throws StoryFailed when it takes too long */
export const untilTrue = <T>(stage: Stage, what: string, look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> =>
  stage.journal.once(async () => {
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(pollMs, undefined, { signal: stage.signal })) {
      const seen = await look();
      if (isSo(seen)) return seen;
      if (Date.now() > giveUpAt) throw new StoryFailed(`Still not so after ${patienceMs / 1000} s: ${what}`);
    }
  });

/** What is shown of an order has to be as it should. @throws StoryFailed */
export function check(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new StoryFailed(otherwise);
}
