// What a database error means to a caller. Errors of pg carry `code` (SQLSTATE, PostgreSQL manual appendix A); TypeORM's QueryFailedError copies it.

const sqlStatePattern = /^[0-9A-Z]{5}$/;

const member = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** The SQLSTATE of an error of the server, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = member(error, 'code');
  // Node's own codes (EPIPE) can look like a SQLSTATE; only the server sends a severity.
  return typeof code === 'string' && sqlStatePattern.test(code) && member(error, 'severity') !== undefined ? code : undefined;
}

/** Was a unique constraint or index in the way (23505); with `constraint`, that very one? */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  sqlState(error) === '23505' && (constraint === undefined || member(error, 'constraint') === constraint);

/** The check that a row did not fulfil (23514), by its name or, of a trigger, by what it says; undefined for any other error. */
export function violatedCheck(error: unknown): string | undefined {
  if (sqlState(error) !== '23514') return undefined;
  const constraint = member(error, 'constraint');
  return typeof constraint === 'string' ? constraint : String(member(error, 'message'));
}

// Serialization failure, deadlock, lock timeout, shutdown and crash of the server, too many connections.
const transientStates = new Set(['40001', '40P01', '55P03', '57P01', '57P02', '57P03', '53300', '25P03']);
const transientCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
// pg and TypeORM give these no code.
const transientMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed and is not queryable|Query runner already released)/;

/**
 * Can the same work succeed when it is simply tried again? True for lost connections, a server that restarts, deadlocks, serialization
 * failures and lock timeouts. After a lost connection nobody knows whether the commit happened: repeat only what is idempotent.
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return state.startsWith('08') || transientStates.has(state);
  const code = member(error, 'code');
  const syscall = member(error, 'syscall');
  if (typeof code === 'string' && transientCodes.has(code)) return code !== 'ENOENT' || syscall === 'connect';
  return error instanceof Error && transientMessages.test(error.message);
}
