import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { opening, scenes } from '../../src/cli/demo/scenes/index.ts';
import { readConfig } from '../../src/config.ts';
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

/** Every state that an order rests in without weeks going by; in the others it waits for a job, or for a date. */
const resting: Readonly<Record<string, readonly string[]>> = {
  quotations: ['DRAFT', 'AWAITING_PRICE_OVERRIDE', 'SENT', 'APPROVED', 'REJECTED', 'WITHDRAWN'],
  'sale-orders': [
    'AWAITING_ADMIN_OVERRIDE',
    'AWAITING_PAYMENT_METHOD',
    'AWAITING_CREDIT_OVERRIDE',
    'CREDIT_HOLD',
    'AWAITING_STOCK_OVERRIDE',
    'AWAITING_CUSTOMER_DECISION',
    'AWAITING_PAYMENT',
    'CLEARED',
    'COMPLETED',
    'REJECTED',
    'CANCELLED',
  ],
  fulfilments: [
    'BACKORDERED',
    'ON_HOLD',
    'PICKING',
    'PACKING',
    'SHIPPING_EXCEPTION',
    'SHIPPED',
    'DELIVERY_EXCEPTION',
    'DELIVERED',
    'RETURN_REQUESTED',
    'COMPLETED',
    'RETURNED',
    'LOST',
    'CANCELLED',
  ],
  returns: [
    'RETURN_UNDER_REVIEW',
    'RETURN_AUTHORIZED',
    'RETURN_INSPECTION',
    'REFUND_PENDING',
    'REFUND_MANUAL',
    'RETURN_COMPLETED',
    'RETURN_REJECTED',
    'RETURN_CANCELLED',
  ],
};

const Page = z.looseObject({ items: z.array(z.looseObject({ workflowState: z.string() })) });

/** The states of all orders of a kind. */
async function statesOf({ url }: Service, noun: string): Promise<string[]> {
  const answer = await fetch(`${url}/v1/${noun}?limit=500`, { headers: { authorization: 'Bearer demo-auditor' } });
  return Page.parse(await answer.json()).items.map(({ workflowState }) => workflowState);
}

async function untilSaid({ said }: Service, what: RegExp, patienceMs: number): Promise<void> {
  for (const giveUpAt = Date.now() + patienceMs; !what.test(said()); await sleep(100))
    if (Date.now() > giveUpAt) throw new Error(`not said within ${patienceMs / 1000} s: ${what}; it said ${said()}`);
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

  it('fills the demo world at the first start: an order in every state, each story once, though it is killed in the middle', async () => {
    const killed = await startService({ ...settings(), JOB_LEASE_MS: '2000' });
    await untilSaid(killed, /demo world: \d+ of/, 120_000);
    const gone = once(killed.child, 'close');
    killed.child.kill('SIGKILL');
    await gone;
    expect(killed.said()).not.to.contain('is filled');

    const service = await startService({ ...settings(), JOB_LEASE_MS: '2000' });
    const front = async (): Promise<string> => (await fetch(service.url)).text();
    expect(await front()).to.match(/The demo world is being filled: \d+ of \d+/);
    await untilSaid(service, /is filled: /, 180_000);
    const all = scenes.length + 1;
    expect(service.said()).to.contain(`is filled: ${all} of ${all} short stories`);
    expect(await front()).to.contain(`The demo world is filled: orders in every state, made by ${all} short stories.`);
    const seen = await Promise.all(Object.keys(resting).map((noun) => statesOf(service, noun)));
    Object.values(resting).forEach((wanted, index) => expect(seen[index]).to.include.members([...wanted]));
    const wantedOrders = [opening, ...scenes].flatMap(({ expected }) => expected);
    expect(seen.flat().toSorted(), 'no order but those of the stories').to.deep.equal(wantedOrders.toSorted());
    expect((await terminate(service)).code).to.equal(0);

    const second = await startService(settings());
    const audit = await orderflow(['audit'], settings());
    expect(audit.code, audit.out).to.equal(0);
    expect((await Promise.all(Object.keys(resting).map((noun) => statesOf(second, noun)))).flat()).to.have.length(
      wantedOrders.length,
    );
    expect((await terminate(second)).code).to.equal(0);
    expect(second.said()).not.to.contain('being filled');
  });

  it('makes no orders in production, nor in a database of our own without demo mode, nor when told not to', () => {
    const server = { DATABASE_URL: 'postgres://127.0.0.1/orderflow' };
    for (const env of [server, { NODE_ENV: 'production' }, { ORDERFLOW_DEMO: 'false' }, { ORDERFLOW_DEMO_ORDERS: 'false' }])
      expect(readConfig(env).demoOrders, JSON.stringify(env)).to.equal(false);
    for (const env of [{}, { ...server, ORDERFLOW_DEMO: 'true' }])
      expect(readConfig(env).demoOrders, JSON.stringify(env)).to.equal(true);
  });

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
