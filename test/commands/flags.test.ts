import { expect } from 'chai';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { createSaleOrder } from '../../src/commands/create-sale-order.ts';
import { setFlag } from '../../src/commands/set-flag.ts';
import type { FlagName } from '../../src/persistence/flags.ts';
import { aCustomer, aProduct, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { faultsOf } from '../adoption/world.ts';

describe('flags', () => {
  let world: World;
  beforeEach(async () => (world = await openWorld()));
  afterEach(() => world.close());

  const switchTo = (name: FlagName, enabled: boolean) =>
    setFlag(world.deps, by('operator'), { name, enabled, reason: 'a test wants it so' });
  const wanted = async () => ({
    customerId: (await aCustomer(world)).id,
    currency: 'EUR',
    lines: [{ sku: (await aProduct(world)).sku, quantity: 2 }],
  });

  it('are on, and say who switched them when and why', async () => {
    const first = await switchTo('overrides.credit', false);
    expect(first.body).to.deep.include({ enabled: false, reason: 'a test wants it so', changedBy: 'operator', revision: 2 });
    const again = await switchTo('overrides.credit', false);
    expect(again.body, 'what is as wanted stays untouched').to.deep.equal(first.body);
    await switchTo('overrides.credit', true);
    const changes = await world.database.query(
      'select flag_name as name, revision, enabled, actor from orderflow.flag_change order by revision',
    );
    expect(changes).to.deep.equal([
      { name: 'overrides.credit', revision: 2, enabled: false, actor: 'operator' },
      { name: 'overrides.credit', revision: 3, enabled: true, actor: 'operator' },
    ]);
    const others = await world.database.query<{ enabled: boolean }>('select enabled from orderflow.flag');
    expect(others.map(({ enabled }) => enabled)).to.deep.equal(Array(7).fill(true));
  });

  it('are switched by those who may, and by those who have seen them', async () => {
    const input = { name: 'workflow.sale', enabled: false, reason: 'because' };
    expect(await problemOf(setFlag(world.deps, by('sales'), input))).to.include({ code: 'forbidden' });
    expect(await problemOf(setFlag(world.deps, by('admin'), { ...input, name: 'workflow.lunch' }))).to.include({
      code: 'not-found',
    });
    expect(await problemOf(setFlag(world.deps, by('admin'), { ...input, ifRevision: 7 }))).to.include({
      code: 'revision-mismatch',
    });
  });

  it('workflow.quotation off: no quotation is made here, and the answer says where', async () => {
    await switchTo('workflow.quotation', false);
    const refused = await problemOf(createQuotation(world.deps, by('sales'), await wanted()));
    expect([refused.code, refused.extensions]).to.deep.equal(['flag-off', { flag: 'workflow.quotation' }]);
    expect(refused.message).to.match(/do it in the old system, or ask an operator to switch the flag on/);
    // the other slices go on
    expect((await createSaleOrder(world.deps, by('sales'), await wanted())).status).to.equal(201);
  });

  it('workflow.sale off: no direct sale', async () => {
    await switchTo('workflow.sale', false);
    expect(await problemOf(createSaleOrder(world.deps, by('sales'), await wanted()))).to.include({ code: 'flag-off' });
  });

  it('workflow.fulfilment off: a cleared sale waits for shipments that the old system makes', async () => {
    const sale = await aSaleOrder(world);
    await switchTo('workflow.fulfilment', false);
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CLEARED');
    const fulfilments = await world.database.query(
      'select legacy_status as status, workflow_state as state, process_instance_id as instance from orderflow.fulfilment',
    );
    expect(fulfilments).to.deep.equal([{ status: 'HANDED_OVER', state: null, instance: null }]);
    expect(await faultsOf(world)).to.deep.equal([]);
  });

  it('overrides.* off: what would have been asked for is not asked, from the next instance on', async () => {
    const { id: customer } = await aCustomer(world, { limitMinor: 100_000 });
    const { sku } = await aProduct(world, { listPriceMinor: 10_500 });
    const running = await aSaleOrder(world, { customer, product: sku, quantity: 10 });
    await switchTo('overrides.credit', false);
    const later = await aSaleOrder(world, { customer, product: sku, quantity: 10 });
    await world.drain();
    expect((await statesOf(world, running.id)).at(-1), 'as it was when it began').to.equal('AWAITING_CREDIT_OVERRIDE');
    expect((await statesOf(world, later.id)).at(-1)).to.equal('CREDIT_HOLD');
    const recorded = await world.database.query<{ flag: boolean; variable: boolean }>(
      `select (flags -> 'overrides.credit')::boolean as flag, (variables -> 'flags' -> 'overrideCredit')::boolean as variable
         from orderflow.process_instance where id = any($1) order by started_at`,
      [[running.processInstanceId, later.processInstanceId]],
    );
    expect(recorded).to.deep.equal([
      { flag: true, variable: true },
      { flag: false, variable: false },
    ]);
  });

  it('PRICE off: a discount that needs approval goes back to the draft', async () => {
    await switchTo('overrides.price', false);
    const order = await wanted();
    const { body } = await createQuotation(world.deps, by('sales'), {
      ...order,
      lines: order.lines.map((line) => ({ ...line, discountBp: 1000 })),
    });
    await completeAt(world, 'sales', body['processInstanceId'] as string, 'q_draft');
    await world.drain();
    expect((await statesOf(world, body['id'] as string)).at(-1)).to.equal('DRAFT');
  });
});
