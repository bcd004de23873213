import { expect } from 'chai';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { Definitions } from '../../src/commands/definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { aCustomer, aProduct, completeAt, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('a threshold of a decision table that an analyst changes', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** A quotation in DRAFT with a discount of 10 %. */
  const offer = async (): Promise<{ id: string; processInstanceId: string }> => {
    const { id: customerId } = await aCustomer(world);
    const { sku } = await aProduct(world);
    const lines = [{ sku, quantity: 5, discountBp: 1000 }];
    return (await createQuotation(world.deps, by('sales'), { customerId, currency: 'EUR', lines })).body as never;
  };
  const issue = async ({ id, processInstanceId }: { id: string; processInstanceId: string }): Promise<string[]> => {
    await completeAt(world, 'sales', processInstanceId, 'q_draft');
    await world.drain();
    return statesOf(world, id);
  };

  it('decides the way of the next order after the start that deploys it, and of no order under way', async () => {
    const underWay = await offer();
    const before = await offer();
    expect(await issue(before)).to.deep.equal(['DRAFT', 'AWAITING_PRICE_OVERRIDE']);

    const resources = new Map(await readResources(processesFolder));
    const table = resources.get('discount-approval.dmn') ?? '';
    // up to 12 % without asking, where it was 5 %
    const edited = table.replaceAll('(500..1500]', '(1200..1500]').replace('&lt;= 500<', '&lt;= 1200<');
    resources.set('discount-approval.dmn', edited);
    expect((await deploy(world.database, resources, 'analyst')).isNew).to.equal(true);
    // what a service that starts knows: nothing
    const restarted: World = { ...world, deps: { ...world.deps, definitions: new Definitions() } };

    const { id: customerId } = await aCustomer(restarted);
    const { sku } = await aProduct(restarted);
    const lines = [{ sku, quantity: 5, discountBp: 1000 }];
    const next = (await createQuotation(restarted.deps, by('sales'), { customerId, currency: 'EUR', lines })).body as never;
    expect(await issue(next)).to.deep.equal(['DRAFT', 'SENT']);
    expect(await issue(underWay)).to.deep.equal(['DRAFT', 'AWAITING_PRICE_OVERRIDE']);
  });
});
