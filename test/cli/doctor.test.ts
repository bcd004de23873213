import { expect } from 'chai';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { withoutPassword } from '../../src/cli/doctor/settings.ts';
import { openTestDatabase } from '../helpers/database.ts';
import { orderflow, root, urlOf } from './run.ts';

interface Diagnosis {
  settings: { name: string; value: string; origin: string }[];
  facts: Record<string, string>;
  findings: string[];
}

describe('orderflow doctor', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp('/tmp/orderflow-doctor-');
    await chmod(folder, 0o755); // as root the server runs as somebody else, and has to get there
  });
  after(() => rm(folder, { recursive: true }));

  async function doctor(settings: Record<string, string>): Promise<Diagnosis & { code: number | null; text: string }> {
    const { code, out } = await orderflow(['doctor', '--json'], { ORDERFLOW_DATA_DIR: folder, PORT: '0', ...settings });
    return { code, text: out, ...(JSON.parse(out) as Diagnosis) };
  }

  it('lists every setting with its value and origin, and makes no data where there is none', async () => {
    const { code, settings, facts, findings } = await doctor({});
    expect([code, findings]).to.deep.equal([0, []]);
    const inConfig = [...(await readFile(path.join(root, 'src/config.ts'), 'utf8')).matchAll(/^ {2}([A-Z_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(settings.map(({ name }) => name)).to.have.members(inConfig);
    const origins = Object.fromEntries(settings.map(({ name, value, origin }) => [name, `${value} (${origin})`]));
    expect(origins).to.include({
      HOST: '127.0.0.1 (default)',
      PORT: '0 (environment)',
      ORDERFLOW_DATA_DIR: `${folder} (environment)`,
    });
    expect(facts['data']).to.contain('nothing there yet');
    expect(facts['queue']).to.equal('PostgreSQL');
  });

  it('shows no secret', async () => {
    const secret = 'hunter2';
    const { text } = await doctor({
      DATABASE_URL: `postgres://me:${secret}@127.0.0.1:1/orderflow`,
      REDIS_URL: `redis://:${secret}@127.0.0.1:1`,
      PROVIDERS_URL: `http://me:${secret}@127.0.0.1:1`,
      ORDERFLOW_WEBHOOK_SECRET: `whsec_${secret}`,
    });
    expect(text).not.to.contain(secret);
    expect(withoutPassword(`postgres://localhost/orderflow?user=me&password=${secret}`)).not.to.contain(secret);
  });

  it('names the server that is used, and what does not answer', async () => {
    const test = await openTestDatabase();
    const { facts, findings, code } = await doctor({
      DATABASE_URL: urlOf(test.target),
      ROLES: 'api',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    await test.drop();
    expect(facts['database']).to.match(/^PostgreSQL 1\d/);
    expect(code).to.equal(1);
    expect(findings).to.have.lengthOf(2);
    expect(findings[0]).to.match(/ORDERFLOW_WEBHOOK_SECRET is not set/);
    expect(findings[1]).to.match(/Nothing answers at REDIS_URL/);
  });

  it('reminds of what rests and why, and of incidents by their cause', async () => {
    const test = await openTestDatabase({ deployed: true });
    await test.database.query(
      `insert into orderflow.suspension (id, kind, ref, reason, suspended_by, suspended_at)
       values (gen_random_uuid(), 'job-type', 'carrier.book', 'the carrier is down', 'operator', '2026-01-02T03:04:05Z')`,
    );
    await test.database.query(
      `with running as (
         insert into orderflow.process_instance (id, process_definition_id, process_id, business_key, status, variables, started_by, started_at)
         select gen_random_uuid(), id, process_id, 'S-000001', 'running', '{}', 'x', now() from orderflow.process_definition where process_id = 'sale' returning id)
       insert into orderflow.incident (id, instance_id, kind, message, opened_at)
       select gen_random_uuid(), running.id, 'job-failed', 'no answer after ' || n || ' s', now() from running, generate_series(1, 3) n`,
    );
    const { findings } = await doctor({ DATABASE_URL: urlOf(test.target), ROLES: 'api' });
    await test.drop();
    expect(findings).to.include('3 incidents are open: see GET /v1/incidents. 3 of them: no answer after 1 s');
    expect(findings).to.include(
      'job-type carrier.book is suspended since 2026-01-02T03:04:05.000Z by operator: the carrier is down',
    );
  });

  it('warns of a demo that others can reach', async () => {
    const { code, findings } = await doctor({ HOST: '0.0.0.0' });
    expect(code).to.equal(1);
    expect(findings).to.have.lengthOf(1);
    expect(findings[0]).to.match(/Demo mode is on and HOST is 0\.0\.0\.0/);
  });
});
