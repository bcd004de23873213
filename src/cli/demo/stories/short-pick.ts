import { ensureHeadroom } from '../acts/credit.ts';
import { deliver, fulfilmentIn, pick, shipAndDeliver } from '../acts/fulfilments.ts';
import { order, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { complete } from '../acts/tasks.ts';
import { check } from '../stage.ts';
import type { Story } from '../story.ts';

export const shortPick: Story = {
  name: 'short pick',
  title: 'The picker finds three of five: these leave, the rest becomes a shipment of its own',
  expected: ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'CLAMP-3', 5);
    await ensureHeadroom(stage, 'VALLEY', 5 * 990);
    const { id, number } = await order(stage, { customerId: 'VALLEY', lines: [{ sku: 'CLAMP-3', quantity: 5 }] });
    const first = await shipmentOf(stage, id);
    await pick(stage, first, { 1: 3 });
    const packing = await fulfilmentIn(stage, first, 'PACKING');
    const [rest] = packing.backorders;
    check(rest !== undefined, `${packing.number} of ${number} was picked short and not split.`);
    await complete(stage, 'warehouse', packing);
    await deliver(stage, first, 'COMPLETED');
    await shipAndDeliver(stage, rest.id);
    await saleIn(stage, id, 'COMPLETED');
  },
};
