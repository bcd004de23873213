import { startScanner } from './scan.ts';

// The worker by itself: it does what there is to do until it is asked to stop, and then finishes what it has begun.
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const worker = startScanner(say);
say('waiting for documents');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say('finishing');
    void worker.stop().then(() => say('stopped'));
  });
}
