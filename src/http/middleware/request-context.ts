import type { Middleware } from 'koa';
import type { Actor } from '../../policies/actor.ts';
import { newId } from '../../support/ids.ts';
import type { Logger } from '../../support/logger.ts';

/** What the middleware finds out about a request, for those behind it. */
export interface RequestState {
  /** Names the request in answer (`X-Request-Id`) and log. */
  requestId: string;
  /** W3C Trace Context, when the caller sent a valid one; the specification has an invalid one ignored. */
  traceparent: string | undefined;
  actor: Actor | undefined;
}

const requestIdPattern = /^[\w.:-]{1,128}$/;
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives the request its names, and says in the log how it ended. */
export const requestContext =
  (logger: Logger): Middleware<RequestState> =>
  async (ctx, next) => {
    const started = performance.now();
    const requestId = ctx.get('X-Request-Id');
    const traceparent = ctx.get('traceparent');
    ctx.state.requestId = requestIdPattern.test(requestId) ? requestId : newId();
    ctx.state.traceparent = traceparentPattern.test(traceparent) ? traceparent : undefined;
    ctx.set('X-Request-Id', ctx.state.requestId);
    ctx.res.once('close', () => {
      const ms = Math.round(performance.now() - started);
      logger.debug(
        { requestId: ctx.state.requestId, actor: ctx.state.actor?.id, status: ctx.status, ms },
        `${ctx.method} ${ctx.path}`,
      );
    });
    await next();
  };
