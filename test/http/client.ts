import { Definitions } from '../../src/commands/definitions.ts';
import type { LintBundle } from '../../src/commands/declarations.ts';
import { lintBundle } from '../../src/commands/lint-bundle.ts';
import type { Deps } from '../../src/commands/unit.ts';
import { seedPeople } from '../../src/cli/demo/people.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { authenticateBy } from '../../src/http/authenticate.ts';
import type { Authenticate, Health, HttpSettings } from '../../src/http/options.ts';
import { JobDesk, type JobDeskSettings } from '../../src/jobs/job-desk.ts';
import { startHttpServer } from '../../src/http/server.ts';
import { demoPeople } from '../../src/policies/people.ts';
import { demoPerson } from '../../src/policies/tokens.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { createLogger } from '../../src/support/logger.ts';
import { verifyWebhook } from '../../src/support/webhook-signature.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON. */
  readonly body: JsonObject;
  readonly text: string;
}

export interface CallOptions {
  /** A demo person. */
  readonly as?: string;
  readonly body?: unknown;
  /** In place of `body`: these bytes, as they are. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  readonly url: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export const webhookSecret = `whsec_${Buffer.from('the secret of the http tests').toString('base64')}`;

/** People with the roles of their rows; without a database, with those that they begin with. */
async function authenticate(deps: Deps): Promise<Authenticate> {
  if (deps === withoutDatabase) {
    return (token) => demoPeople.find((person) => person.id === demoPerson(token));
  }
  await deps.database.transaction(seedPeople);
  return authenticateBy(deps.database, demoPerson);
}

/** The whole HTTP application on a port of its own. */
export async function serve(
  deps: Deps,
  {
    health,
    lint = lintBundle,
    jobDesk = { maxWaiting: 100, lookMs: 10_000 },
    ...settings
  }: Partial<HttpSettings> & { health?: Health; lint?: LintBundle; jobDesk?: JobDeskSettings } = {},
): Promise<Client> {
  const desk = new JobDesk(deps, jobDesk);
  const app = createHttpApp({
    deps,
    lint,
    auth: await authenticate(deps),
    activateJobs: (...wanted) => desk.activate(...wanted),
    health: health ?? { ready: () => Promise.resolve([{ name: 'database', ok: true }]) },
    settings: {
      publicUrl: 'http://orderflow.test',
      movableClock: true,
      people: demoPeople,
      verifyProviderEvent: (delivery) => verifyWebhook({ ...delivery, secrets: [webhookSecret], now: new Date() }),
      ...settings,
    },
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    call: (method, path, options) => call(server.url, method, path, options),
    close: async () => {
      await desk.close();
      await server.close();
    },
  };
}

export async function call(
  url: string,
  method: string,
  path: string,
  { as, body, raw, headers }: CallOptions = {},
): Promise<Answer> {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(as !== undefined && { Authorization: `Bearer demo-${as}` }),
      ...(sent !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as JsonObject) : {}, text };
}

/** For what has to be refused before anything is read or written: reaching for the database is a fault, and is answered as one. */
export const withoutDatabase: Deps = {
  get database(): never {
    throw new Error('secret: nothing may reach the database here');
  },
  definitions: new Definitions(),
  logger: createLogger('silent'),
};
