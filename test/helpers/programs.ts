import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A TypeScript program in a process of its own, which says things line by line on its standard output. */
export interface Program {
  readonly process: ChildProcess;
  /** The next line that it says; rejects with its standard error when it ends instead. */
  said(): Promise<string>;
  /** Sends a signal and waits for the end; answers the exit code. */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface ProgramSettings {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Record<string, string>;
}

/** Starts `file` (relative to the repository, or absolute). It is killed when the test process ends. */
export function startProgram(file: string, args: readonly string[], settings: ProgramSettings = {}): Program {
  const { env, ...account } = settings;
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...account,
  });
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const lines: string[] = [];
  const output = readline.createInterface(child.stdout).on('line', (line) => lines.push(line));
  const ended = once(child, 'exit').finally(() => process.off('exit', killIt));
  return {
    process: child,
    async said() {
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        const heard = new AbortController();
        const next = (event: 'line' | 'close') => once(output, event, { signal: heard.signal }).then(() => event);
        const both = [next('line'), next('close')];
        const event = await Promise.race(both);
        heard.abort();
        await Promise.allSettled(both);
        if (event === 'close' && lines.length === 0) {
          await ended;
          throw new Error(`${file} ended (${child.exitCode ?? child.signalCode}): ${complaints}`);
        }
      }
    },
    async end(signal) {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
