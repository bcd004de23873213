import { expect } from 'chai';
import { Column, DataSource, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { poolOptions } from '../../src/persistence/connection.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

@Entity({ schema: 'orderflow', name: 'versioned' })
class Versioned {
  @PrimaryColumn({ type: 'integer' }) id: number;
  @Column({ type: 'text' }) state: string;
  @VersionColumn({ type: 'integer' }) revision: number;
}

// Why rows that have a revision are changed by guarded UPDATEs only.
describe('D5: TypeORM save() with @VersionColumn is not optimistic locking', () => {
  let test: TestDatabase;
  let dataSource: DataSource;

  before(async () => {
    test = await openTestDatabase();
    await test.database.query(
      'create table orderflow.versioned (id int primary key, state text not null, revision int not null)',
    );
    const extra = poolOptions(test.target, { max: 2, applicationName: 'stale save' });
    dataSource = await new DataSource({ type: 'postgres', entities: [Versioned], extra }).initialize();
  });
  after(async () => {
    await dataSource.destroy();
    await test.drop();
  });
  beforeEach(() => test.database.query(`delete from orderflow.versioned; insert into orderflow.versioned values (1, 'new', 1)`));

  const stored = () => test.database.query('select state, revision from orderflow.versioned');

  it('a stale save() overwrites what was committed meanwhile and turns the version back, without an error', async () => {
    const rows = dataSource.getRepository(Versioned);
    const stale = await rows.findOneByOrFail({ id: 1 });
    await test.database.query(`update orderflow.versioned set state = 'paid', revision = revision + 1`);
    await rows.save(Object.assign(stale, { state: 'cancelled' }));
    expect(await stored()).to.deep.equal([{ state: 'cancelled', revision: 1 }]);
  });

  it('a guarded UPDATE notices that it is stale', async () => {
    const guarded = (state: string) =>
      test.database.transaction((tx) =>
        tx.execute('update orderflow.versioned set state = $1, revision = revision + 1 where id = 1 and revision = 1', [state]),
      );
    expect(await guarded('paid')).to.equal(1);
    expect(await guarded('cancelled')).to.equal(0);
    expect(await stored()).to.deep.equal([{ state: 'paid', revision: 2 }]);
  });
});
