import { expect } from 'chai';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/persistence/database.ts';
import { makePrivate, serverAccount } from '../../src/persistence/embedded/account.ts';
import { initialise, serverCommand, serverEnv, socketDirOf } from '../../src/persistence/embedded/cluster.ts';
import { launch, leave } from '../../src/persistence/embedded/keeper-client.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { schemaSnapshot } from '../../src/persistence/schema-snapshot.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { notRunHere } from '../helpers/not-run.ts';

const snapshotFile = fileURLToPath(new URL('../../migrations/schema.sql', import.meta.url));
const oldServer = '/usr/lib/postgresql/15/bin'; // where Debian and Ubuntu put it

describe('The schema snapshot', () => {
  it('is migrations/schema.sql', async () => {
    const { database, drop } = await openTestDatabase();
    const snapshot = await schemaSnapshot(database);
    await drop();
    const hint =
      'The migrations make another schema than migrations/schema.sql says. If that is meant: npm run migrate -- --snapshot, and commit it.';
    expect(await fs.readFile(snapshotFile, 'utf8'), hint).to.equal(snapshot);
  });

  it('is the same on PostgreSQL 15, the oldest that is supported', async function () {
    if (!existsSync(path.join(oldServer, 'initdb'))) {
      notRunHere('PostgreSQL 15 is not installed: its schema snapshot was not compared');
      this.skip();
    }
    const dataDir = path.join(await fs.mkdtemp('/tmp/orderflow-pg15-'), 'data');
    await fs.chmod(path.dirname(dataDir), 0o755);
    const account = await serverAccount(dataDir);
    const socketDir = socketDirOf(dataDir);
    await makePrivate(socketDir, account);
    const binaries = { postgres: path.join(oldServer, 'postgres'), initdb: path.join(oldServer, 'initdb'), env: {} };
    await initialise(dataDir, account, binaries, false);
    const command = serverCommand(binaries, dataDir, socketDir, 5432, false);
    const scrap = [path.dirname(dataDir), socketDir];
    const hold = await launch(
      { command, account: account ?? {}, env: serverEnv(binaries), dataDir, socketDir, scrap },
      `${dataDir}.log`,
    );
    const target = { host: socketDir, port: 5432, user: 'postgres', database: 'postgres' };
    const database = await openDatabase(target, { poolSize: 1, applicationName: 'snapshot' });
    await migrate(database);
    const snapshot = await schemaSnapshot(database);
    await database.close();
    await leave(hold);
    expect(snapshot).to.equal(await fs.readFile(snapshotFile, 'utf8'));
  });
});
