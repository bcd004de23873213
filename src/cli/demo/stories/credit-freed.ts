import { creditOf, setLimit } from '../acts/credit.ts';
import { checkOverride, pendingOverride } from '../acts/overrides.ts';
import { cancel, clearedSale, completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const sku = 'FITTING-8';
const quantity = 10;
const amountMinor = quantity * 1_150; // list price of FITTING-8

export const creditFreed: Story = {
  name: 'credit freed',
  title: 'Room for one of two orders: when the first is cancelled, the second goes on by itself',
  expected: ['CANCELLED', 'CANCELLED', 'COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, sku, 2 * quantity);
    const { exposure } = await creditOf(stage, 'ASHBY');
    await setLimit(stage, 'ASHBY', exposure.amountMinor + Math.floor(amountMinor * 1.4));
    const basket = { customerId: 'ASHBY', lines: [{ sku, quantity }] };
    const first = await order(stage, basket);
    await clearedSale(stage, first.id);
    const second = await order(stage, basket);
    const request = await pendingOverride(stage, await saleIn(stage, second.id, 'AWAITING_CREDIT_OVERRIDE'));
    await cancel(stage, first, 'The customer found some in their own store');
    await saleIn(stage, first.id, 'CANCELLED');
    await completeSale(stage, second.id);
    await checkOverride(stage, request.id, 'SUPERSEDED');
  },
};
