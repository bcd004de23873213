import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Settings of this machine would change what the commands do. */
const foreign = /^(HOST|PORT|DATABASE_URL|REDIS_URL|ROLES|PROVIDERS_URL|NODE_ENV|LOG_LEVEL|ORDERFLOW_.*)$/;

/** The environment without settings of ours, but with those of the test. */
export const withSettings = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
  ...settings,
});

/** Runs the command line as a person would, and waits for its end. `onErr` is shown standard error so far whenever there is more of it. */
export async function orderflow(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  onErr: (err: string) => void = () => undefined,
): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(root, 'bin/orderflow.js'), ...args], {
    cwd: root,
    env: withSettings(settings),
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => onErr((said.err += chunk.toString())));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** A database of a test as DATABASE_URL names it. */
export function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url;
  const { host, port, user, database } = target;
  return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}
