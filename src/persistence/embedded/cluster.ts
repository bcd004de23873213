import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { isReachable, makeReachable, serverAccount, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { removeLeftovers, renameUnlessThere, stagingFor } from './staging.ts';

const run = promisify(execFile);

/** Where root keeps what PostgreSQL's account must reach while the checkout is closed to it. */
export const sharedDir = '/var/lib/orderflow';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Where the data of a cluster that is wanted at `wanted` really lies, and whom the server runs as. The directory above exists afterwards. */
export async function placeCluster(wanted: string): Promise<{ dataDir: string; account: Account | undefined }> {
  const absolute = path.resolve(wanted);
  const chosen = process.getuid?.() === 0 && !(await isReachable(absolute)) ? path.join(sharedDir, hash(absolute)) : absolute;
  await makeReachable(path.dirname(chosen));
  // One name for one place, however it was written: processes meet by the hash of it.
  const dataDir = path.join(await fs.realpath(path.dirname(chosen)), path.basename(chosen));
  return { dataDir, account: await serverAccount(dataDir) };
}

/** The directory of the cluster's sockets. In /tmp, as a socket's path must not be longer than about 100 bytes. */
export const socketDirOf = (dataDir: string): string => `/tmp/ofpg-${hash(dataDir)}`;

/** Makes the cluster unless it is there. A kill at any moment leaves either all of it or none. */
export async function initialise(
  dataDir: string,
  account: Account | undefined,
  binaries: Binaries,
  durable: boolean,
): Promise<void> {
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) return;
  const found = await fs.readdir(dataDir).catch(() => []);
  if (found.length > 0)
    throw new Error(
      `${dataDir} is to hold PostgreSQL's data, but it holds something else (${found[0]}). Move it away, or set ORDERFLOW_DATA_DIR.`,
    );
  await removeLeftovers(dataDir);
  const staging = stagingFor(dataDir);
  await fs.mkdir(staging, { mode: 0o700 });
  if (account) await fs.chown(staging, account.uid, account.gid);
  const options = [
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const [file = '', ...args] = endingWithUs('KILL', [binaries.initdb, '-D', staging, ...options]);
  await run(file, args, { ...account, env: serverEnv(binaries), cwd: staging });
  await renameUnlessThere(staging, dataDir);
}

export const serverEnv = (binaries: Binaries): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...binaries.env,
});

/** The server's command line. It is told everything here, so an old postgresql.conf never matters. */
export function serverCommand(binaries: Binaries, dataDir: string, socketDir: string, port: number, durable: boolean): string[] {
  const settings = {
    listen_addresses: '', // the unix socket only: no port to clash, nobody else on the machine or the network gets in
    unix_socket_permissions: '0700',
    max_connections: '300', // several processes with their pools and queues; an idle one costs some kilobytes
    timezone: 'UTC',
    log_min_messages: 'log', // failed statements are reported to whoever sent them; the log is for the server's own life
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  const command = [binaries.postgres, '-D', dataDir, '-k', socketDir, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) command.push('-c', `${name}=${value}`);
  return endingWithUs('INT', command); // INT is PostgreSQL's fast shutdown
}

/** A command that the kernel sends `signal` when the process that started it ends, even by SIGKILL. setpriv is part of util-linux; elsewhere nothing does this. */
function endingWithUs(signal: 'INT' | 'KILL', command: string[]): string[] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  return setpriv ? [setpriv, '--pdeathsig', signal, ...command] : command;
}

/**
 * Removes `postmaster.pid` when no server of this directory runs any more although the process id in it exists: it is a zombie that nobody reaps
 * (usual in containers), or belongs to another program by now. PostgreSQL itself removes the file when the id is free. Needs /proc.
 */
export async function dropStalePidFile(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid');
  const pid = await pidIn(file);
  if (pid === undefined || !existsSync('/proc/self/stat') || (await isServerOf(pid, dataDir))) return;
  // Take it by renaming and look again: another process may have done all this, and started its own server, since we looked.
  const taken = `${file}.${randomUUID()}`;
  await fs.rename(file, taken).catch(() => undefined);
  if ((await pidIn(taken)) !== pid) await fs.link(taken, file).catch(() => undefined);
  await fs.rm(taken, { force: true });
}

async function pidIn(file: string): Promise<number | undefined> {
  const [line] = (await fs.readFile(file, 'utf8').catch(() => '')).split('\n');
  return line ? Number(line) : undefined;
}

async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0]; // proc(5): the state follows the name, which is in parentheses
  if (state === undefined || state === 'Z' || state === 'X') return false;
  const workingDirectory = await fs.readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return workingDirectory === undefined || workingDirectory === dataDir;
}
