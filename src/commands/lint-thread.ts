import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ImpossibleState, Problem } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import type { Resources } from './bundle-files.ts';
import type { LintBundle, LintedBundle } from './declarations.ts';
import { toldOutside } from './lint-bundle.ts';

export interface ToThread {
  readonly resources: Resources;
}
export type FromThread =
  | { readonly ready: true }
  | { readonly linted: LintedBundle }
  /** A fault of ours. */
  | { readonly failed: string };

export interface LintThread {
  /** @throws Problem unavailable when too many wait already */
  readonly lint: LintBundle;
  close(): Promise<void>;
}

/** Uploads that may wait for the one that is being read. */
const queueLength = 8;

/**
 * Judges uploads in a thread of its own, one after the other, so that the service answers others meanwhile: with a deadline (ms, without the start
 * of the thread) and a limit of memory. Whatever exceeds them is refused as `too-slow`, and the thread is replaced.
 */
export function createLintThread(logger: Logger, { deadlineMs = 4_000, memoryMb = 256 } = {}): LintThread {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;

  /** A thread that is ready before somebody needs it: to begin takes seconds on a busy machine. */
  const begin = (): Promise<Worker> => {
    const starting = start(memoryMb);
    starting.then(
      (worker) =>
        // one that ends by itself has a successor; one that was replaced has one already
        worker.once('exit', () => {
          if (!isClosed && thread === starting) thread = begin();
        }),
      (error: unknown) => logger.error({ err: error }, 'the thread that reads uploads did not start'),
    );
    return starting;
  };
  let thread = begin();

  const judge = async (resources: Resources): Promise<LintedBundle> => {
    if (isClosed) throw new Problem('unavailable', 'The service is ending.', { retryAfter: 1 });
    const worker = await thread.catch(() => (thread = begin()));
    const answer = await answerOf(worker, resources, deadlineMs);
    if (answer === undefined) {
      thread = begin();
      await worker.terminate();
      logger.warn({ files: [...resources.keys()] }, 'an upload took too long or too much memory to read');
      return tooSlow(resources, deadlineMs, memoryMb);
    }
    if ('linted' in answer) return answer.linted;
    throw new ImpossibleState('failed' in answer ? `the linter failed: ${answer.failed}` : 'the linter began twice');
  };

  return {
    lint: (resources) => {
      if (waiting >= queueLength)
        throw new Problem('unavailable', `${waiting} uploads wait to be read. Try again in a few seconds.`, { retryAfter: 5 });
      waiting++;
      const mine = last.then(() => judge(resources)).finally(() => waiting--);
      last = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      isClosed = true;
      const worker = await thread.catch(() => undefined);
      await worker?.terminate();
    },
  };
}

async function start(memoryMb: number): Promise<Worker> {
  const worker = new Worker(new URL('lint-worker.mjs', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  worker.unref(); // whoever forgets to close it may end all the same
  worker.on('error', () => undefined); // told to whoever waits for an answer; without a listener it would end the process
  const ended = once(worker, 'exit').then(() => {
    throw new Error('it ended before it was ready');
  });
  ended.catch(() => undefined);
  await Promise.race([once(worker, 'message'), ended]);
  return worker;
}

/** What the thread says; undefined when it has run out of time or memory. */
async function answerOf(worker: Worker, resources: Resources, deadlineMs: number): Promise<FromThread | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      clearTimeout(deadline);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (answer: FromThread): void => settle(() => resolve(answer))();
    const onError = (error: Error & { readonly code?: string }): void =>
      settle(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(undefined) : reject(error)))();
    const onExit = settle(() => resolve(undefined));
    const deadline = setTimeout(onExit, deadlineMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ resources } satisfies ToThread, []);
  });
}

const tooSlow = (resources: Resources, deadlineMs: number, memoryMb: number): LintedBundle => ({
  processes: [],
  decisions: [],
  jobs: new Map(),
  forms: new Map(),
  variables: new Map(),
  findings: [...resources.keys()].slice(0, 1).map((file) =>
    toldOutside({
      file,
      elementId: null,
      rule: 'too-slow',
      message: `Reading the files took more than ${deadlineMs / 1000} s or ${memoryMb} MB. Split them.`,
    }),
  ),
});
