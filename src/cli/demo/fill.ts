import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import type { Database } from '../../persistence/database.ts';
import { messageOf } from '../../support/errors.ts';
import { findSandbox } from '../sandbox.ts';
import { createClient } from './client.ts';
import { closeStory, hasEnded, noteFailure, openPages, readFill } from './fill-record.ts';
import { createJournal, forgetful } from './journal.ts';
import { runStory } from './run.ts';
import { createSandboxControl } from './sandbox-control.ts';
import { opening, scenes } from './scenes/index.ts';
import type { Story } from './story.ts';

/** The demo world as it is being filled. */
export interface Fill {
  /** Breaks off; the next start goes on. */
  stop(): Promise<void>;
}

export interface FillOptions {
  readonly url: string;
  readonly database: Database;
  readonly config: Config;
  /** Shown to whoever watches the start. */
  readonly say: (line: string) => void;
}

/** Few enough to leave the service to those who try it out meanwhile. */
const atOnce = 4;
const patienceMs = 60_000;
/** How many more stories have to end before it is worth a line. */
const tellEvery = 10;
/** How often a process looks whether the one that fills the world is still at it, ms. */
const lookMs = 5_000;

/**
 * Makes orders in every state, over HTTP, as the demo people, in the background; once in the life of a database, however often the service is started or
 * killed in between, and by one process at a time.
 */
export function fillDemoWorld(options: FillOptions): Fill {
  const stopping = new AbortController();
  const over = fill(options, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) options.say(`The demo world could not be filled: ${messageOf(error)}`);
  });
  return {
    stop: async () => {
      stopping.abort();
      await over;
    },
  };
}

async function fill(options: FillOptions, signal: AbortSignal): Promise<void> {
  const { database } = options;
  const isFull = async (): Promise<boolean> => {
    const { done, all } = await readFill(database);
    return done === all;
  };
  if (await isFull()) return;
  const pool = database.createPool({ max: 1, applicationName: 'orderflow demo world' });
  const connection = await pool.connect();
  connection.on('error', () => undefined); // the pool has told of it
  try {
    // held by the connection, so whoever is killed lets go of it
    const lock = `select pg_try_advisory_lock(hashtext('orderflow.demo-world.fill')) as mine`;
    while (!(await connection.query<{ mine: boolean }>(lock)).rows[0]?.mine) {
      await sleep(lookMs, undefined, { signal });
    }
    if (!(await isFull())) await playAll(options, signal);
  } finally {
    connection.release(true);
    await pool.end();
  }
}

async function playAll({ url, database, config, say }: FillOptions, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  const hasSandbox = (await findSandbox(config)) !== undefined;
  const clientOf = createClient({ urls: [url], patienceMs, signal, onWait: () => undefined });
  const sandboxOf = createSandboxControl(() => findSandbox(config), { patienceMs, signal });

  async function play(story: Story): Promise<void> {
    if (signal.aborted || (await hasEnded(database, story.name))) return;
    const pages = await openPages(database, story.name);
    const attempt = `${story.name} ${pages.attempt}`;
    const journal = createJournal(attempt, pages);
    let references = 0;
    const stage = {
      as: clientOf(journal),
      sandbox: sandboxOf(journal),
      journal,
      signal,
      seen: new Map(),
      say: () => undefined,
      reference: (what: string) => `${what}, demo world, ${attempt}-${++references}`,
    };
    const result = await runStory(story, stage, clientOf(forgetful)('auditor'));
    if (signal.aborted) return;
    const failure = result.error ?? `${result.actual.join(' ')} in place of ${result.expected.join(' ')}`;
    if (result.ok) await closeStory(database, story.name, result.orders);
    else await noteFailure(database, story.name, failure);
  }

  const left = scenes.filter((story) => hasSandbox || story.needsSandbox !== true);
  const { done, all } = await readFill(database);
  let told = done;
  const tell = async (): Promise<void> => {
    const now = (await readFill(database)).done;
    if (signal.aborted || now < told + tellEvery || now === all) return;
    told = now;
    say(`  demo world: ${now} of ${all}`);
  };
  say(`The demo world is being filled with orders in every state, in the background: ${done} of ${all} short stories have ended`);
  await play(opening);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let story = left.shift(); story && !signal.aborted; story = left.shift()) {
        await play(story);
        await tell();
      }
    }),
  );
  if (signal.aborted) return;
  const { done: ended, failures } = await readFill(database);
  for (const failure of failures) say(`  demo world: ${failure}`);
  say(`The demo world is filled: ${ended} of ${all} short stories in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}
