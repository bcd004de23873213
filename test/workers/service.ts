import { compose, type Service } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/persistence/database.ts';
import { createLogger } from '../../src/support/logger.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { urlOf } from '../cli/run.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { until } from '../helpers/promises.ts';
import { call, type Answer, type CallOptions } from '../http/client.ts';

/** The whole service on a database of its own, at one address that it keeps when it is started again. */
export interface RealService {
  readonly url: string;
  readonly database: Database;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRealService(): Promise<RealService> {
  const { database, target, drop } = await openTestDatabase({ poolSize: 4 });
  const settings = { DATABASE_URL: urlOf(target), ORDERFLOW_DEMO: 'true', ORDERFLOW_DEMO_ORDERS: 'false', SWEEP_MS: '5000' };
  const start = (port: string): Promise<Service> =>
    compose(readConfig({ ...settings, PROVIDERS_URL: 'http://127.0.0.1:9', PORT: port }), createLogger('silent'));
  let service: Service | undefined = await start('0');
  const url = service.url ?? '';
  const stop = async (): Promise<void> => {
    await service?.stop();
    service = undefined;
  };
  return {
    url,
    database,
    call: (method, path, options) => call(url, method, path, options),
    stop,
    start: async () => void (service = await start(new URL(url).port)),
    close: async () => {
      await stop();
      await drop();
    },
  };
}

/** Starts a check of a document over HTTP; answers the id of the instance. */
export async function sendDocument(service: RealService, key: string, text = 'nothing special'): Promise<string> {
  const body = { processId: 'document-check', businessKey: key, variables: { document: { id: key, text } } };
  const { status, body: instance, text: said } = await service.call('POST', '/v1/process-instances', { as: 'operator', body });
  if (status !== 201) throw new Error(said);
  return instance['id'] as string;
}

/** Waits until an instance has ended; answers its variables. */
export async function ended(service: RealService, id: string): Promise<JsonObject> {
  const read = async (path = '') => (await service.call('GET', `/v1/process-instances/${id}${path}`, { as: 'operator' })).body;
  await until(async () => (await read())['status'] !== 'running', 20_000);
  return read('/variables');
}
