import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.ts';
import { isTransient, isUniqueViolation, sqlState } from '../../src/persistence/errors.ts';
import type { Transaction } from '../../src/persistence/transaction.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { failure, until } from '../helpers/promises.ts';

describe('Database', () => {
  let test: TestDatabase;
  let database: Database;

  before(async () => {
    test = await openTestDatabase();
    database = test.database;
    await database.query('create table orderflow.note (id int primary key, text text)');
  });
  after(() => test.drop());
  beforeEach(() => database.query('delete from orderflow.note'));

  const write = (id: number) => (tx: Transaction) => tx.execute('insert into orderflow.note (id) values ($1)', [id]);
  const noteCount = async (): Promise<number> => (await database.query('select id from orderflow.note')).length;
  const disconnect = (pid: number): Promise<unknown> => database.query('select pg_terminate_backend($1)', [pid]);
  const backend = async (tx: Transaction): Promise<number> =>
    (await tx.one<{ pid: number }>('select pg_backend_pid() as pid')).pid;

  it('commits what resolves and answers its result', async () => {
    expect(await database.transaction(write(1))).to.equal(1);
    expect(await noteCount()).to.equal(1);
  });

  it('rolls back what rejects, and passes the error on', async () => {
    const error = new Error('no');
    const work = async (tx: Transaction): Promise<never> => {
      await write(1)(tx);
      throw error;
    };
    expect(await failure(database.transaction(work))).to.equal(error);
    expect(await noteCount()).to.equal(0);
  });

  it('counts the rows that a statement wrote', async () => {
    await database.transaction(write(1));
    const update = (id: number) =>
      database.transaction((tx) => tx.execute('update orderflow.note set text = $2 where id = $1', [id, 'x']));
    expect([await update(1), await update(2)]).to.deep.equal([1, 0]);
  });

  it('tells one row from none and from many', async () => {
    await database.transaction(async (tx) => {
      expect(await tx.maybeOne('select 1 as n where false')).to.equal(undefined);
      expect(await tx.one('select 1 as n')).to.deep.equal({ n: 1 });
      expect((await failure(tx.one('select 1 where false'))).message).to.contain('got none');
      expect((await failure(tx.maybeOne('select generate_series(1, 2)'))).message).to.contain('got 2');
    });
  });

  it('refuses to report a commit when the error of a statement was swallowed', async () => {
    const work = async (tx: Transaction): Promise<void> => {
      await write(1)(tx);
      await tx.query('select 1 / 0').catch(() => undefined);
    };
    expect((await failure(database.transaction(work))).message).to.contain('the error of the statement was not passed on');
    expect(await noteCount()).to.equal(0);
  });

  it('refuses a statement that comes after the end', async () => {
    const tx = await database.transaction((open) => Promise.resolve(open));
    expect((await failure(tx.query('select 1'))).message).to.contain('came too late');
  });

  it('runs what follows a commit only after it, and never after a rollback', async () => {
    const seen: string[] = [];
    await database.transaction((tx) => {
      tx.afterCommit(() => seen.push('committed'));
      tx.afterCommit(() => {
        throw new Error('is logged');
      });
      seen.push('working');
      return Promise.resolve();
    });
    const failing = database.transaction((tx) => {
      tx.afterCommit(() => seen.push('never'));
      return Promise.reject(new Error('no'));
    });
    await failure(failing);
    expect(seen).to.deep.equal(['working', 'committed']);
  });

  it('reads one unchanging picture, and cannot write in it', async () => {
    await database.read(async (tx) => {
      expect(await tx.query('select id from orderflow.note')).to.have.length(0);
      await database.transaction(write(1));
      expect(await tx.query('select id from orderflow.note')).to.have.length(0);
    });
    expect(sqlState(await failure(database.read(write(2))))).to.equal('25006');
  });

  it('survives a connection that is cut in the middle, and does not use it again', async () => {
    const cut = database.transaction(async (tx) => {
      await disconnect(await backend(tx));
      await write(1)(tx);
    });
    expect(isTransient(await failure(cut))).to.equal(true);
    expect(await database.transaction(write(2))).to.equal(1);
    expect(await noteCount()).to.equal(1);
  });

  it('names a unique violation and its constraint', async () => {
    await database.transaction(write(1));
    const error = await failure(database.transaction(write(1)));
    expect(isUniqueViolation(error)).to.equal(true);
    expect(isUniqueViolation(error, 'note_pkey')).to.equal(true);
    expect(isUniqueViolation(error, 'another')).to.equal(false);
    expect(isTransient(error)).to.equal(false);
  });

  describe('values', () => {
    const value = async (expression: string): Promise<unknown> =>
      (await database.query<{ value: unknown }>(`select ${expression} as value`))[0]?.value;

    it('reads bigint as a number', async () => {
      expect(await value('9007199254740991::bigint')).to.equal(Number.MAX_SAFE_INTEGER);
      expect(await value('array[1, null, 3]::bigint[]')).to.deep.equal([1, null, 3]);
      expect(await value('count(*)')).to.equal(1);
    });

    for (const expression of ['9007199254740992::bigint', '-9007199254740992::bigint', 'array[9007199254740993]::bigint[]']) {
      it(`refuses to round ${expression}`, async () => {
        expect((await failure(value(expression))).message).to.contain('cannot hold exactly');
        expect(await value('1::bigint')).to.equal(1);
      });
    }

    it('reads the other types without loss', async () => {
      expect(await value(`'2026-03-29'::date`)).to.equal('2026-03-29');
      expect(await value('0.1::numeric')).to.equal('0.1');
      expect(await value(`'{"a": [1]}'::jsonb`)).to.deep.equal({ a: [1] });
      expect(await value(`'2026-03-29T01:30:00Z'::timestamptz`)).to.deep.equal(new Date('2026-03-29T01:30:00Z'));
    });

    it('reads them in the same way through TypeORM', async () => {
      const [row] = await database.transaction((tx) =>
        tx.manager
          .createQueryBuilder()
          .select('offset_ms', 'offset')
          .from('orderflow.clock', 'clock')
          .getRawMany<{ offset: unknown }>(),
      );
      expect(row).to.deep.equal({ offset: 0 });
    });
  });

  describe('listen', () => {
    it('hears what is committed, and asks to look again after a lost connection', async () => {
      const heard: string[] = [];
      const end = await database.listen('bell', (payload) => heard.push(payload));
      await database.query(`select pg_notify('bell', 'one')`);
      await until(() => heard.length === 1);
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '% listen'`,
      );
      await until(() => heard.length === 2);
      await database.query(`select pg_notify('bell', 'two')`);
      await until(() => heard.length === 3);
      await end();
      await database.query(`select pg_notify('bell', 'three')`);
      await sleep(50);
      expect(heard).to.deep.equal(['one', '', 'two']);
    });
  });

  it('gives other libraries a pool with its own search path and survives the loss of its connections', async () => {
    const pool = database.createPool({ max: 2, applicationName: 'library', searchPath: 'elsewhere' });
    const settings = async (): Promise<unknown> => (await pool.query('show search_path')).rows;
    expect(await settings()).to.deep.equal([{ search_path: 'elsewhere' }]);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'library'`,
    );
    await until(() => pool.totalCount === 0);
    expect(await settings()).to.deep.equal([{ search_path: 'elsewhere' }]);
  });
});
