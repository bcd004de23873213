import { types, type CustomTypesConfig, type PoolConfig } from 'pg';

/** Where a database is: a URL (`postgres://user:secret@host:5432/orderflow`), or a server by parts (`host` may be a unix socket's directory). */
export type ConnectionTarget =
  { readonly url: string } | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** What one pool is for. */
export interface PoolPurpose {
  readonly max: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Schemas to look names up in; `orderflow,public` when left out. */
  readonly searchPath?: string;
}

const int8 = 20;
const date = 1082;
const int8Array = 1016;

/**
 * How column values become JavaScript values, per connection and not for the whole process: `bigint` becomes a number and is refused outside
 * ±(2^53 - 1) instead of being rounded, `date` stays the text `YYYY-MM-DD` (a Date would shift it by the time zone), `numeric` stays text,
 * `timestamptz` becomes a Date, `jsonb` is parsed.
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8) return safeInteger;
    if (oid === date) return String;
    if (oid === int8Array) return (text: string) => numbersOf(types.getTypeParser(int8Array as number, 'text')(text));
    return types.getTypeParser(oid, format);
  }) as CustomTypesConfig['getTypeParser'],
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database answered the integer ${text}, which a JavaScript number cannot hold exactly.`);
  return value;
}

const numbersOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(numbersOf) : typeof value === 'string' ? safeInteger(value) : value;

/** How long a statement waits for a lock, and a transaction for its turn. */
export const lockTimeoutMs = 5_000;

/**
 * Settings of a `pg.Pool` or `pg.Client` for `target`. Every wait is bounded on the server (statement 30 s, lock 5 s, an idle transaction
 * 60 s) and on our side (5 s for a free connection). They travel as the start-up parameter `options`, so a target that brings its own is refused.
 */
export function poolOptions(target: ConnectionTarget, purpose: PoolPurpose): PoolConfig {
  if ('url' in target && /[?&]options=/.test(target.url)) {
    throw new Error(
      'The database URL has an "options" parameter, which would replace the settings that Orderflow needs. Take it out of DATABASE_URL.',
    );
  }
  const settings = {
    search_path: purpose.searchPath ?? 'orderflow,public',
    statement_timeout: '30s',
    lock_timeout: `${lockTimeoutMs}ms`,
    idle_in_transaction_session_timeout: '60s',
    timezone: 'UTC',
  };
  return {
    ...('url' in target ? { connectionString: target.url } : target),
    max: purpose.max,
    application_name: purpose.applicationName,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: columnTypes,
  };
}
