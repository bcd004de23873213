import { expect } from 'chai';
import { createJournal, type Journal } from '../../src/cli/demo/journal.ts';

describe('journal of a story', () => {
  /** What is left of a story that was broken off, and the keys under which it did something. */
  const answers = new Map<number, unknown>();
  const keys: string[] = [];
  const open = (): Journal =>
    createJournal('a story', {
      answers,
      write: async (step, answer) => void answers.set(step, JSON.parse(JSON.stringify(answer))),
    });
  const act =
    (answer: object) =>
    async (key: string): Promise<object> => {
      keys.push(key);
      return answer;
    };

  it('goes on at the step that was broken off, under its old key, and takes none before it again', async () => {
    const first = open();
    expect(await first.once(act({ id: 1 }))).to.deep.equal({ id: 1 });
    const lost = async (key: string): Promise<object> => {
      keys.push(key);
      throw new Error('killed');
    };
    await first.once(lost).catch(() => undefined);

    const second = open();
    expect(await second.once(act({ id: 'never' }))).to.deep.equal({ id: 1 });
    expect(await second.once(act({ id: 2 }))).to.deep.equal({ id: 2 });
    expect(await second.once(act({ id: 3 }))).to.deep.equal({ id: 3 });
    expect(keys).to.deep.equal(
      ['a story, step 0', 'a story, step 1', 'a story, step 1', 'a story, step 2'].map((key) => `demo world: ${key}`),
    );
  });

  it('notes down what a wait has seen in the end, and not how often it looked', async () => {
    answers.clear();
    const journal = open();
    const seen = await journal.once(async () => {
      for (const _ of [1, 2]) await journal.once(act({ state: 'not yet' }));
      return { state: 'there' };
    });
    await journal.once(act({ id: 4 }));
    expect(seen).to.deep.equal({ state: 'there' });
    expect([...answers]).to.deep.equal([
      [0, { state: 'there' }],
      [1, { id: 4 }],
    ]);
  });
});
