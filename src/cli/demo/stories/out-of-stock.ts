import { ensureHeadroom } from '../acts/credit.ts';
import { fulfilmentIn, shipAndDeliver } from '../acts/fulfilments.ts';
import { bothShipmentsOf, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree, receive } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const missing = 2;

export const outOfStock: Story = {
  name: 'out of stock',
  title: 'What is there ships first, the rest when it has arrived',
  expected: ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    const { free } = await ensureFree(stage, 'FILTER-8', 3);
    const quantity = free + missing;
    await ensureHeadroom(stage, 'CASCADE', quantity * 7_900);
    const { id } = await order(stage, { customerId: 'CASCADE', lines: [{ sku: 'FILTER-8', quantity }] });
    const [first, second] = await bothShipmentsOf(stage, id);
    await fulfilmentIn(stage, second, 'BACKORDERED');
    await shipAndDeliver(stage, first);
    await receive(stage, 'FILTER-8', missing);
    await shipAndDeliver(stage, second);
    await saleIn(stage, id, 'COMPLETED');
  },
};
