import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readFolder } from '../../src/cli/legacy/files.ts';
import { sampleRecords } from '../../src/cli/legacy/sample.ts';
import { entities } from '../../src/commands/adoption/records.ts';
import { openDatabase } from '../../src/persistence/database.ts';
import { createEmptyDatabase } from '../helpers/database.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { orderflow, urlOf, type Ran } from './run.ts';

describe('orderflow legacy-sample, backfill and rollout', () => {
  let world: World;
  let folder: string;
  before(async () => {
    world = await openWorld();
    folder = await mkdtemp(path.join(os.tmpdir(), 'orderflow-legacy-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await world.close();
  });

  const run = (...args: readonly string[]): Promise<Ran> => orderflow(args, { DATABASE_URL: urlOf(world.target) });

  it('writes sample data, the same for the same seed', async () => {
    const { code, out } = await run('legacy-sample', folder, '--orders', '120', '--seed', '5');
    expect([code, out]).to.deep.equal([
      0,
      `Wrote 120 orders of an old system to ${folder}. Try: orderflow backfill ${folder} --dry-run\n`,
    ]);
    expect(await readdir(folder)).to.have.members(entities.map((entity) => `${entity}.csv`));
    const now = new Date();
    expect(sampleRecords({ orders: 120, seed: 5, now })).to.deep.equal(sampleRecords({ orders: 120, seed: 5, now }));
    expect(sampleRecords({ orders: 120, seed: 5, now })).not.to.deep.equal(sampleRecords({ orders: 120, seed: 6, now }));
  });

  it('tries, adopts, and finds nothing to do', async function () {
    this.timeout(120_000);
    const review = path.join(folder, 'review-list.csv');
    const dry = await run('backfill', folder, '--dry-run', '--review', review);
    expect([dry.code, dry.err.includes('119 of 119 orders') || dry.err], dry.out).to.deep.equal([0, true]);
    expect(dry.out).to.match(/^Dry run: 119 orders and .* would be adopted\. Nothing was written\./);
    expect(dry.out).to.match(
      /It reconciles: what the old system has is here or on the review list, to the cent and to the piece\./,
    );
    expect(await readFile(review, 'utf8')).to.match(/^entity,key,code,message,record\nsale_orders,LS-000051,unknown-status,/);
    expect(await world.database.query('select 1 from orderflow.sale_order limit 1')).to.deep.equal([]);

    const first = await run('backfill', folder, '--json');
    const told = JSON.parse(first.out) as { orders: number; decided: number; reconciliation: { differences: object[] } };
    expect([first.code, told.orders, told.reconciliation.differences]).to.deep.equal([0, 119, []]);
    expect(told.decided).to.be.greaterThan(0);
    const second = await run('backfill', folder);
    expect([second.code, second.out.split('\n')[0]]).to.deep.equal([
      0,
      'Adopted 0 orders and 0 customers, products, stock levels and credit profiles in this run.',
    ]);
  });

  it('tells how the rollout stands', async () => {
    const { code, out } = await run('rollout', 'status');
    expect(code, out).to.equal(0);
    expect(out).to.match(/ {2}workflow\.sale +on since .*Z: /);
    expect(out).to.match(/Adopted: .*sale_orders \d+/);
    expect(out).to.match(/Review list:\n {2}sale_orders unknown-status 1\n/);
    expect(out).to.match(/Nothing is behind\.\n$/);

    await world.database.query(
      `insert into orderflow.event_consumer (name, position, next_at, created_by, created_at) values ('warehouse-mirror', 0, orderflow.now(), 'test', orderflow.now())`,
    );
    await world.database.query(`update orderflow.clock set offset_ms = offset_ms + 7200000`);
    const behind = await run('rollout', 'status', '--json');
    const told = JSON.parse(behind.out) as { isBehind: boolean; stuck: { what: string }[]; unpublished: number };
    expect([behind.code, told.isBehind]).to.deep.equal([1, true]);
    expect(told.stuck.some(({ what }) => what.startsWith('job inventory.reserve was due at'))).to.equal(true);
    await world.database.query(`update orderflow.clock set offset_ms = offset_ms - 7200000`);
  });

  it('shows and switches flags', async () => {
    const off = await run('flags', 'set', 'workflow.sale', 'off', 'stock is being counted');
    expect(off.code, off.err).to.equal(0);
    expect(off.out).to.match(/workflow\.sale +off {2}since .* \(stock is being counted; console:/);
    expect((await run('flags', 'set', 'workflow.sale', 'perhaps', 'x')).code).to.equal(2);
    const { items } = JSON.parse((await run('flags', '--json')).out) as { items: { name: string; enabled: boolean }[] };
    expect(items.filter(({ enabled }) => !enabled).map(({ name }) => name)).to.deep.equal(['workflow.sale']);
    await run('flags', 'set', 'workflow.sale', 'on', 'counted');
  });

  it('reads JSON, and tables of another database', async function () {
    this.timeout(120_000);
    const records = await readFolder(folder);
    const json = await mkdtemp(path.join(os.tmpdir(), 'orderflow-legacy-json-'));
    const other = await createEmptyDatabase();
    const database = await openDatabase(other.target, { poolSize: 1, applicationName: 'old system' });
    try {
      await database.query('create schema old');
      for (const entity of entities) {
        await writeFile(path.join(json, `${entity}.json`), JSON.stringify(records[entity]));
        const columns = Object.keys(records[entity][0] ?? {});
        await database.query(
          `create table old.${entity} (${columns.map((name) => `"${name}" ${name === 'created_at' ? 'timestamptz' : name === 'total' ? 'numeric(20, 3)' : 'text'}`).join(', ')})`,
        );
        const values = columns.map((name) =>
          name === 'created_at' || name === 'total' ? `nullif(r."${name}", '')` : `r."${name}"`,
        );
        const typed = columns.map((name) => `"${name}" text`);
        // numbers and dates of the database's own types, where the sample has readable ones
        const readable = records[entity].filter((record) => record['total'] === undefined || /^[\d.]+$/.test(record['total']));
        await database.query(
          `insert into old.${entity} select ${values.map((value, at) => (columns[at] === 'created_at' ? `${value}::timestamptz` : columns[at] === 'total' ? `${value}::numeric` : value)).join(', ')}
             from jsonb_to_recordset($1::jsonb) as r (${typed.join(', ')})`,
          [JSON.stringify(readable)],
        );
      }
      expect(await readFolder(json)).to.deep.equal(records);
      const fresh = await openWorld();
      try {
        const settings = { DATABASE_URL: urlOf(fresh.target) };
        const ran = await orderflow(
          ['backfill', '--from-database', urlOf(other.target), '--schema', 'old', '--dry-run', '--json'],
          settings,
        );
        const told = JSON.parse(ran.out) as { orders: number; reconciliation: { differences: object[] } };
        expect([ran.code, told.orders, told.reconciliation.differences]).to.deep.equal([0, 119, []]);
      } finally {
        await fresh.close();
      }
    } finally {
      await database.close();
      await other.drop();
      await rm(json, { recursive: true });
    }
  });

  it('says what is missing', async () => {
    const nowhere = await run('backfill');
    expect([nowhere.code, nowhere.err.split('\n')[0]]).to.deep.equal([
      2,
      'Say where the data is: a folder, or --from-database with the address of a PostgreSQL database.',
    ]);
    const empty = await run('backfill', path.join(folder, '..', 'no-such-folder'));
    expect(empty.code).to.equal(1);
    const odd = await run('backfill', folder, '--threshold', 'few');
    expect([odd.code, odd.err.split('\n')[0]]).to.deep.equal([2, '--threshold takes a whole number; it is "few".']);
  });
});
