import { expect } from 'chai';
import { opening, scenes } from '../../src/cli/demo/scenes/index.ts';
import { closeStory, describeFill, hasEnded, noteFailure, openPages, readFill } from '../../src/cli/demo/fill-record.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

describe('record of how far the demo world is filled', () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.drop());

  it('keeps the steps of a story that was broken off, begins one that failed anew, and forgets those of one that has ended', async () => {
    const { database } = db;
    const first = await openPages(database, opening.name);
    await first.write(0, { id: 1 });
    await first.write(1, undefined);
    const again = await openPages(database, opening.name);
    expect([again.attempt, [...again.answers]]).to.deep.equal([
      1,
      [
        [0, { id: 1 }],
        [1, undefined],
      ],
    ]);

    await noteFailure(database, opening.name, 'it went otherwise');
    const anew = await openPages(database, opening.name);
    expect([anew.attempt, anew.answers.size, await hasEnded(database, opening.name)]).to.deep.equal([2, 0, false]);
    expect(await readFill(database)).to.deep.equal({
      done: 0,
      all: scenes.length + 1,
      failures: [`${opening.name}: it went otherwise`],
    });

    await anew.write(0, { id: 2 });
    await closeStory(database, opening.name, []);
    expect(await hasEnded(database, opening.name)).to.equal(true);
    expect(await database.query('select 1 from orderflow.demo_step')).to.deep.equal([]);
    expect(await describeFill(database)).to.contain(`1 of ${scenes.length + 1} short stories have ended.`);
  });

  it('tells stories apart by name', () => {
    const names = [opening, ...scenes].map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
