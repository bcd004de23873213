import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { booking, clientOf, intent, startCustomer, startSandbox, until, type LedgerRow } from './world.ts';

describe('The sandbox as a process', () => {
  let directory: string;
  let dataFile: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'orderflow-sandbox-'));
    dataFile = join(directory, 'data', 'sandbox.jsonl');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  /** Starts `npm run sandbox`'s command and reads the address from its first line. */
  async function start(env: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/sandbox/main.ts'], {
      env: {
        ...process.env,
        SANDBOX_PORT: '0',
        SANDBOX_DATA_FILE: dataFile,
        ORDERFLOW_WEBHOOK_URL: '',
        LOG_LEVEL: 'silent',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const first = await Promise.race([once(child.stdout, 'data'), exited.then(() => [`exited: ${said}`])]);
    const line = String(first[0]);
    const kill = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      return exited;
    };
    return { line, kill, ...clientOf(/http:\S+?(?=,)/.exec(line)?.[0] ?? '') };
  }

  it('remembers after kill -9 what it did, what it answered and whom it has to tell', async () => {
    const before = await start();
    const made = await before.post('/payments/intents', 'k-1', intent);
    await before.post('/payments/intents/S-000001/captures', 'k-2', { amountMinor: 4_000 });
    await before.post('/shipments', 'k-3', booking);
    await before.post('/shipments', 'k-3', booking);
    const effects = await before.ledger();
    await before.kill('SIGKILL');

    const customer = await startCustomer();
    const after = await start({ ORDERFLOW_WEBHOOK_URL: customer.url });
    expect(await after.post('/payments/intents', 'k-1', intent)).to.deep.equal(made);
    expect((await after.post('/shipments', 'k-1', booking)).status).to.equal(422);
    expect((await after.get('/payments/intents/S-000001')).body.capturedMinor).to.equal(4_000);
    await until(() => customer.deliveries.length === 1);
    await until(async () => (await after.ledger('?idempotencyKey=k-2'))[0]?.webhook?.accepted === 1);
    const now = await after.ledger();
    expect(now.map(({ idempotencyKey, requests }) => [idempotencyKey, requests])).to.deep.equal([
      ['k-1', 2],
      ['k-2', 1],
      ['k-3', 2],
    ]);
    const lasting = (rows: LedgerRow[]) => rows.map((row) => ({ ...row, requests: 0, webhook: null }));
    expect(lasting(now)).to.deep.equal(lasting(effects));
    expect(await after.kill('SIGTERM')).to.deep.equal([0, null]);

    const later = await start({ ORDERFLOW_WEBHOOK_URL: customer.url });
    await later.get('/health');
    expect(customer.deliveries, 'what was accepted is not told again').to.have.lengthOf(1);
    await later.kill('SIGTERM');
    await customer.close();
  });

  it('cuts off the line that a kill has torn', async () => {
    const first = await startSandbox({ dataFile });
    await first.post('/payments/intents', 'k-1', intent);
    await first.close();
    const whole = await readFile(dataFile, 'utf8');
    await appendFile(dataFile, '{"kind":"effect","effect":{"id":"tor');
    const second = await startSandbox({ dataFile });
    expect(await second.ledger()).to.have.lengthOf(1);
    await second.post('/payments/intents', 'k-2', intent);
    await second.close();
    const third = await startSandbox({ dataFile });
    expect(await third.ledger()).to.have.lengthOf(2);
    await third.close();
    expect((await readFile(dataFile, 'utf8')).startsWith(whole)).to.equal(true);
  });

  it('does nothing more after it was closed, also for a request that it kept waiting', async () => {
    const sandbox = await startSandbox({ dataFile });
    await sandbox.put('/control', { delayMs: 60_000 });
    const waiting = sandbox.post('/payments/intents', 'k-1', intent).catch(() => 'hung up');
    await sleep(100); // until it waits inside; were this too short, the test would only prove less
    await sandbox.close();
    expect(await waiting).to.equal('hung up');
    expect(await readFile(dataFile, 'utf8')).to.equal('');
  });

  it('names the line of its file that it cannot read', async () => {
    dataFile = join(directory, 'broken.jsonl');
    await writeFile(dataFile, '\n{}\n');
    const { line } = await start();
    expect(line).to.match(/exited: sandbox: .*broken\.jsonl, line 1, is not JSON: repair the line or remove the file/);
  });

  it('says which port is taken and which setting is wrong', async () => {
    const first = await start();
    const second = await start({ SANDBOX_PORT: new URL(first.url).port, SANDBOX_DATA_FILE: '' });
    expect(second.line).to.match(/exited: sandbox: Port \d+ of 127\.0\.0\.1 is taken: stop what runs there or set SANDBOX_PORT/);
    expect((await start({ SANDBOX_PORT: 'many' })).line).to.include('SANDBOX_PORT');
    await first.kill('SIGTERM');
  });
});
