import type { Middleware } from 'koa';

/** For answers that are data: nothing in them is to be run, framed, sniffed, told to others or kept (OWASP REST security cheat sheet). */
export const securityHeaders: Middleware = async (ctx, next) => {
  ctx.set({
    'Content-Security-Policy': `default-src 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  await next();
};
