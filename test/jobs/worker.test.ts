import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { completeJob } from '../../src/commands/complete-job.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { internal } from '../../src/jobs/handler.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import type { JobBell } from '../../src/outbox/relay.ts';
import { aSaleOrder, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('jobs', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const openBell = async (): Promise<JobBell> => {
    const [bell] = await world.database.query<JobBell>(
      `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox where done_at is null and cancelled_at is null`,
    );
    if (!bell) throw new Error('no job is open');
    return bell;
  };
  const outbox = async (
    jobId: string,
  ): Promise<{ done: boolean; failures: number; deliveries: number; rests: boolean; error: string | null }> => {
    const [row] = await world.database.query<{
      done: boolean;
      failures: number;
      deliveries: number;
      rests: boolean;
      error: string | null;
    }>(
      `select done_at is not null as done, failures, deliveries, next_at = 'infinity' as rests, last_error as error
         from orderflow.outbox where wait_id = $1`,
      [jobId],
    );
    if (!row) throw new Error(`no outbox row ${jobId}`);
    return row;
  };
  const incidents = (): Promise<{ id: string; kind: string; elementId: string; message: string; resolved: boolean }[]> =>
    world.database.query(
      `select id, kind, element_id as "elementId", message, resolved_at is not null as resolved from orderflow.incident order by opened_at`,
    );
  const fail = (message: string) => internal('sale.open', () => Promise.reject(new Error(message)));

  it('a bell that rings twice has one effect and one completion (D6, D9)', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    await Promise.all([1, 2, 3].map(() => answerBell(world.deps, world.handlers, world.providers, bell, 30_000)));
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.step where wait_id = $1', [
      bell.jobId,
    ]);
    expect(row?.n).to.equal(1);
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CREDIT_CHECK']);
  });

  it('an effect and its completion commit together: a handler that fails leaves no trace but the count', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    world.handlers.set(
      'sale.open',
      internal('sale.open', async ({ tx, job }) => {
        await tx.execute(`update orderflow.sale_order set cancel_reason = 'half done' where id = $1`, [job.subject.id]);
        throw new Error('the database of another department is away');
      }),
    );
    await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    const [row] = await world.database.query('select cancel_reason from orderflow.sale_order where id = $1', [sale.id]);
    expect(row).to.deep.equal({ cancel_reason: null });
    expect(await outbox(bell.jobId)).to.deep.include({
      done: false,
      failures: 1,
      rests: false,
      error: 'the database of another department is away',
    });
  });

  it('a job that keeps failing becomes an incident after its retries, and goes on when that is resolved', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    const good = world.handlers.get('sale.open');
    world.handlers.set('sale.open', fail('no such warehouse'));
    for (let retry = 0; retry < 3; retry++) {
      await world.pass(60_000);
      await world.drain();
    }
    expect(await outbox(bell.jobId)).to.deep.include({ done: false, failures: 3, rests: true });
    const [incident] = await incidents();
    expect(incident).to.deep.include({ kind: 'job-failed', elementId: 's_open', message: 'no such warehouse', resolved: false });

    world.handlers.set('sale.open', good!);
    await world.pass(86_400_000);
    await world.drain();
    expect(await statesOf(world, sale.id), 'it rests until somebody resolves the incident').to.deep.equal(['OPEN']);
    const { body } = await resolveIncident(world.deps, by('operator'), incident!.id);
    expect(body['status'], 'resolved only by a committed step').to.equal('retrying');
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    expect((await incidents())[0]?.resolved).to.equal(true);
  });

  it('a job that is begun again and again without an end becomes an incident: it may be killing its worker', async () => {
    await aSaleOrder(world);
    const bell = await openBell();
    await world.database.query('update orderflow.outbox set deliveries = 10 where wait_id = $1', [bell.jobId]);
    await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    expect(await outbox(bell.jobId)).to.deep.include({ done: false, deliveries: 11, rests: true });
    expect((await incidents())[0]).to.deep.include({ kind: 'job-failed', elementId: 's_open' });
  });

  it('a result that the job type does not declare is refused, and counts as a failure', async () => {
    const facts = { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false };
    await aSaleOrder(world);
    const bell = await openBell();
    world.handlers.set(
      'sale.open',
      internal('sale.open', () =>
        Promise.resolve({
          variables: { method: 'BARTER', totalMinor: 1, admission: { ...facts, outcome: null, reasonCode: null } },
        }),
      ),
    );
    await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    expect((await outbox(bell.jobId)).error).to.match(/result of sale\.open does not fit its declaration: \/method/);
  });

  it('a step that the diagram cannot take is rolled back and becomes an incident that names the element; the stored state is the last good one', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    world.handlers.set(
      'sale.open',
      internal('sale.open', () => Promise.resolve({ error: { code: 'NOBODY_CATCHES_THIS', message: 'x' } })),
    );
    // declared nowhere, hence a technical failure; what the diagram cannot take is tested by taking the declaration away
    const definition = await world.deps.definitions.latest(world.database, 'sale');
    (definition.jobs as Map<string, unknown>).delete('sale.open');
    await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    const [incident] = await incidents();
    expect(incident).to.deep.include({ kind: 'step-failed', resolved: false });
    expect(incident?.message).to.contain('NOBODY_CATCHES_THIS');
    expect(await outbox(bell.jobId)).to.deep.include({ done: false, rests: true });
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN']);
  });

  it('a job whose token was taken away is dropped, and leaves no effect', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'too slow' });
    await answerBell(world.deps, world.handlers, world.providers, bell, 30_000);
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.step where wait_id = $1', [
      bell.jobId,
    ]);
    expect(row?.n).to.equal(0);
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CANCELLING', 'CANCELLED']);
  });

  it('a result that comes after the token was taken away is refused: no effect, no incident', async () => {
    const sale = await aSaleOrder(world);
    const bell = await openBell();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'too slow' });
    let effects = 0;
    const problem = await problemOf(
      completeJob(world.deps, { jobId: bell.jobId, jobType: bell.jobType }, () => {
        effects++;
        return Promise.resolve({ variables: {} });
      }),
    );
    expect([problem.code, problem.extensions['jobStatus'], effects]).to.deep.equal(['task-not-open', 'cancelled', 0]);
    expect(await incidents()).to.deep.equal([]);
    await world.drain();
    expect(await statesOf(world, sale.id)).to.deep.equal(['OPEN', 'CANCELLING', 'CANCELLED']);
  });
});
