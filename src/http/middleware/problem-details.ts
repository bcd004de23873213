import type { Middleware } from 'koa';
import { problemTypeUri } from '../../contract/problem.ts';
import type { ProblemCode } from '../../contract/problem-types.ts';
import { isTransient, sqlState } from '../../persistence/errors.ts';
import { Problem } from '../../support/errors.ts';
import type { Logger } from '../../support/logger.ts';
import type { RequestState } from './request-context.ts';

/**
 * Turns whatever was thrown into problem details (RFC 9457). A Problem is told as it is; anything else is a fault of ours, which the log gets whole
 * and the caller without a word of its text.
 */
export const problemDetails =
  (logger: Logger): Middleware<RequestState> =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = asProblem(error);
      const { requestId } = ctx.state;
      if (problem.status >= 500) logger.error({ err: error, requestId }, `${ctx.method} ${ctx.path} failed`);
      const { retryAfter } = problem.extensions;
      if (typeof retryAfter === 'number') ctx.set('Retry-After', String(Math.ceil(retryAfter)));
      if (problem.status === 401 && !ctx.response.get('WWW-Authenticate'))
        ctx.set('WWW-Authenticate', 'Bearer realm="orderflow"');
      ctx.status = problem.status;
      const { status, title, code, message: detail } = problem;
      const standard = { type: problemTypeUri(code), title, status, detail, instance: ctx.path, code, requestId };
      // standard members come first, and no extension takes their place
      ctx.body = JSON.stringify({ ...standard, ...problem.extensions, ...standard });
      ctx.type = 'application/problem+json';
    }
  };

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // 53: no room on the disk, too many connections: nothing was written, and it may pass
  if (isTransient(error) || sqlState(error)?.startsWith('53')) {
    const detail = 'The database cannot take this now. Try again with the same Idempotency-Key.';
    return new Problem('unavailable', detail, { retryAfter: 1 }, { cause: error });
  }
  const code = refusalOf(error);
  if (code) return new Problem(code, 'The request cannot be read as HTTP with a JSON body.', {}, { cause: error });
  return new Problem(
    'internal-error',
    'This is our fault, not yours. The log knows more under the requestId.',
    {},
    { cause: error },
  );
}

/** Errors of Koa and the body parser that are meant for the caller carry a status and `expose` (http-errors). */
function refusalOf(error: unknown): ProblemCode | undefined {
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  if (expose !== true) return undefined;
  if (status === 413) return 'payload-too-large';
  if (status === 415) return 'unsupported-media-type';
  return status === 400 ? 'malformed-request' : undefined;
}
