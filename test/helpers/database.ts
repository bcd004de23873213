import * as path from 'node:path';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';
import { openDatabase, type Database } from '../../src/persistence/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/persistence/embedded-postgres.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { handlers } from '../../src/jobs/handlers/index.ts';
import { registerJobHandlers } from '../../src/persistence/leases.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { createDatabase, databaseOn, dropDatabase } from '../../src/persistence/server-databases.ts';
import { processesFolder, readResources } from '../../src/resources.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly target: ConnectionTarget;
  /** Closes and deletes it. */
  readonly drop: () => Promise<void>;
}

interface TestServer {
  readonly connection: ConnectionTarget;
  /** Name of a migrated database that nobody is connected to. */
  readonly template: string;
  /** The same with the shipped diagrams deployed. */
  readonly deployed: () => Promise<string>;
  stop(): Promise<void>;
}

/** This run's part of every name it makes on the server: several runs may share one. */
const run = `orderflow_test_${process.pid}`;
let server: Promise<TestServer> | undefined;
let made = 0;

/**
 * A database of one's own, migrated and without rows, in about 50 ms; `deployed`: with the shipped diagrams. The first one of a run starts the server
 * (`TEST_DATABASE_URL`, else an embedded one).
 */
export async function openTestDatabase({ poolSize = 10, deployed = false } = {}): Promise<TestDatabase> {
  const { connection, ...templates } = await testServer();
  const name = `${run}_${++made}`;
  await createDatabase(connection, name, deployed ? await templates.deployed() : templates.template);
  const target = databaseOn(connection, name);
  const database = await openDatabase(target, { poolSize, applicationName: name });
  return {
    database,
    target,
    drop: async () => {
      await database.close();
      await dropDatabase(connection, name);
    },
  };
}

/** An empty database without the schema. */
export async function createEmptyDatabase(): Promise<{ target: ConnectionTarget; drop: () => Promise<void> }> {
  const { connection } = await testServer();
  const name = `${run}_${++made}`;
  await createDatabase(connection, name);
  return { target: databaseOn(connection, name), drop: () => dropDatabase(connection, name) };
}

/** Ends what this run started; the global fixture calls it. */
export async function stopTestServer(): Promise<void> {
  await (await server?.catch(() => undefined))?.stop();
}

function testServer(): Promise<TestServer> {
  server ??= startTestServer();
  return server;
}

async function startTestServer(): Promise<TestServer> {
  const url = process.env.TEST_DATABASE_URL;
  const embedded: EmbeddedPostgres | undefined = url
    ? undefined
    : await startEmbeddedPostgres({ dataDir: path.join('/tmp', `orderflow-test-${process.pid}`), ephemeral: true });
  const connection = embedded?.connection ?? { url: url ?? '' };
  const template = `${run}_template`;
  await createDatabase(connection, template);
  await fill(databaseOn(connection, template), async (database) => {
    await migrate(database);
    await registerJobHandlers(database, handlers.keys());
  });
  let deployed: Promise<string> | undefined;
  const makeDeployed = async (): Promise<string> => {
    const name = `${run}_deployed`;
    await createDatabase(connection, name, template);
    await fill(databaseOn(connection, name), async (database) => deploy(database, await readResources(processesFolder), 'test'));
    return name;
  };
  return {
    connection,
    template,
    deployed: () => (deployed ??= makeDeployed()),
    stop: async () => {
      if (embedded) return embedded.stop();
      for (const name of [template, await deployed]) if (name !== undefined) await dropDatabase(connection, name);
    },
  };
}

/** Writes what a template has, and leaves it: as long as somebody is connected, nobody can copy it. */
async function fill(target: ConnectionTarget, write: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(target, { poolSize: 1, applicationName: 'template' });
  try {
    await write(database);
  } finally {
    await database.close();
  }
}
