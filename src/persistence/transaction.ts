import type { EntityManager, QueryRunner } from 'typeorm';
import { ImpossibleState } from '../support/errors.ts';

/** Rows that `columnTypes` (connection.ts) has turned into JavaScript values. */
export type Row = Record<string, unknown>;

/** On whose behalf a transaction writes; what it tells the world (persistence/events.ts) says so. */
export interface Cause {
  readonly actor: string;
  /** The stored command, null for what leaves no answer behind. */
  readonly commandId: string | null;
  readonly traceparent: string | null;
  /** What this belongs to, over all phases of an order: the first instance's correlation, once that is known. */
  correlationId: string | null;
}

/** One open transaction on one connection. It is valid until the work it was given to has ended, and refuses to be used after that. */
export class Transaction {
  private open = true;
  private readonly whenCommitted: (() => void)[] = [];
  private readonly last: (() => Promise<void>)[] = [];
  /** Set by commands/perform; undefined where nobody asked for anything, as in the seeding of a demo. */
  cause: Cause | undefined;

  constructor(private readonly runner: QueryRunner) {}

  /** TypeORM inside this transaction: for inserts and reads of entities. Rows with a revision are changed by guarded UPDATE only, never by `save()`. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** All rows of a statement (of `returning` for one that writes). */
  async query<R = Row>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.run(sql, params)).records as R[];
  }

  /** The row of a statement that has exactly one; anything else is a bug. */
  async one<R = Row>(sql: string, params: readonly unknown[] = []): Promise<R> {
    const row = await this.maybeOne<R>(sql, params);
    if (row === undefined) throw new ImpossibleState(`Expected one row, got none: ${sql.trim()}`);
    return row;
  }

  /** The row of a statement that has one or none. */
  async maybeOne<R = Row>(sql: string, params: readonly unknown[] = []): Promise<R | undefined> {
    const rows = await this.query<R>(sql, params);
    if (rows.length > 1) throw new ImpossibleState(`Expected one row, got ${rows.length}: ${sql.trim()}`);
    return rows[0];
  }

  /** How many rows a statement wrote: a guarded UPDATE that lost its race answers 0. */
  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.run(sql, params)).affected ?? 0;
  }

  /** The instant by the database's clock, moved by the offset of test and demo mode. */
  async now(): Promise<Date> {
    return (await this.one<{ now: Date }>('select orderflow.now() as now')).now;
  }

  /** Runs `fn` right after this transaction has committed, and never when it has not. What it throws is logged, since nothing can be undone. */
  afterCommit(fn: () => void): void {
    this.whenCommitted.push(fn);
  }

  /** Runs `fn` inside this transaction, when its work has succeeded and just before it commits. */
  beforeCommit(fn: () => Promise<void>): void {
    this.last.push(fn);
  }

  /** For `Database` alone: runs what was left for the end. */
  async finish(): Promise<void> {
    for (let fn = this.last.shift(); fn; fn = this.last.shift()) await fn();
  }

  /** For `Database` alone: no more statements from here on; answers what is to be run after the commit. */
  end(): readonly (() => void)[] {
    this.open = false;
    return this.whenCommitted;
  }

  private run(sql: string, params: readonly unknown[]) {
    // A statement that nobody awaited would run on a connection that serves somebody else by now.
    if (!this.open)
      return Promise.reject(new ImpossibleState(`The transaction has ended; a statement came too late: ${sql.trim()}`));
    return this.runner.query(sql, params.length > 0 ? [...params] : undefined, true);
  }
}
