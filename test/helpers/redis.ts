import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

let server: ChildProcess | undefined;
let url: string | undefined;

/** The run's own Redis, empty and without persistence, or undefined when the machine has no redis-server. */
export const testRedisUrl = (): string | undefined => url;

const onPath = (program: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, program))
    .find((file) => existsSync(file));

/** Starts redis-server on a free port; false when there is none on this machine. */
export async function startTestRedis(): Promise<boolean> {
  const program = onPath('redis-server');
  if (!program) return false;
  const port = await freePort();
  const command = [
    program,
    '--port',
    String(port),
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
  server = spawn(file, args, { stdio: 'ignore', cwd: '/tmp' });
  server.unref();
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || server.exitCode !== null) throw new Error('redis-server did not start');
    await sleep(25);
  }
  url = `redis://127.0.0.1:${port}`;
  return true;
}

export async function stopTestRedis(): Promise<void> {
  if (!server || server.exitCode !== null) return;
  server.ref();
  server.kill('SIGKILL');
  await once(server, 'exit');
}

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
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
