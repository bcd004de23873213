import { MigrationExecutor, type QueryRunner } from 'typeorm';
import type { Database } from './database.ts';

/** The oldest server that Orderflow runs on, as `server_version_num`. */
const oldestServer = 150_000;

/** Names the advisory lock; any number that nobody else uses, the same for ever. */
const migrationLock = 0x6f66_6d67;

/**
 * Brings the schema `orderflow` up to what this build needs and answers the names of the migrations it ran. Each runs in its own transaction,
 * so a kill leaves whole ones; any number of processes may call it at once, as one session-level advisory lock (which dies with its connection)
 * lets one work at a time. Refuses a server that is too old and a database that a newer build has migrated.
 */
export async function migrate(database: Database): Promise<string[]> {
  const runner = database.dataSource.createQueryRunner();
  try {
    await refuseOldServer(runner);
    // Others may be migrating for a while, and a migration may take longer than a statement of daily work.
    await runner.query(`set lock_timeout = '10min'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0`);
    await runner.query('select pg_advisory_lock($1)', [migrationLock]);
    await runner.query('create schema if not exists orderflow');
    // On this connection and not through dataSource.runMigrations(): if the lock is lost, so is the connection that does the work.
    const executor = new MigrationExecutor(database.dataSource, runner);
    executor.transaction = 'each';
    await refuseUnknownMigrations(database, executor);
    return (await executor.executePendingMigrations()).map((migration) => migration.name);
  } finally {
    await restore(runner);
  }
}

async function refuseOldServer(runner: QueryRunner): Promise<void> {
  const [server] = (await runner.query(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  )) as [{ number: number; version: string }];
  if (server.number < oldestServer) {
    throw new Error(
      `The database server is PostgreSQL ${server.version}. Orderflow needs PostgreSQL ${oldestServer / 10_000} or newer.`,
    );
  }
}

async function refuseUnknownMigrations(database: Database, executor: MigrationExecutor): Promise<void> {
  const known = new Set(database.dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const unknown = (await executor.getExecutedMigrations()).map((migration) => migration.name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was migrated by a newer Orderflow: this build does not know ${unknown.join(', ')}. Run the newer build, or restore a backup from before it.`,
    );
  }
}

async function restore(runner: QueryRunner): Promise<void> {
  try {
    await runner.query(
      'select pg_advisory_unlock_all(); reset lock_timeout; reset statement_timeout; reset idle_in_transaction_session_timeout',
    );
  } catch {
    // The connection is gone, and the lock with it.
  } finally {
    await runner.release();
  }
}
