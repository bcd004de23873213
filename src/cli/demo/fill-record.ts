import type { Database } from '../../persistence/database.ts';
import type { Pages } from './journal.ts';
import { opening, scenes } from './scenes/index.ts';

/** How far the demo world is filled. */
export interface FillState {
  readonly done: number;
  readonly all: number;
  /** Scenes that did not end as they should, with the reason. */
  readonly failures: readonly string[];
}

const names = [opening, ...scenes].map(({ name }) => name);

export async function readFill(database: Database): Promise<FillState> {
  const rows = await database.query<{ name: string; ended: boolean; failure: string | null }>(
    'select name, ended_at is not null as ended, failure from orderflow.demo_story where name = any($1)',
    [names],
  );
  return {
    done: rows.filter(({ ended }) => ended).length,
    all: names.length,
    failures: rows.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`])),
  };
}

/** What the address of the service says of it. */
export async function describeFill(database: Database): Promise<string> {
  const { done, all, failures } = await readFill(database);
  const failed = failures.length === 0 ? '' : ` ${failures.length} did not end as they should.`;
  return done === all
    ? `The demo world is filled: orders in every state, made by ${all} short stories.${failed}`
    : `The demo world is being filled: ${done} of ${all} short stories have ended.${failed}`;
}

/** Has this story ended before? */
export async function hasEnded(database: Database, story: string): Promise<boolean> {
  const rows = await database.query('select 1 from orderflow.demo_story where name = $1 and ended_at is not null', [story]);
  return rows.length > 0;
}

/** Opens the record of a story, new or where it was broken off; `attempt` counts how often it was begun anew. */
export async function openPages(database: Database, story: string): Promise<Pages & { readonly attempt: number }> {
  const [opened] = await database.query<{ attempt: number }>(
    'insert into orderflow.demo_story (name) values ($1) on conflict (name) do update set name = excluded.name returning attempt',
    [story],
  );
  const rows = await database.query<{ step: number; answer: { is?: unknown } }>(
    'select step, answer from orderflow.demo_step where story = $1',
    [story],
  );
  return {
    attempt: opened?.attempt ?? 1,
    answers: new Map(rows.map(({ step, answer }) => [step, answer.is])),
    write: async (step, answer) => {
      const row = [story, step, JSON.stringify({ is: answer })];
      await database.query(
        'insert into orderflow.demo_step (story, step, answer) values ($1, $2, $3) on conflict do nothing',
        row,
      );
    },
  };
}

/** The story has ended as it should; its steps are not needed any more. */
export const closeStory = (database: Database, story: string, orders: readonly string[]): Promise<void> =>
  database.transaction(async (tx) => {
    await tx.query('delete from orderflow.demo_step where story = $1', [story]);
    await tx.query('update orderflow.demo_story set ended_at = orderflow.now(), orders = $2, failure = null where name = $1', [
      story,
      orders,
    ]);
  });

/** The story did not end as it should; the next start begins it anew, with other orders. */
export const noteFailure = (database: Database, story: string, failure: string): Promise<void> =>
  database.transaction(async (tx) => {
    await tx.query('delete from orderflow.demo_step where story = $1', [story]);
    await tx.query('update orderflow.demo_story set failure = $2, attempt = attempt + 1 where name = $1', [story, failure]);
  });
