import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';
import { createMember, type Member } from './member.ts';

export interface FleetSettings {
  readonly target: ConnectionTarget;
  /** The queue on Redis; on PostgreSQL when left out. */
  readonly redisUrl?: string | undefined;
  readonly apis: number;
  readonly workers: number;
  readonly leaseMs: number;
}

/** The processes of one deployment: the service's own and the sandbox, which plays the world outside. */
export interface Fleet {
  readonly apis: readonly Member[];
  readonly workers: readonly Member[];
  readonly sandbox: Member;
  /** All of them. */
  readonly members: readonly Member[];
  /** Addresses of the api processes. */
  readonly urls: readonly string[];
  readonly sandboxUrl: string;
  /** Ends that nobody asked for. */
  readonly faults: readonly string[];
  /** Starts them all at once, and waits until they are ready. */
  start(): Promise<void>;
  /** The last lines that each of them said. */
  lastWords(): string;
  /** Ends them all, and forgets what they said. */
  remove(): Promise<void>;
}

/** How often background services look for themselves, ms. */
const sweepMs = 300;

export async function createFleet({ target, redisUrl, apis, workers, leaseMs }: FleetSettings): Promise<Fleet> {
  const folder = mkdtempSync(path.join(tmpdir(), 'orderflow-kill-'));
  const ports = await freePorts(apis + 1);
  const urls = ports.slice(1).map((port) => `http://127.0.0.1:${port}`);
  const sandboxUrl = `http://127.0.0.1:${ports[0]}`;
  const faults: string[] = [];
  const common = { onFault: (what: string): void => void faults.push(what) };
  const log = (name: string): string => path.join(folder, `${name}.log`);

  const service = (kind: 'api' | 'worker', index: number): Member => {
    const name = `${kind}-${index + 1}`;
    const url = kind === 'api' ? urls[index] : undefined;
    return createMember({
      ...common,
      name,
      kind,
      file: 'src/main.ts',
      readyWhen: 'Orderflow is running',
      logFile: log(name),
      ...(url !== undefined && { url }),
      env: {
        DATABASE_URL: urlOf(target),
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
        ROLES: kind === 'api' ? 'api' : 'worker,relay,timers',
        PORT: url === undefined ? '0' : new URL(url).port,
        ORDERFLOW_DEMO: 'true',
        ORDERFLOW_DEMO_ORDERS: 'false',
        ORDERFLOW_DATA_DIR: path.join(folder, name),
        PROVIDERS_URL: sandboxUrl,
        JOB_LEASE_MS: String(leaseMs),
        SWEEP_MS: String(sweepMs),
      },
    });
  };
  const sandbox = createMember({
    ...common,
    name: 'sandbox',
    kind: 'sandbox',
    file: 'src/sandbox/main.ts',
    readyWhen: 'sandbox: payment provider',
    logFile: log('sandbox'),
    url: sandboxUrl,
    env: {
      SANDBOX_PORT: new URL(sandboxUrl).port,
      SANDBOX_DATA_FILE: path.join(folder, 'sandbox.jsonl'),
      ORDERFLOW_WEBHOOK_URL: `${urls[0]}/v1/provider-events`,
      LOG_LEVEL: 'error',
    },
  });
  const made = {
    apis: Array.from({ length: apis }, (_, index) => service('api', index)),
    workers: Array.from({ length: workers }, (_, index) => service('worker', index)),
  };
  const members = [...made.apis, ...made.workers, sandbox];
  return {
    ...made,
    sandbox,
    members,
    urls,
    sandboxUrl,
    faults,
    start: async () => {
      for (const member of members) member.start();
      await Promise.all(members.map((member) => member.ready()));
    },
    lastWords: () => members.map(({ name, logFile }) => `${name}:\n${tail(logFile)}`).join('\n'),
    remove: async () => {
      await Promise.all(members.map((member) => member.remove()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A target as DATABASE_URL; a unix socket's directory goes into the parameter `host`. */
function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url;
  const query = new URLSearchParams({ host: target.host, port: String(target.port) });
  return `postgres://${encodeURIComponent(target.user)}@localhost/${encodeURIComponent(target.database)}?${query.toString()}`;
}

function tail(file: string, lines = 12): string {
  try {
    const said = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\S/.test(line)); // not the lines of the welcome
    return said
      .slice(-lines)
      .map((line) => `  ${line.slice(0, 1_000)}`)
      .join('\n');
  } catch {
    return '  (nothing)';
  }
}

/** Ports that stay free while their process is dead: below those that the system gives to outgoing connections. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = 20_000 + Math.floor(Math.random() * 10_000); found.length < count; port++) {
    const probe = net.createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    found.push(port);
    probe.close();
    await once(probe, 'close');
  }
  return found;
}
