import { expect } from 'chai';
import { changeCreditProfile } from '../../src/commands/change-credit-profile.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { requestOverride } from '../../src/commands/request-override.ts';
import { aProduct, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { aSale, expectSound, firstOf, receive } from './acts.ts';

describe('the release check', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the ledgers agree', () => expectSound(world));

  const hold = (customerId: string, hold: 'NONE' | 'HOLD'): Promise<unknown> =>
    changeCreditProfile(world.deps, by('credit'), {
      customerId,
      currency: 'EUR',
      limitMinor: 1_000_000,
      hold,
      holdReason: hold === 'NONE' ? null : 'a complaint is open',
      riskClass: 'B',
      termsDays: 30,
    });

  /** A sale whose goods arrive after its customer's account was stopped. */
  async function heldSale(): Promise<{ customerId: string; fulfilmentId: string }> {
    const { sku } = await aProduct(world, { stock: 0 });
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    await hold(sale.customerId, 'HOLD');
    await receive(world, sku, 2);
    await world.drain();
    return { customerId: sale.customerId, fulfilmentId: (await firstOf(world, sale.id)).id };
  }

  it('holds goods on terms while the account is stopped, and lets them go when the stop is lifted (scenario 24)', async () => {
    const { customerId, fulfilmentId } = await heldSale();
    expect((await statesOf(world, fulfilmentId)).slice(-2)).to.deep.equal(['ALLOCATING', 'ON_HOLD']);

    await hold(customerId, 'NONE');
    await world.drain();

    expect(await statesOf(world, fulfilmentId)).to.deep.equal(['ALLOCATING', 'BACKORDERED', 'ALLOCATING', 'ON_HOLD', 'PICKING']);
  });

  it('looks again every four hours by itself', async () => {
    const { customerId, fulfilmentId } = await heldSale();
    await world.database.query(
      `update orderflow.credit_profile set hold = 'NONE', hold_reason = null, revision = revision + 1 where customer_id = $1`,
      [customerId],
    );
    await world.drain();
    expect((await statesOf(world, fulfilmentId)).at(-1)).to.equal('ON_HOLD');

    await world.pass(4 * 3600_000 + 1000);
    await world.drain();

    expect((await statesOf(world, fulfilmentId)).at(-1)).to.equal('PICKING');
  });

  it('stays on hold when it looks again and nothing has changed', async () => {
    const { fulfilmentId } = await heldSale();
    await world.pass(4 * 3600_000 + 1000);
    await world.drain();
    expect((await statesOf(world, fulfilmentId)).at(-1)).to.equal('ON_HOLD');
  });

  it('lets goods go on an approved ADMIN override for this shipment, and uses it up', async () => {
    const { fulfilmentId } = await heldSale();
    const { body } = await requestOverride(world.deps, by('sales'), {
      kind: 'ADMIN',
      subject: { type: 'fulfilment', id: fulfilmentId },
      scope: { release: true },
      reason: 'the complaint is not about these goods',
    });
    const id = body['id'] as string;
    await decideOverride(world.deps, by('admin'), { overrideRequestId: id, decision: 'APPROVE', reason: 'agreed' });

    await world.drain();

    expect((await statesOf(world, fulfilmentId)).slice(-2)).to.deep.equal(['ON_HOLD', 'PICKING']);
    const [override] = await world.database.query('select status from orderflow.override_request where id = $1', [id]);
    expect(override).to.deep.equal({ status: 'CONSUMED' });
    const [release] = await world.database.query(
      `select variables -> 'release' as release from orderflow.process_instance where subject_id = $1`,
      [fulfilmentId],
    );
    expect(release).to.deep.equal({ release: { outcome: 'RELEASE', reason: 'OVERRIDE' } });
  });

  it('does not look at the limit again: the order is in the exposure already', async () => {
    const { sku } = await aProduct(world, { stock: 0 });
    const sale = await aSale(world, [{ sku, quantity: 2 }]);
    await world.database.query(
      'update orderflow.credit_profile set limit_minor = 1, limit_reduced_at = orderflow.now(), revision = revision + 1 where customer_id = $1',
      [sale.customerId],
    );
    await receive(world, sku, 2);
    await world.drain();
    expect((await firstOf(world, sale.id)).state).to.equal('PICKING');
  });
});
