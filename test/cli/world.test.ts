import { expect } from 'chai';
import { seedMasterData } from '../../src/cli/demo/world.ts';
import { openTestDatabase } from '../helpers/database.ts';

describe('master data of the demo world', () => {
  it('is added once, also by two processes that start at the same moment, and what was changed since stays', async () => {
    const db = await openTestDatabase();
    const figures = () =>
      db.database
        .query(`select (select count(*) from orderflow.customer) as customers, (select count(*) from orderflow.product) as products,
                                (select count(*) from orderflow.credit_profile) as profiles`);
    await Promise.all([seedMasterData(db.database), seedMasterData(db.database)]);
    const first = await figures();
    await db.database.query(`update orderflow.customer set name = 'renamed'`);
    await seedMasterData(db.database);
    expect(await figures()).to.deep.equal(first);
    expect(await db.database.query(`select 1 from orderflow.customer where name <> 'renamed'`)).to.deep.equal([]);
    await db.drop();
  });
});
