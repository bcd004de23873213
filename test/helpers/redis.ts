import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Kills it; nothing that it held remains. */
  stop(): Promise<void>;
}

let shared: TestRedis | undefined;

/** How the processes of a run, which start after it, learn of the run's Redis. */
const variable = 'ORDERFLOW_TEST_REDIS_URL';

/** The run's own Redis, or undefined when the machine has no redis-server. Use a key prefix of your own. */
export const testRedisUrl = (): string | undefined => process.env[variable];

/** For the global fixture; false when there is no redis-server. */
export async function startSharedRedis(): Promise<boolean> {
  shared = await startRedis();
  if (shared) process.env[variable] = shared.url;
  return shared !== undefined;
}

export const stopSharedRedis = async (): Promise<void> => shared?.stop();

/** Starts redis-server, empty and without persistence, on `port` or a free one; undefined when there is none on this machine. */
export async function startRedis(port?: number): Promise<TestRedis | undefined> {
  const program = onPath('redis-server');
  if (!program) return undefined;
  const at = port ?? (await freePort());
  const command = [
    program,
    '--port',
    String(at),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  const setpriv = onPath('setpriv'); // ends it with us, however we end
  const [file = program, ...args] = setpriv ? [setpriv, '--pdeathsig', 'KILL', ...command] : command;
  const server = spawn(file, args, { stdio: 'ignore', cwd: '/tmp' });
  server.unref();
  for (const giveUpAt = Date.now() + 5_000; !(await answers(at)); await sleep(25)) {
    if (Date.now() > giveUpAt || server.exitCode !== null) throw new Error('redis-server did not start');
  }
  return {
    url: `redis://127.0.0.1:${at}`,
    port: at,
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.ref();
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}

const onPath = (program: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, program))
    .find((file) => existsSync(file));

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
