import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { messageOf, Problem } from '../../support/errors.ts';
import { jsonBorderFault } from '../../support/json.ts';

/** Counted after decompression, so that a small body cannot swell. */
const jsonLimit = '256kb';

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit,
  onError: (error) => {
    const { status } = error as { status?: number };
    if (status === 413) throw new Problem('payload-too-large', `A body has at most ${jsonLimit}.`);
    if (status === 415)
      throw new Problem('unsupported-media-type', 'The Content-Encoding is not known; gzip, deflate and br are.');
    throw new Problem('malformed-request', `The body cannot be read as JSON: ${messageOf(error)}.`);
  },
});

/**
 * Reads a JSON body that nobody has read before, in UTF-8 and nothing else, and lets nothing pass that the database could never store or that would reach a prototype.
 * @throws Problem unsupported-media-type, payload-too-large, malformed-request naming the place
 */
export const jsonBody: Middleware = async (ctx, next) => {
  if (!hasBody(ctx.headers) || (ctx.request as { body?: unknown }).body !== undefined) return next();
  const charset = ctx.request.charset.toLowerCase();
  if (ctx.request.is('application/json') !== 'application/json' || !['', 'utf-8', 'utf8'].includes(charset)) {
    throw new Problem(
      'unsupported-media-type',
      `Send the body as application/json in UTF-8, not as ${ctx.get('Content-Type') || 'nothing'}.`,
    );
  }
  return parse(ctx, () => {
    const fault = jsonBorderFault((ctx.request as { body?: unknown }).body);
    if (!fault) return next();
    throw new Problem('malformed-request', `In the body, ${fault.pointer || 'it'} ${fault.message}.`, { errors: [fault] });
  });
};

const hasBody = (headers: Readonly<Record<string, unknown>>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
