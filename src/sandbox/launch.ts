import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A sandbox process that serves the demo of this machine. */
export interface LaunchedSandbox {
  readonly url: string;
  /** Tells it where to send its events to; nothing happens when another live process started it, whose events they are. */
  sendEventsTo(url: string): Promise<void>;
  /** Ends it, if it is ours. */
  stop(): Promise<void>;
}

interface Note {
  readonly url: string;
  readonly pid: number;
  readonly ownerPid: number;
}

/**
 * Starts the sandbox as a process of its own, or takes up the one that runs beside `folder` already: one that another process of ours started, or one
 * that outlived a service that was killed. It remembers what it did in a file there, as a real provider would.
 */
export async function launchSandbox(folder: string, webhookSecret: string): Promise<LaunchedSandbox> {
  await mkdir(folder, { recursive: true });
  const noteFile = path.join(folder, 'sandbox.json');
  const note = await oneAtATime(path.join(folder, 'sandbox.lock'), async () => {
    const running = await findRunning(noteFile);
    const adopted = running !== undefined && !isAlive(running.ownerPid);
    const ours =
      running === undefined ? await start(folder, webhookSecret) : adopted ? { ...running, ownerPid: process.pid } : running;
    if (ours.ownerPid === process.pid) await writeFile(noteFile, JSON.stringify(ours));
    return ours;
  });
  return {
    url: note.url,
    sendEventsTo: async (url) => {
      if (note.ownerPid !== process.pid) return;
      await fetch(`${note.url}/webhook-endpoint`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url }),
      });
    },
    stop: async () => {
      if (note.ownerPid !== process.pid) return;
      await rm(noteFile, { force: true });
      if (isAlive(note.pid)) process.kill(note.pid, 'SIGTERM');
    },
  };
}

/** Two services that start at the same instant must not both find nobody: one looks and starts, the other waits and finds. */
async function oneAtATime<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await writeFile(lockFile, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isLeftBehind(lockFile)) await rm(lockFile, { force: true });
      else await sleep(50);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** Whoever wrote it is gone; an empty one is being written at this very moment, or its writer was killed in between. */
async function isLeftBehind(lockFile: string): Promise<boolean> {
  const holder = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (holder === undefined) return false;
  if (holder !== '') return !isAlive(Number(holder));
  const written = await stat(lockFile).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > 5_000;
}

async function findRunning(noteFile: string): Promise<Note | undefined> {
  const text = await readFile(noteFile, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const note = JSON.parse(text) as Note;
    const answer = await fetch(`${note.url}/health`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? note : undefined;
  } catch {
    return undefined; // half a note, or nobody there any more
  }
}

/** Waits for the line in which the sandbox tells its address. */
async function start(folder: string, webhookSecret: string): Promise<Note> {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(project, 'src/sandbox/main.ts')], {
    // where tsx is found from
    cwd: project,
    // its own process group: Ctrl-C is for the service, which ends the sandbox when it has finished with it
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      TSX_TSCONFIG_PATH: path.join(project, 'tsconfig.json'),
      SANDBOX_PORT: '0',
      SANDBOX_DATA_FILE: path.resolve(folder, 'sandbox.jsonl'),
      ORDERFLOW_WEBHOOK_URL: '',
      ORDERFLOW_WEBHOOK_SECRET: webhookSecret,
    },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the sandbox ended at once (exit ${code})`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /at (http:\/\/\S+?),/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  child.stdout.destroy();
  child.unref();
  return { url, pid: child.pid ?? 0, ownerPid: process.pid };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
