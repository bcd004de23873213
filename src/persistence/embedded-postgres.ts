import type net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../support/errors.ts';
import type { ConnectionTarget } from './connection.ts';
import { makePrivate } from './embedded/account.ts';
import { findBinaries, packageRoot } from './embedded/binaries.ts';
import {
  dropStalePidFile,
  initialise,
  placeCluster,
  serverCommand,
  serverEnv,
  sharedDir,
  socketDirOf,
} from './embedded/cluster.ts';
import { closed, join, launch, leave, StartFailed } from './embedded/keeper-client.ts';
import { createDatabase, databaseOn, dropDatabase } from './server-databases.ts';

export interface EmbeddedPostgresOptions {
  /** Where the data shall lie. As root, in a place that PostgreSQL's account cannot reach, it lies in /var/lib/orderflow instead. */
  readonly dataDir: string;
  /** For tests: no durability, and the data is deleted when the last user stops. */
  readonly ephemeral?: boolean;
  /** Told in a sentence what takes time or is out of the ordinary. */
  readonly log?: (line: string) => void;
}

/** A hold on a PostgreSQL server from the npm package of this platform, on a unix socket. */
export interface EmbeddedPostgres {
  /** The server's maintenance database; see `ensureDatabase` for one's own. */
  readonly connection: ConnectionTarget;
  /** Where the data really lies. */
  readonly dataDir: string;
  /** Did this process start the server, or join one that ran? */
  readonly owned: boolean;
  /** How long it took to make the cluster (0 if it was there) and to start or join the server, in milliseconds. */
  readonly timings: { readonly initMs: number; readonly startMs: number };
  /** Makes the database unless it is there, and answers how to connect to it. */
  ensureDatabase(name: string, template?: string): Promise<ConnectionTarget>;
  dropDatabase(name: string): Promise<void>;
  /** Gives the server back: it is stopped (fast shutdown, with a checkpoint) unless other processes use it. */
  stop(): Promise<void>;
}

const port = 5432; // only part of the socket file's name
const patienceMs = 30_000;

/**
 * Starts PostgreSQL on `dataDir`, or joins the one that other processes of ours run there; embedded/keeper.mjs tells how they share it. Makes the
 * cluster at the first start, recovers after a kill at any moment, and starts the server again should it crash while we hold it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const durable = options.ephemeral !== true;
  const { dataDir, account } = await placeCluster(options.dataDir);
  const socketDir = socketDirOf(dataDir);
  const logFile = `${dataDir}.log`;
  await makePrivate(socketDir, account);
  const timings = { initMs: 0, startMs: 0 };

  async function acquire(): Promise<{ socket: net.Socket; owned: boolean }> {
    const joined = await join(socketDir);
    if (joined) return { socket: joined, owned: false };
    const binaries = await findBinaries(await packageRoot(), account, sharedDir, socketDir);
    const begun = performance.now();
    await initialise(dataDir, account, binaries, durable);
    timings.initMs += performance.now() - begun;
    const command = serverCommand(binaries, dataDir, socketDir, port, durable);
    const orders = {
      command,
      account: account ?? {},
      env: serverEnv(binaries),
      dataDir,
      socketDir,
      scrap: durable ? [] : [dataDir, socketDir, logFile],
    };
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(100)) {
      try {
        return { socket: await launch(orders, logFile), owned: true };
      } catch (error) {
        // Another process was faster, or the last server is still ending, or it left its pid file behind: try joining and starting in turn.
        if (!(error instanceof StartFailed && error.directoryInUse) || Date.now() > giveUpAt) throw error;
        const other = await join(socketDir);
        if (other) return { socket: other, owned: false };
        await dropStalePidFile(dataDir);
      }
    }
  }

  const begun = performance.now();
  let { socket, owned } = await acquire();
  timings.startMs = performance.now() - begun - timings.initMs;
  const stopping = new AbortController();

  /** The keeper closes our socket when the server has ended by itself. Pools reconnect to the same path as soon as it runs again. */
  async function restartWhenLost(): Promise<void> {
    while (!stopping.signal.aborted) {
      await closed(socket);
      if (stopping.signal.aborted) return;
      log('the embedded PostgreSQL has ended unexpectedly; starting it again');
      try {
        ({ socket } = await acquire());
        if (stopping.signal.aborted) await leave(socket);
      } catch (error) {
        log(messageOf(error));
        await sleep(1_000, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
      }
    }
  }
  const watching = restartWhenLost();

  const connection = { host: socketDir, port, user: 'postgres', database: 'postgres' };
  return {
    connection,
    dataDir,
    owned,
    timings,
    ensureDatabase: async (name, template) => {
      await createDatabase(connection, name, template);
      return databaseOn(connection, name);
    },
    dropDatabase: (name) => dropDatabase(connection, name),
    stop: async () => {
      stopping.abort();
      await leave(socket);
      await watching;
    },
  };
}
