import type { Middleware } from 'koa';
import { Problem } from '../../support/errors.ts';

/** Stands behind the router: whoever comes here has the wrong address or method. @throws Problem not-found, method-not-allowed */
export const notRouted: Middleware = (ctx) => {
  const matched = (ctx['matched'] ?? []) as readonly { readonly methods: readonly string[] }[];
  const allowed = [...new Set(matched.flatMap((layer) => layer.methods))];
  if (allowed.length === 0) throw new Problem('not-found', `Nothing lives at ${ctx.path}; /openapi.json lists the addresses.`);
  ctx.set('Allow', allowed.join(', '));
  throw new Problem('method-not-allowed', `${ctx.path} understands ${allowed.join(', ')}, not ${ctx.method}.`);
};
