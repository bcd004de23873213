import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Account } from './account.ts';

/** What `keeper.mjs` is told, as JSON in its only argument. */
export interface KeeperOrders {
  /** The server's command line. */
  readonly command: readonly string[];
  /** Whom it runs as; empty: as ourselves. */
  readonly account: Partial<Account>;
  readonly env: Record<string, string>;
  readonly dataDir: string;
  readonly socketDir: string;
  /** What to delete when the server has stopped; if anything, its data need not survive. */
  readonly scrap: readonly string[];
}

const keeperFile = fileURLToPath(new URL('keeper.mjs', import.meta.url));
const logLimit = 1_000_000; // bytes

/** PostgreSQL, or its keeper, ended before it was ready. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';

  constructor(readonly log: string) {
    super(`The embedded PostgreSQL did not start. Its log ends with:\n${log}`);
  }

  /** Was another server in the way: one that runs, one that is still ending, or what one left behind? */
  get directoryInUse(): boolean {
    return /lock file ".*" already exists|pre-existing shared memory block|Address already in use/.test(this.log);
  }
}

/** Our hold on a running cluster, or undefined when no keeper serves `socketDir`. */
export async function join(socketDir: string): Promise<net.Socket | undefined> {
  const socket = net.connect({ path: `${socketDir}/keeper`, allowHalfOpen: true });
  return (await greeted(socket)) ? socket : undefined;
}

/** Starts a keeper with a server and answers our hold on it. Rejects with `StartFailed`. */
export async function launch(orders: KeeperOrders, logFile: string): Promise<net.Socket> {
  const log = await fs.open(logFile, 'a+', 0o600);
  try {
    if ((await log.stat()).size > logLimit) await log.truncate(0);
    const before = (await log.stat()).size;
    const keeper = spawn(process.execPath, [keeperFile, JSON.stringify(orders)], {
      cwd: '/',
      detached: true,
      env: {},
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
    });
    keeper.unref();
    const socket = keeper.stdio[3] as net.Socket;
    const failed = once(keeper, 'error').then(([error]) => Promise.reject(error as Error));
    if (await Promise.race([greeted(socket), failed])) return socket;
    const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(4_000), position: before });
    throw new StartFailed(buffer.toString('utf8', 0, bytesRead).trim());
  } finally {
    await log.close();
  }
}

/** Gives the hold back. Resolves when others go on using the cluster, or when it has stopped. */
export async function leave(socket: net.Socket): Promise<void> {
  if (socket.closed) return;
  socket.ref();
  socket.end();
  await closed(socket);
}

/** Resolves when the hold is over, for whatever reason. */
export async function closed(socket: net.Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

/** Waits for the keeper's word that the server accepts connections; false when the socket closes without it. */
async function greeted(socket: net.Socket): Promise<boolean> {
  const word = await new Promise<boolean>((resolve) => {
    socket.on('error', () => undefined); // 'close' follows
    socket.once('data', () => resolve(true));
    socket.once('end', () => socket.destroy());
    socket.once('close', () => resolve(false));
  });
  socket.unref(); // a process that has nothing else to do may end; the kernel tells the keeper
  return word;
}
