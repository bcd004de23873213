import { expect } from 'chai';
import { shareOut } from '../../src/support/share-out.ts';

describe('sharing work out', () => {
  it('does each item once, in order, so many at a time, and one that takes long keeps nobody from the others', async () => {
    const done: number[] = [];
    let letGo: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    let [now, most] = [0, 0];
    await shareOut([0, 1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++now);
      if (item === 0) await slow;
      else await Promise.resolve();
      now--;
      done.push(item);
      if (item === 5) letGo();
    });
    expect(done).to.deep.equal([1, 2, 3, 4, 5, 0]);
    expect(most).to.equal(2);
  });

  it('fails as soon as a piece of work does', async () => {
    const work = (item: number): Promise<void> => (item === 1 ? Promise.reject(new Error('broken')) : Promise.resolve());
    const error = await shareOut([0, 1, 2], 2, work).catch((reason: Error) => reason.message);
    expect(error).to.equal('broken');
  });
});
