import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Kind = 'api' | 'worker' | 'sandbox';

export interface MemberSettings {
  readonly name: string;
  readonly kind: Kind;
  /** The program, relative to the repository. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it listens, if it does. */
  readonly url?: string;
  /** What it says on standard output when it is ready. */
  readonly readyWhen: string;
  /** Everything it says, of all its lives. */
  readonly logFile: string;
  /** Told when it has ended without being asked to. */
  readonly onFault: (what: string) => void;
}

/** A process that lives again after each death, at the same address. */
export interface Member {
  readonly name: string;
  readonly kind: Kind;
  readonly url: string | undefined;
  readonly logFile: string;
  start(): void;
  isReady(): boolean;
  /** Resolves as soon as it is ready; rejects when that takes too long. */
  ready(withinMs?: number): Promise<void>;
  /** SIGKILL, for it and whatever it has started; it is started again at once. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code, null when a signal ended it. It is not started again. */
  terminate(): Promise<number | null>;
  /** Ends it for good, without a word. */
  remove(): Promise<void>;
}

const repository = path.resolve(import.meta.dirname, '../..');
/** How long a process that cannot start rests before it tries again, ms. */
const restMs = 500;

/** Where the machine has it, setpriv ends a child with us, however we end; elsewhere only an orderly end of ours does. */
const setpriv = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((directory) => path.join(directory, 'setpriv'))
  .find((file) => existsSync(file));

export function createMember({ name, kind, file, env, url, readyWhen, logFile, onFault }: MemberSettings): Member {
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  let isReady = false;
  let isWanted = false;

  const killGroup = (): void => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  };

  function start(): void {
    isWanted = true;
    isReady = false;
    const command = [process.execPath, '--import', 'tsx', file];
    const [program = '', ...args] = setpriv ? [setpriv, '--pdeathsig', 'KILL', ...command] : command;
    // a process group of its own: a kill takes along what it has started
    const life = spawn(program, args, {
      cwd: repository,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(env),
    });
    child = life;
    let said = '';
    const listen = (chunk: Buffer): void => {
      appendFileSync(logFile, chunk);
      if (isReady || child !== life) return;
      said += chunk.toString();
      isReady = said.includes(readyWhen);
    };
    life.stdout.on('data', listen);
    life.stderr.on('data', listen);
    process.once('exit', killGroup);
    ended = once(life, 'exit').then(([code, signal]) => {
      process.off('exit', killGroup);
      isReady = false;
      appendFileSync(logFile, `--- ended (${String(code ?? signal)})\n`);
      if (!isWanted || child !== life) return undefined;
      onFault(`${name} ended by itself (${String(code ?? signal)}): ${said.slice(-500)}`);
      return sleep(restMs).then(() => (isWanted && child === life ? start() : undefined));
    });
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    isWanted = false;
    if (signal === 'SIGKILL') killGroup();
    else child?.kill(signal);
    await ended;
  }

  return {
    name,
    kind,
    url,
    logFile,
    start,
    isReady: () => isReady,
    ready: async (withinMs = 60_000) => {
      const giveUpAt = Date.now() + withinMs;
      const isThere = (): boolean => isReady;
      while (!isThere()) {
        await sleep(20);
        if (Date.now() > giveUpAt) throw new Error(`${name} is not ready after ${withinMs / 1000} s; see ${logFile}`);
      }
    },
    kill: async () => {
      await end('SIGKILL');
      start();
    },
    terminate: async () => {
      await end('SIGTERM');
      return child?.exitCode ?? null;
    },
    remove: () => end('SIGKILL'),
  };
}

/** Only what a process needs, and nothing of our own that would be a setting to it (DATABASE_URL, NODE_OPTIONS of a coverage run). */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...env,
});
