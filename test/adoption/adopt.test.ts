import { expect } from 'chai';
import { redecideCredit } from '../../src/commands/adoption/redecide.ts';
import type { LegacyRecords } from '../../src/commands/adoption/records.ts';
import { creditDecide } from '../../src/jobs/handlers/credit.decide.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { adopt, countOf, digestOf, faultsOf, sample } from './world.ts';

const effect = 'effect' in creditDecide ? creditDecide.effect : undefined;

describe('adopting 300 orders of an old system', () => {
  let world: World;
  let records: LegacyRecords;
  let first: Awaited<ReturnType<typeof adopt>>;

  before(async function () {
    this.timeout(120_000);
    world = await openWorld();
    records = await sample(world, 300, 7);
    const untouched = await digestOf(world.database);
    const trial = await adopt(world, records, { dryRun: true });
    expect(await digestOf(world.database), 'a dry run writes nothing').to.deep.equal(untouched);
    first = await adopt(world, records);
    expect(trial, 'a dry run tells what the run does').to.deep.equal({ ...first, dryRun: true });
  });
  after(() => world.close());

  it('reconciles to the cent and to the piece; what contradicts itself is on the review list', async () => {
    const { differences, lines } = first.reconciliation;
    expect(differences).to.deep.equal([]);
    expect(new Set(lines.map(({ entity }) => entity)).size).to.equal(10);
    expect([first.orders, first.findings.map(({ key, code }) => `${key} ${code}`)]).to.deep.equal([
      297,
      ['LS-000051 unknown-status', 'LS-000151 contradictory', 'LS-000251 contradictory'],
    ]);
    const inReview = lines.filter(({ review }) => review.count > 0).map(({ entity, status }) => `${entity} ${status}`);
    expect(inReview).to.deep.equal(['sale_orders CANCELLED', 'sale_orders FROZEN', 'sale_orders PENDING', 'payments CAPTURE']);
    expect(await countOf(world, 'adoption_review where resolved_at is null')).to.equal(3);
  });

  it('fires nothing: no event, no message, no job but credit that is still to be decided, no wait that is due', async () => {
    expect(await countOf(world, 'event')).to.equal(0);
    expect(await countOf(world, 'message')).to.equal(0);
    expect(await countOf(world, `outbox where job_type <> 'credit.decide' or next_at <= orderflow.now()`)).to.equal(0);
    const undecided = await countOf(world, `sale_order where workflow_state = 'CREDIT_CHECK'`);
    expect([undecided, await countOf(world, 'outbox')]).to.deep.equal([15, 15]);
    expect(await countOf(world, `wait where kind = 'timer' and due_at <= orderflow.now()`)).to.equal(0);
  });

  it('leaves one transition and one step for each order, the history of 90 days before it, and no instance for what was over', async () => {
    const orders = `(select id, adopted_at, closed_at, process_instance_id, workflow_state from orderflow.quotation
      union all select id, adopted_at, closed_at, process_instance_id, workflow_state from orderflow.sale_order
      union all select id, adopted_at, closed_at, process_instance_id, workflow_state from orderflow.fulfilment
      union all select id, adopted_at, closed_at, process_instance_id, workflow_state from orderflow.return_request) o`;
    const count = async (where: string): Promise<number> => {
      const [row] = await world.database.query<{ count: number }>(`select count(*) as count from ${orders} where ${where}`);
      return row?.count ?? 0;
    };
    const all = await count('true');
    expect(all).to.be.greaterThan(500);
    expect(await count('adopted_at is null')).to.equal(0);
    expect(await count('(closed_at is null) <> (process_instance_id is not null)')).to.equal(0);
    expect(await countOf(world, `transition where trigger = 'backfill'`)).to.equal(all);
    expect(
      await count(
        `(select to_state from orderflow.transition t where t.entity_id = o.id and t.trigger = 'backfill') <> o.workflow_state`,
      ),
    ).to.equal(0);
    expect(await countOf(world, `transition where trigger = 'backfill-history'`)).to.be.greaterThan(300);
    expect(
      await countOf(world, `transition where trigger = 'backfill-history' and at < orderflow.now() - interval '91 days'`),
    ).to.equal(0);
    expect(await countOf(world, `process_instance where revision <> 1`)).to.equal(0);
  });

  it('passes the audit and the invariants', async () => {
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('holds credit beyond the limit only with an override of its own', async () => {
    const overridden = await countOf(world, `credit_hold where override_request_id is not null`);
    expect(overridden).to.be.greaterThan(0);
    expect(await countOf(world, `override_request where reason_code = 'GRANDFATHERED' and status = 'CONSUMED'`)).to.equal(
      overridden,
    );
    expect(await countOf(world, `override_request where reason_code = 'LEGACY' and status = 'PENDING'`)).to.be.greaterThan(10);
  });

  it('changes nothing when it is run again', async function () {
    this.timeout(60_000);
    const after = await digestOf(world.database);
    const second = await adopt(world, records);
    expect([second.orders, second.masters]).to.deep.equal([0, 0]);
    expect(second.reconciliation).to.deep.equal(first.reconciliation);
    expect(second.findings).to.deep.equal(first.findings);
    expect(await digestOf(world.database)).to.deep.equal(after);
  });

  it('tells of records that the old system has changed since, and takes what was mended off the review list', async function () {
    this.timeout(60_000);
    const status = (number: string, to: string) => (record: (typeof records.sale_orders)[number]) =>
      record['number'] === number ? { ...record, status: to } : record;
    const [known] = records.sale_orders;
    const changed = {
      ...records,
      sale_orders: records.sale_orders
        .map(status('LS-000051', 'CONFIRMED'))
        .map((record) => (record === known ? { ...record, status_reason: 'somebody wrote on it' } : record)),
    };
    const third = await adopt(world, changed);
    // FROZEN has become CONFIRMED, which a prepaid order without a shipment is not either
    expect(third.findings.map(({ key, code }) => `${key} ${code}`).sort()).to.deep.equal(
      [
        'LS-000051 contradictory',
        'LS-000151 contradictory',
        'LS-000251 contradictory',
        `${known?.['number'] ?? ''} changed`,
      ].sort(),
    );
    expect(await countOf(world, `adoption_review where key = 'LS-000051' and resolved_at is not null`)).to.equal(1);
    await adopt(world, records);
  });

  it('decides credit again for orders on terms, in their order, and everything stays sound', async function () {
    this.timeout(120_000);
    if (!effect) throw new Error('credit.decide has no effect');
    expect(await redecideCredit(world.deps, effect)).to.equal(15);
    const decided = await world.database.query<{ sorted: boolean }>(
      `select bool_and(at >= earlier) as sorted from (
         select o.sequence, s.at, lag(s.at, 1, s.at) over (order by o.sequence) as earlier
           from orderflow.outbox o join orderflow.step s on s.wait_id = o.wait_id where o.job_type = 'credit.decide') d`,
    );
    expect(decided[0]?.sorted).to.equal(true);
    const ran = await world.drain();
    expect(
      ran.filter((type) => /^(payment|carrier)\./.test(type)),
      'nothing is asked of a provider',
    ).to.deep.equal([]);
    expect(await countOf(world, `sale_order where workflow_state = 'CREDIT_CHECK'`)).to.equal(0);
    expect(await faultsOf(world)).to.deep.equal([]);
  });
});
