import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config.ts';
import { messageOf } from '../../support/errors.ts';
import { remark } from '../command.ts';

/** The service that the demo drives. */
export interface DrivenService {
  readonly urls: readonly string[];
  /** Stops it, if the demo has started it. */
  stop(): Promise<void>;
}

/** The service at ORDERFLOW_URL (several, separated by commas, are used in turn), else the one on this machine's port, else one of our own. */
export async function findOrStartService(config: Config, wanted: string | undefined): Promise<DrivenService> {
  if (wanted) return { urls: wanted.split(',').map((url) => url.trim().replace(/\/+$/, '')), stop: async () => undefined };
  const url = addressOf(config);
  if (config.port !== 0 && (await isReady(url))) return { urls: [url], stop: async () => undefined };
  if (!config.demo) {
    throw new Error(
      `No service answers at ${url}, and one that is started here with these settings would not let the demo people in. ` +
        'Start a service with ORDERFLOW_DEMO=true, or set that for the demo too; with ORDERFLOW_URL it is looked for elsewhere.',
    );
  }
  remark(`No service answers at ${url}; starting one for the demo ...`);
  return startService();
}

/** How a program on this machine reaches a service with these settings. */
export function addressOf({ host, port }: Config): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

const mainFile = fileURLToPath(new URL('../../main.ts', import.meta.url));
const tsconfig = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url));

/** A process of its own on a free port, with the settings and the data that `npm start` would use; started again if it is killed. */
async function startService(): Promise<DrivenService> {
  let stopping = false;
  let { child, url } = await launch('0');
  const { port } = new URL(url);
  const watch = (): void => void child.once('exit', () => void restart());
  const restart = async (): Promise<void> => {
    if (stopping) return;
    remark('The service has ended; starting it again ...');
    try {
      ({ child } = await launch(port));
      watch();
    } catch (error) {
      remark(messageOf(error));
    }
  };
  watch();
  return {
    urls: [url],
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Resolves with the address that the service tells when it is ready. */
async function launch(port: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), mainFile], {
    // a group of its own: on Ctrl-C the demo stops it, once
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    // the stories are enough for one machine at a time; the next start makes its orders
    env: { ...process.env, PORT: port, HOST: '127.0.0.1', TSX_TSCONFIG_PATH: tsconfig, ORDERFLOW_DEMO_ORDERS: 'false' },
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The service ended before it was ready (exit code ${code}).`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /is running at (http:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  remark(`It runs at ${url} as process ${child.pid}.`);
  return { child, url };
}
