import net from 'node:net';
import type { Config } from '../../config.ts';
import { addressOf, isReady } from '../demo/service.ts';
import { findSandbox } from '../sandbox.ts';
import type { Sight } from './database.ts';
import { withoutPassword } from './settings.ts';

const redisPort = 6379;

/** Whether queue, service and providers answer. */
export async function lookAtService(config: Config): Promise<Sight> {
  const url = addressOf(config);
  const { hostname, port } = new URL(url);
  const [queue, ready, taken, sandbox] = await Promise.all([
    lookAtQueue(config),
    isReady(url),
    config.port !== 0 && answers(hostname, Number(port)),
    findSandbox(config),
  ]);
  const service = ready ? `answers at ${url}` : `does not run at ${url}`;
  const providers = sandbox
    ? `sandbox at ${sandbox.url}`
    : (withoutPassword(config.providersUrl) ?? 'a sandbox, when the service runs');
  return {
    facts: { ...queue.facts, service, providers: config.demo || config.providersUrl !== undefined ? providers : 'none' },
    findings: [
      ...queue.findings,
      ...(taken && !ready ? [`Something listens at ${url} that is not a service that is ready: stop it or set PORT.`] : []),
    ],
  };
}

async function lookAtQueue({ redisUrl }: Config): Promise<Sight> {
  if (redisUrl === undefined) return { facts: { queue: 'PostgreSQL' }, findings: [] };
  const facts = { queue: `Redis at ${withoutPassword(redisUrl)}` };
  const { hostname, port } = URL.canParse(redisUrl) ? new URL(redisUrl) : { hostname: '', port: '' };
  if (hostname !== '' && (await answers(hostname, Number(port || redisPort)))) return { facts, findings: [] };
  return { facts, findings: ['Nothing answers at REDIS_URL. Start Redis, or unset it: the queue is then in PostgreSQL.'] };
}

/** Does anything take connections there? */
async function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: 2_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
