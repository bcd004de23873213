import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { notRunHere } from '../helpers/not-run.ts';
import { startProgram, type Program } from '../helpers/programs.ts';
import { read } from './papers.ts';

const run = promisify(execFile);

/** What the machine may have set does not reach the service: a newcomer has nothing set. */
const noServers = {
  DATABASE_URL: '',
  REDIS_URL: '',
  PROVIDERS_URL: '',
  NODE_ENV: '',
  ROLES: 'api,worker,relay,timers',
  ORDERFLOW_DEMO: 'true',
  ORDERFLOW_DEMO_ORDERS: 'false', // README.md tells numbers of a world without them
};

describe('papers: README.md, follow one order', () => {
  let folder: string;
  let service: Program | undefined;
  before(async () => {
    folder = await mkdtemp('/tmp/orderflow-readme-');
    await chmod(folder, 0o755); // as root the data would lie elsewhere, where nobody removes it
  });
  after(async () => {
    await service?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('does what it says, from a quotation to a completed sale', async function () {
    if (!(await available('bash')) || !(await available('curl'))) {
      notRunHere('bash or curl not installed: the order of README.md was not followed');
      this.skip();
    }
    this.timeout(120_000);
    service = startProgram('src/main.ts', [], {
      env: { ...noServers, PORT: '0', ORDERFLOW_DATA_DIR: path.join(folder, 'data') },
    });
    const url = / at (http:\S+)/.exec(await service.said())?.[1] ?? '';
    const section = read('README.md').split('## Follow one order')[1] ?? '';
    const script = (/```sh\n(.*?)```/s.exec(section)?.[1] ?? '').replace('http://127.0.0.1:3000', url);

    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { timeout: 100_000 });

    const promised = (/```\n(.*?)```/s.exec(section.split('The last line prints:')[1] ?? '')?.[1] ?? '')
      .split('\n')
      .filter((line) => /^[QSF]-/.test(line));
    expect(promised.length).to.be.greaterThan(4);
    expect(stdout.split('\n')).to.include.members(['sale-orders/S-000001 COMPLETED', ...promised]);
  });
});

const available = (program: string): Promise<boolean> =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  );
