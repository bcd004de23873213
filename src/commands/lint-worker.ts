import { parentPort } from 'node:worker_threads';
import { messageOf } from '../support/errors.ts';
import { lintBundle } from './lint-bundle.ts';
import type { FromThread, ToThread } from './lint-thread.ts';

// The other side of lint-thread.ts: judges one bundle after the other, and holds nothing else that could be lost.

const port = parentPort;
if (!port) throw new Error('This file runs in a worker thread.');

const say = (message: FromThread): void => port.postMessage(message);

port.on('message', ({ resources }: ToThread) => {
  lintBundle(resources).then(
    (linted) => say({ linted }),
    (error: unknown) => say({ failed: messageOf(error) }),
  );
});
say({ ready: true });
