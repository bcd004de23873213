import { expect } from 'chai';
import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { aCustomer, aQuotation, aSaleOrder, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

const days = 86_400_000;

/** What scenarios have at their edges, where the order of things has to be in the test's hand: no service runs beside it. */
describe('beyond the scenarios', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('no incident is left behind', async () => {
    expect(
      await world.database.query('select element_id, message from orderflow.incident where resolved_at is null'),
    ).to.deep.equal([]);
  });

  const one = async <T>(sql: string, ...params: unknown[]): Promise<T> => (await world.database.query<T>(sql, params))[0] as T;

  const sentQuotation = async (): Promise<{ id: string; processInstanceId: string }> => {
    const quotation = await aQuotation(world);
    await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
    await world.drain();
    return quotation;
  };

  const overLimit = async (): Promise<{ sale: Awaited<ReturnType<typeof aSaleOrder>>; overrideRequestId: string }> => {
    const customer = await aCustomer(world, { limitMinor: 4500 });
    const sale = await aSaleOrder(world, { customer: customer.id });
    await world.drain();
    const request = await one<{ id: string }>(
      `select id from orderflow.override_request where subject_id = $1 and status = 'PENDING'`,
      sale.id,
    );
    return { sale, overrideRequestId: request.id };
  };

  it('31 accepted after its validity, before any timer has fired: the guard alone decides', async () => {
    const quotation = await sentQuotation();
    await world.pass(43 * days);
    await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
    await world.drain();
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'EXPIRED']);
  });

  it('a quotation that nobody answers expires by its timer after 30 working days (longer than a timer of the process could wait)', async () => {
    const quotation = await sentQuotation();
    await world.pass(29 * days);
    await world.drain();
    expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    await world.pass(14 * days);
    await world.drain();
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'EXPIRED']);
  });

  it('12 somebody who has the role, and made the order, may not approve', async () => {
    const { overrideRequestId } = await overLimit();
    const own = await problemOf(
      decideOverride(
        world.deps,
        { actor: { id: 'sales', roles: ['credit_analyst'] }, key: '12-own' },
        { overrideRequestId, decision: 'APPROVE', reason: 'my own' },
      ),
    );
    expect(own.code).to.equal('four-eyes');
  });

  it('14 after decide-by nobody can approve, although no timer has fired', async () => {
    const { sale, overrideRequestId } = await overLimit();
    await world.pass(5 * days);
    const late = await problemOf(
      decideOverride(world.deps, by('credit'), { overrideRequestId, decision: 'APPROVE', reason: 'a moment too late' }),
    );
    expect(late.code).to.equal('override-not-pending');
    await world.drain();
    expect((await statesOf(world, sale.id)).at(-1)).to.equal('CREDIT_HOLD');
  });

  it('09 the payment request of a cancelled sale is voided, and a second cancellation is told where the sale is', async () => {
    const sale = await aSaleOrder(world, { paymentMethod: 'DEPOSIT' });
    await world.drain();
    await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'the customer changed their mind' });
    await world.drain();
    const kinds = await world.database.query(
      'select kind, status from orderflow.payment where sale_order_id = $1 order by recorded_at, kind',
      [sale.id],
    );
    expect(kinds).to.deep.equal([
      { kind: 'INTENT', status: 'SUCCEEDED' },
      { kind: 'VOID', status: 'SUCCEEDED' },
    ]);
    const again = await problemOf(cancelSaleOrder(world.deps, by('sales'), { saleOrderId: sale.id, reason: 'once more' }));
    expect([again.code, again.extensions['workflowState']]).to.deep.equal(['wrong-state', 'CANCELLED']);
  });
});
