import Koa from 'koa';
import { authentication } from './middleware/authentication.ts';
import { jsonBody } from './middleware/json-body.ts';
import { notRouted } from './middleware/not-routed.ts';
import { problemDetails } from './middleware/problem-details.ts';
import { requestContext, type RequestState } from './middleware/request-context.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { uploads } from './middleware/uploads.ts';
import { routesOf } from './openapi-document.ts';
import type { HttpOptions } from './options.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';

/** The HTTP side of the service: reads requests, calls one command or query each, and answers. It keeps no state. */
export function createHttpApp(options: HttpOptions): Koa<RequestState> {
  const { deps, auth, settings } = options;
  const served = routesOf(settings);
  const app = new Koa<RequestState>();
  app.on('error', (error: Error) => deps.logger.warn({ err: error }, 'an answer could not be sent'));
  app.use(requestContext(deps.logger));
  app.use(problemDetails(deps.logger));
  app.use(securityHeaders);
  app.use(
    authentication(
      auth,
      matching(served, (route) => route.isPublic),
    ),
  );
  app.use(uploads(matching(served, (route) => route.takesFiles)));
  app.use(jsonBody);
  app.use(createRouter(served, options).routes());
  app.use(notRouted);
  return app;
}

/** Whether a request is for one of certain routes; asked before the router is. */
function matching(served: readonly Route[], wanted: (route: Route) => boolean): (method: string, path: string) => boolean {
  const some = served.filter(wanted).map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (method, path) => {
    const called = method === 'HEAD' ? 'get' : method.toLowerCase();
    return some.some((route) => route.method === called && route.pattern.test(path));
  };
}
