import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { TurnRefused, Turns } from '../../src/support/turns.ts';

/** A piece of work that ends when it is told to. */
function work(name: string, log: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    log.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

describe('turns', () => {
  it('go one after the other, in the order in which they came, and never for another key', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const [a, b, c, other] = ['a', 'b', 'c', 'other'].map((name) => work(name, log));
    if (!a || !b || !c || !other) throw new Error('no work');
    const all = [a, b, c].map(({ run }) => turns.take('S-1', 10_000, run));
    const beside = turns.take('S-2', 10_000, other.run);
    await sleep(0);
    expect(log).to.deep.equal(['a', 'other']);
    for (const each of [a, b, c, other]) each.end();
    expect(await Promise.all([...all, beside])).to.deep.equal(['a', 'b', 'c', 'other']);
    expect(log).to.deep.equal(['a', 'other', 'b', 'c']);
  });

  it('pass on after a failure, and over whoever has lost patience', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const first = work('first', log);
    const failing = turns.take('S-1', 10_000, async () => {
      await first.run();
      throw new Error('failed');
    });
    const impatient = turns.take('S-1', 5, work('impatient', log).run);
    const last = turns.take('S-1', 10_000, () => Promise.resolve('last'));
    const gaveUp = await impatient.catch((error: unknown) => error);
    expect(gaveUp).to.be.instanceOf(TurnRefused);
    first.end();
    expect(await failing.catch((error: Error) => error.message)).to.equal('failed');
    expect(await last).to.equal('last');
    expect(log).to.deep.equal(['first']);
  });
});
