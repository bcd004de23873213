import { expect } from 'chai';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrations } from '../../migrations/index.ts';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';
import { openDatabase, type Database } from '../../src/persistence/database.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { createEmptyDatabase } from '../helpers/database.ts';
import { startProgram } from '../helpers/programs.ts';
import { failure } from '../helpers/promises.ts';

const migrateDatabase = path.resolve(import.meta.dirname, 'programs/migrate-database.ts');

describe('migrate', () => {
  let target: ConnectionTarget;
  let drop: () => Promise<void>;
  const opened: Database[] = [];

  beforeEach(async () => {
    ({ target, drop } = await createEmptyDatabase());
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await drop();
  });

  async function open(): Promise<Database> {
    const database = await openDatabase(target, { poolSize: 1, applicationName: 'migrate test' });
    opened.push(database);
    return database;
  }

  it('runs what is missing, once, and leaves the connection as it was', async () => {
    const database = await open();
    expect(await migrate(database)).to.have.length(migrations.length);
    expect(await migrate(database)).to.deep.equal([]);
    expect(await database.query('show lock_timeout')).to.deep.equal([{ lock_timeout: '5s' }]);
    expect(await database.query(`select * from pg_locks where locktype = 'advisory'`)).to.deep.equal([]);
  });

  it('lets one of four simultaneous starts do the work', async () => {
    const databases = await Promise.all([open(), open(), open(), open()]);
    const ran = await Promise.all(databases.map((database) => migrate(database)));
    expect(ran.map((names) => names.length).sort((a, b) => a - b)).to.deep.equal([0, 0, 0, migrations.length]);
  });

  it('is finished by the next start after a SIGKILL in the middle', async () => {
    let interrupted = 0;
    for (const afterMs of [5, 25, 60]) {
      const program = startProgram(migrateDatabase, [JSON.stringify(target)]);
      expect(await program.said()).to.equal('migrating');
      await sleep(afterMs);
      await program.end('SIGKILL');
      interrupted++;
    }
    await migrate(await open());
    expect(interrupted).to.equal(3);
    const [database] = opened;
    expect(await database?.query('select name from orderflow.migration order by id')).to.have.length(migrations.length);
  });

  it('refuses a database that a newer build has migrated', async () => {
    const database = await open();
    await migrate(database);
    await database.query(`insert into orderflow.migration (timestamp, name) values (9999999999999, 'Future9999999999999')`);
    expect((await failure(migrate(database))).message).to.match(/newer Orderflow.* does not know Future9999999999999/);
  });
});
