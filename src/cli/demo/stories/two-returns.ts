import { creditOf, ensureHeadroom } from '../acts/credit.ts';
import { deliver, fulfilmentIn, ship } from '../acts/fulfilments.ts';
import { askToReturn, inspect, takeBack } from '../acts/returns.ts';
import { order, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { check } from '../stage.ts';
import type { Story } from '../story.ts';

export const twoReturns: Story = {
  name: 'two returns',
  title: 'Two returns of one shipment at once, on account: both are credited on its invoice',
  expected: ['COMPLETED', 'RETURNED', 'RETURN_COMPLETED', 'RETURN_COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'RADIATOR-1', 5);
    await ensureHeadroom(stage, 'YARROW', 5 * 6_600);
    const before = (await creditOf(stage, 'YARROW')).unpaidInvoices.amountMinor;
    const { id, number } = await order(stage, { customerId: 'YARROW', lines: [{ sku: 'RADIATOR-1', quantity: 5 }] });
    const shipment = await shipmentOf(stage, id);
    await ship(stage, shipment);
    await deliver(stage, shipment);
    const two = await askToReturn(stage, shipment, { quantity: 2 });
    const three = await askToReturn(stage, shipment, { quantity: 3, reason: 'DAMAGED_IN_TRANSIT' });
    await inspect(stage, await takeBack(stage, two), { accepted: 2, good: 2 });
    await fulfilmentIn(stage, shipment, 'RETURN_REQUESTED');
    await inspect(stage, await takeBack(stage, three), { accepted: 3, good: 3 });
    await saleIn(stage, id, 'COMPLETED');
    const { unpaidInvoices } = await creditOf(stage, 'YARROW');
    const owed = unpaidInvoices.amountMinor - before;
    check(owed === 0, `${number} has come back whole, and ${owed} of it are still owed.`);
  },
};
