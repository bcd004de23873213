import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { stories } from '../../src/cli/demo/stories/index.ts';
import { orderflow, root, withSettings } from './run.ts';

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything that it has written to standard output. */
  readonly said: () => string;
}

/** The service as `npm start` runs it; resolves when it has told its address. */
async function startService(settings: Record<string, string>): Promise<Service> {
  const args = ['--import', 'tsx', path.join(root, 'src/main.ts')];
  const child = spawn(process.execPath, args, { cwd: root, env: withSettings(settings), stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${said}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /is running at (http:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return { child, url, said: () => said };
}

async function terminate({ child, said }: Service): Promise<{ code: unknown; lastLine: string | undefined }> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, lastLine: said().trim().split('\n').at(-1) };
}

describe('orderflow demo', function () {
  this.timeout(240_000);
  let folder: string;
  const settings = (): Record<string, string> => ({ ORDERFLOW_DATA_DIR: folder, PORT: '0' });
  before(async () => {
    folder = await mkdtemp('/tmp/orderflow-demo-');
    await chmod(folder, 0o755); // as root the server runs as somebody else, and has to get there
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('plays every story against a running service to the state that it expects; the service then stops cleanly', async () => {
    const service = await startService(settings());
    const demo = await orderflow(['demo'], { ...settings(), ORDERFLOW_URL: service.url });
    const audit = await orderflow(['audit', '--drained'], settings());
    const end = await terminate(service);
    expect(demo.code, demo.out + demo.err).to.equal(0);
    expect(demo.out).to.contain(`${stories.length} of ${stories.length} stories ended as they should.`);
    for (const { name } of stories) expect(demo.out).to.match(new RegExp(`^ +${name} +[QS]-\\d+.* ok *$`, 'm'));
    expect(demo.out).to.match(/sale order +AWAITING_CREDIT_OVERRIDE -> CREDIT_CHECK +credit +override:APPROVED/);
    expect(audit.code, audit.out).to.equal(0);
    expect(end).to.deep.equal({ code: 0, lastLine: 'Stopped.' });
  });

  it('starts a service of its own when none runs, on the data that is there, and a kill -9 of it only delays the stories', async () => {
    let killed = false;
    const { code, out, err } = await orderflow(['demo', '--json'], { ...settings(), JOB_LEASE_MS: '2000' }, (said) => {
      const [, pid] = / as process (\d+)\./.exec(said) ?? [];
      if (killed || pid === undefined || !said.includes('CREDIT_CHECK')) return; // not before orders are under way
      process.kill(Number(pid), 'SIGKILL');
      killed = true;
    });
    expect(err).to.contain('starting one for the demo').and.to.contain('starting it again');
    const { stories: played } = JSON.parse(out) as { stories: { name: string; ok: boolean; orders: string[] }[] };
    expect(code, err).to.equal(0);
    expect(played.map(({ name, ok }) => [name, ok])).to.deep.equal(stories.map(({ name }) => [name, true]));
  });
});
