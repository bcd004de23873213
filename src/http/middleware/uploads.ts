import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { Problem } from '../../support/errors.ts';
import { jsonBorderFault } from '../../support/json.ts';
import { readMultipart } from '../multipart.ts';

/** Bytes of a whole form: the files of a deployment (5 MB) with their names. */
const limit = 6_000_000;

/**
 * Reads forms with files for the routes that take them, as the body `{files: [{name, content}]}`.
 * @throws Problem unsupported-media-type, payload-too-large, malformed-request
 */
export const uploads =
  (takesFiles: (method: string, path: string) => boolean): Middleware =>
  async (ctx, next) => {
    if (!takesFiles(ctx.method, ctx.path)) return next();
    if (ctx.request.is('multipart/form-data') === false || ctx.get('Content-Encoding') !== '')
      throw new Problem(
        'unsupported-media-type',
        `Send the files as multipart/form-data without Content-Encoding, not as ${ctx.get('Content-Type') || 'nothing'}.`,
      );
    if (Number(ctx.get('Content-Length')) > limit) throw tooLarge();
    const files = readMultipart(ctx.get('Content-Type'), await bytesOf(ctx.req));
    const fault = jsonBorderFault(files);
    if (fault) throw new Problem('malformed-request', `The file ${fault.pointer} ${fault.message}.`);
    (ctx.request as { body?: unknown }).body = { files };
    return next();
  };

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (): Problem => new Problem('payload-too-large', `A form with files has at most ${limit / 1_000_000} MB.`);
