import type { Middleware } from 'koa';
import { Problem } from '../../support/errors.ts';
import type { Authenticate } from '../options.ts';
import type { RequestState } from './request-context.ts';

/**
 * Finds out who asks (RFC 6750). Whoever asks for anything but a public route has to say so, unknown addresses included: the way in is shut unless
 * a route says otherwise. `On-Behalf-Of` names whom they act for. @throws Problem unauthenticated, forbidden
 */
export const authentication =
  (authenticate: Authenticate, isPublic: (method: string, path: string) => boolean): Middleware<RequestState> =>
  async (ctx, next) => {
    if (!isPublic(ctx.method, ctx.path)) {
      const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(ctx.get('Authorization')) ?? [];
      if (token === undefined) throw new Problem('unauthenticated', 'Send "Authorization: Bearer <token>".');
      ctx.state.actor = await authenticate(token, ctx.get('On-Behalf-Of') || undefined);
      if (!ctx.state.actor) {
        ctx.set('WWW-Authenticate', 'Bearer realm="orderflow", error="invalid_token"');
        throw new Problem('unauthenticated', 'Nobody is known by this token.');
      }
    }
    await next();
  };
