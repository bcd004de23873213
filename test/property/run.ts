import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { violations } from '../helpers/invariants.ts';
import { messageOf } from '../../src/support/errors.ts';
import { said } from '../scenarios/client.ts';
import { operations } from './operations.ts';
import { windDown } from './wind-down.ts';
import { diceOf, openPropertyWorld, type PropertyWorld } from './world.ts';

export interface PropertyFigures {
  /** What came back, by operation: `done` or the problem's code, and how often. */
  readonly answers: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** How often the invariants were looked at while operations ran. */
  readonly looks: number;
  readonly ms: number;
}

/** Operations at the same time. */
const atOnce = 16;
/** Jobs that may wait while more is asked for: enough for everything to get into everything's way. */
const dueAtMost = 16;
const lookEveryMs = 400;

const byName = new Map(operations.map((operation) => [operation.name, operation]));

interface Roll {
  /** Of an operation. */
  readonly name: string;
  readonly numbers: readonly number[];
}

const roll: fc.Arbitrary<Roll> = fc.record({
  name: fc.oneof(...operations.map(({ name, weight }) => ({ weight, arbitrary: fc.constant(name) }))),
  numbers: fc.array(fc.nat(9_999), { minLength: 12, maxLength: 12 }),
});

/** Random operations, many at a time, over HTTP. @throws when an invariant was violated at any moment, or the books do not close afterwards */
export async function runProperty({ count, seed }: { readonly count: number; readonly seed: number }): Promise<PropertyFigures> {
  let figures: PropertyFigures | undefined;
  const all = fc.array(roll, { minLength: count, maxLength: count });
  const play = async (rolls: readonly Roll[]): Promise<void> => void (figures = await playRolls(rolls));
  const { failed, errorInstance } = await fc.check(fc.asyncProperty(all, play), { seed, numRuns: 1, endOnFailure: true });
  // not the thousands of operations: the seed gives them again
  if (failed || !figures)
    throw new Error(`${count} operations with the seed ${seed}: ${messageOf(errorInstance)}`, { cause: errorInstance });
  return figures;
}

async function playRolls(rolls: readonly Roll[]): Promise<PropertyFigures> {
  const begun = Date.now();
  const world = await openPropertyWorld();
  try {
    const answers = new Map<string, Record<string, number>>();
    const over = new AbortController();
    const watching = watch(world, over.signal);
    watching.catch(() => undefined); // it is asked for its result later
    const left = [...rolls];
    const runner = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) {
        await playOne(world, next, answers);
        await keptUp(world);
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, runner));
    } finally {
      over.abort();
    }
    const looks = await watching;
    await windDown(world);
    return { answers, looks, ms: Date.now() - begun };
  } finally {
    await world.close();
  }
}

async function playOne(
  world: PropertyWorld,
  { name, numbers }: Roll,
  answers: Map<string, Record<string, number>>,
): Promise<void> {
  const counts = answers.get(name) ?? {};
  answers.set(name, counts);
  for (const answer of (await byName.get(name)?.act(world, diceOf(numbers))) ?? []) {
    const { status, body } = answer;
    if (status >= 500) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
    const what = status < 400 ? 'done' : said(answer, 'code');
    counts[what] = (counts[what] ?? 0) + 1;
  }
}

/** People look at what has become of one thing before they do the next; else thousands of requests would meet orders that have not begun. */
async function keptUp({ service }: PropertyWorld): Promise<void> {
  const due = async (): Promise<number> =>
    (
      await service.database.query<{ due: number }>(
        `select count(*) as due from orderflow.outbox where done_at is null and cancelled_at is null and next_at <> 'infinity'`,
      )
    )[0]?.due ?? 0;
  while ((await due()) > dueAtMost) await sleep(25);
}

/** The invariants hold at every moment, not only at the end. @throws what was seen */
async function watch({ service }: PropertyWorld, signal: AbortSignal): Promise<number> {
  let looks = 0;
  for (; !signal.aborted; looks++) {
    // a reservation may outlive its time until the sweep comes along, when the clock is moved
    const found = (await violations(service.database)).filter((violation) => !violation.startsWith('INV-23'));
    if (found.length > 0) throw new Error(`Violated while operations ran:\n  ${found.join('\n  ')}`);
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return looks;
}
