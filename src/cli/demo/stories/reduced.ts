import { ensureHeadroom } from '../acts/credit.ts';
import { completeSale, order, readSale, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { complete } from '../acts/tasks.ts';
import { check } from '../stage.ts';
import type { Story } from '../story.ts';

const sku = 'GAUGE-1';
const priceMinor = 2_700; // list price of GAUGE-1

export const reduced: Story = {
  name: 'reduced',
  title: 'Not enough there, and no more is coming: the customer takes what there is',
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    const { free } = await ensureFree(stage, sku, 3);
    await ensureHeadroom(stage, 'TUNDRA', (free + 2) * priceMinor);
    const { id, number } = await order(stage, { customerId: 'TUNDRA', lines: [{ sku, quantity: free + 2 }] });
    await complete(stage, 'buyer', await saleIn(stage, id, 'AWAITING_CUSTOMER_DECISION'), { choice: { answer: 'REDUCE' } });
    await completeSale(stage, id);
    const { total } = await readSale(stage, id);
    check(total.amountMinor === free * priceMinor, `${number} comes to ${total.amountMinor} for ${free} pieces.`);
  },
};
