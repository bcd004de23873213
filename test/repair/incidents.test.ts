import { expect } from 'chai';
import { advanceBatches, resolveIncidentsOf } from '../../src/commands/repair/incident-batch.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { internal, type Handler } from '../../src/jobs/handler.ts';
import { readIncidentBatch, searchIncidents } from '../../src/queries/incident.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { aSaleOrder, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('incidents', () => {
  let world: World;
  let good: Handler;
  beforeEach(async () => {
    world = await openWorld();
    const handler = world.handlers.get('sale.open');
    if (!handler) throw new Error('no handler of sale.open');
    good = handler;
  });
  afterEach(() => world.close());

  /** Every job of the type fails from now on; the message has ids and figures in it. */
  const breakOpening = (message = (number: string) => `the warehouse of ${number} answered 503 after 12.5 s`): void => {
    world.handlers.set(
      'sale.open',
      internal('sale.open', ({ job }) => Promise.reject(new Error(message(job.businessKey)))),
    );
  };
  /** Runs jobs until their retries are used up. */
  const useUpRetries = async (): Promise<void> => {
    for (let retry = 0; retry < 3; retry++) {
      await world.pass(60_000);
      await world.drain();
    }
  };
  const search = async (filter: JsonObject = {}) => {
    const { items, facets } = await world.database.read((tx) => searchIncidents(tx, { filter, facets: ['cause'] }));
    return { items, causes: facets?.['cause'] ?? [] };
  };

  it('one whose retry fails is open again with one more attempt; only the commit of its step resolves it', async () => {
    const sale = await aSaleOrder(world);
    breakOpening();
    await useUpRetries();
    const [first] = (await search()).items;
    expect(first).to.include({ status: 'open', attempts: 0, kind: 'job-failed', processId: 'sale' });

    const { body } = await resolveIncident(world.deps, by('operator'), first?.['id'] as string);
    expect(body).to.include({ status: 'retrying', attempts: 0 });
    await useUpRetries();
    const again = (await search()).items;
    expect(again, 'not a second incident').to.have.length(1);
    expect(again[0]).to.include({ id: first?.['id'], status: 'open', attempts: 1 });
    expect(again[0]?.['retriedAt'], 'a retry that failed is over').to.equal(undefined);

    world.handlers.set('sale.open', good);
    await resolveIncident(world.deps, by('operator'), first?.['id'] as string);
    expect((await search()).items[0]).to.include({ status: 'retrying' });
    await world.drain();
    expect((await search()).items[0]).to.include({ status: 'resolved', attempts: 1, resolvedBy: 'worker:sale.open' });
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    const told = await world.database.query<{ type: string; attempts: number }>(
      `select type, (data ->> 'attempts')::int as attempts from orderflow.event where type like 'workflow.incident-%' order by sequence`,
    );
    expect(told).to.deep.equal([
      { type: 'workflow.incident-raised', attempts: 0 },
      { type: 'workflow.incident-raised', attempts: 1 },
      { type: 'workflow.incident-resolved', attempts: 1 },
    ]);
  });

  it('those that differ only in ids and figures have one cause, and search counts them by it', async () => {
    for (let sale = 0; sale < 3; sale++) await aSaleOrder(world);
    breakOpening();
    await useUpRetries();
    breakOpening((number) => `no warehouse for ${number}`);
    await aSaleOrder(world);
    await useUpRetries();

    const { causes } = await search({ status: 'open' });
    expect(causes.map(({ count }) => count)).to.deep.equal([3, 1]);
    expect(causes[0]?.sample['message']).to.match(/^the warehouse of S-\d+ answered 503/);
    expect(causes[0]?.value).to.equal(causes[0]?.sample['cause']);
    expect((causes[0]?.oldest ?? '') <= (causes[0]?.newest ?? '')).to.equal(true);
    expect((await search({ cause: causes[1]?.value ?? '' })).items).to.have.length(1);
  });

  it('all of one cause are resolved by a batch: a handful first, then the others, each by the commit of its own step', async () => {
    const sales = [];
    for (let sale = 0; sale < 8; sale++) sales.push(await aSaleOrder(world));
    breakOpening();
    await useUpRetries();
    const { causes } = await search();
    world.handlers.set('sale.open', good);
    const { body, status } = await resolveIncidentsOf(world.deps, by('operator'), {
      cause: causes[0]?.value ?? '',
      reason: 'the warehouse is back',
    });
    expect(status).to.equal(201);
    expect(body).to.include({ status: 'running', total: 8, waiting: 8 });

    const batch = () => world.database.read((tx) => readIncidentBatch(tx, body['id'] as string));
    await Promise.all([advanceBatches(world.deps), advanceBatches(world.deps)]);
    expect(await batch(), 'five to try with').to.include({ waiting: 3, retrying: 5, resolved: 0 });
    await world.drain();
    expect(await batch()).to.include({ waiting: 3, resolved: 5, status: 'running' });
    await advanceBatches(world.deps);
    await world.drain();
    await advanceBatches(world.deps);
    expect(await batch()).to.include({ total: 8, waiting: 0, retrying: 0, resolved: 8, failed: 0, status: 'ended' });
    for (const sale of sales) expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
  });

  it('a batch halts when the first of it fail again: the cause is not mended, and the others are left alone', async () => {
    for (let sale = 0; sale < 8; sale++) await aSaleOrder(world);
    breakOpening();
    await useUpRetries();
    const cause = (await search()).causes[0]?.value ?? '';
    const { body } = await resolveIncidentsOf(world.deps, by('operator'), { cause, reason: 'let us see' });
    await advanceBatches(world.deps);
    await useUpRetries();
    await advanceBatches(world.deps);
    expect(await world.database.read((tx) => readIncidentBatch(tx, body['id'] as string))).to.include({
      status: 'halted',
      waiting: 3,
      failed: 5,
    });
    const problem = await problemOf(resolveIncidentsOf(world.deps, by('operator'), { cause: '0'.repeat(32), reason: 'x' }));
    expect(problem.code).to.equal('wrong-state');
  });

  it('there is nothing to try again of a resolved one, and nobody but an operator may ask for it', async () => {
    await aSaleOrder(world);
    breakOpening();
    await useUpRetries();
    const id = (await search()).items[0]?.['id'] as string;
    expect((await problemOf(resolveIncident(world.deps, by('sales'), id))).code).to.equal('forbidden');
    world.handlers.set('sale.open', good);
    await resolveIncident(world.deps, by('operator'), id);
    await world.drain();
    expect((await problemOf(resolveIncident(world.deps, by('operator'), id))).code).to.equal('wrong-state');
  });
});
