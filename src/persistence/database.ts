import { Pool, type PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { ImpossibleState, messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import { Turns } from '../support/turns.ts';
import { lockTimeoutMs, poolOptions, type ConnectionTarget, type PoolPurpose } from './connection.ts';
import { createDataSource } from './data-source.ts';
import { listen } from './listener.ts';
import { Transaction, type Row } from './transaction.ts';

export interface DatabaseOptions {
  /** Connections of the main pool; listeners and pools made by `createPool` come on top. */
  readonly poolSize: number;
  readonly applicationName: string;
  readonly logger?: Logger;
}

export interface TransactionOptions {
  /** READ COMMITTED when left out. */
  readonly isolation?: 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** What it is about: transactions of this process about the same thing take a connection one after the other. */
  readonly about?: string;
}

/** Connects to `target` and loads the entities; rejects when the server cannot be reached. Migrations are `migrate()`'s business. */
export async function openDatabase(target: ConnectionTarget, options: DatabaseOptions): Promise<Database> {
  // Connections that are being given up may still hear of the server's end; that is no news.
  let opened: Database | undefined;
  const onLost = (error: unknown): void => {
    if (!opened?.isClosing) options.logger?.warn({ error: messageOf(error) }, 'an idle database connection was lost');
  };
  const dataSource = createDataSource(target, { max: options.poolSize, applicationName: options.applicationName }, onLost);
  await dataSource.initialize();
  opened = new Database(dataSource, target, options);
  return opened;
}

/** The one way to the database. It owns every connection: the pool, the listeners and the pools it made for others. */
export class Database {
  private readonly turns = new Turns();
  private readonly pools: Pool[] = [];
  private readonly listeners = new Set<() => Promise<void>>();
  private closing = false;

  constructor(
    readonly dataSource: DataSource,
    private readonly target: ConnectionTarget,
    private readonly options: DatabaseOptions,
  ) {}

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. A connection whose state is not certain afterwards
   * is closed, not reused. When the commit itself fails by a lost connection, nobody knows whether it happened: the error passes on (`isTransient`).
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const run = (): Promise<T> => this.runTransaction(work, options);
    return options.about === undefined ? run() : this.turns.take(options.about, lockTimeoutMs, run);
  }

  private async runTransaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const tx = new Transaction(runner);
    try {
      await runner.startTransaction();
      const modes = [options.isolation && `isolation level ${options.isolation}`, options.readOnly && 'read only'].filter(
        Boolean,
      );
      if (modes.length > 0) await runner.query(`set transaction ${modes.join(', ')}`);
      const result = await work(tx);
      await tx.finish();
      const whenCommitted = tx.end();
      await commit(runner);
      this.runAfterCommit(whenCommitted);
      return result;
    } catch (error) {
      tx.end();
      await rollback(runner);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Runs `work` on one unchanging picture of the data (REPEATABLE READ, READ ONLY), however many statements it takes. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transaction(work, { isolation: 'repeatable read', readOnly: true });
  }

  /** One statement in a transaction of its own; answers its rows. */
  async query<R = Row>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return (await runner.query(sql, params.length > 0 ? [...params] : undefined, true)).records as R[];
    } finally {
      await runner.release();
    }
  }

  /** LISTEN on `channel`; see listener.ts. `onNotify('')` means: look yourself, something may have been missed. */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const purpose = { max: 1, applicationName: `${this.options.applicationName} listen` };
    const end = await listen(poolOptions(this.target, purpose), channel, onNotify, this.options.logger);
    this.listeners.add(end);
    return async () => {
      this.listeners.delete(end);
      await end();
    };
  }

  /** A pool for a library that brings its own SQL and its own reading of column types. `close()` ends it. */
  createPool(purpose: PoolPurpose): Pool {
    const { types: _ours, ...settings } = poolOptions(this.target, purpose);
    const pool = new Pool(settings);
    pool.setMaxListeners(0); // each of the library's objects adds its own listener to the shared pool
    pool.on('error', (error) => {
      if (!this.closing)
        this.options.logger?.warn({ error: messageOf(error) }, `an idle connection of ${purpose.applicationName} was lost`);
    });
    this.pools.push(pool);
    return pool;
  }

  /** Ends listeners and pools after the statements that run now. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.listeners].map((end) => end()));
    await Promise.all(this.pools.filter((pool) => !pool.ending).map((pool) => pool.end()));
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  get isClosing(): boolean {
    return this.closing;
  }

  private runAfterCommit(functions: readonly (() => void)[]): void {
    for (const fn of functions) {
      try {
        fn();
      } catch (error) {
        this.options.logger?.error({ error: messageOf(error) }, 'what should have followed a commit failed');
      }
    }
  }
}

async function commit(runner: QueryRunner): Promise<void> {
  // Not runner.commitTransaction(): it drops the answer, and PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error. Work
  // that swallowed the error of a statement would be reported as done.
  const connection = (await runner.connect()) as PoolClient;
  const { command } = await connection.query('commit');
  if (command !== 'COMMIT')
    throw new ImpossibleState('The transaction had failed before its end, and the error of the statement was not passed on.');
}

async function rollback(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return; // the connection broke and was dropped already
  try {
    await runner.query('rollback');
  } catch {
    // Whatever this connection is doing, nobody else shall meet it: the pool drops a client that has ended.
    const connection = (await runner.connect().catch(() => undefined)) as PoolClient | undefined;
    void (connection as { end?: () => Promise<void> } | undefined)?.end?.().catch(() => undefined);
  }
}
