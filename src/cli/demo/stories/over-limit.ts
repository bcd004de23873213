import { leaveTooLittle } from '../acts/credit.ts';
import { approve } from '../acts/overrides.ts';
import { completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const quantity = 50;
const amountMinor = quantity * 3_200; // list price of HOSE-5

export const overLimit: Story = {
  name: 'over the limit',
  title: 'Beyond the credit limit, until a second person approves',
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'HOSE-5', quantity);
    await leaveTooLittle(stage, 'HARBOUR', amountMinor);
    const { id } = await order(stage, { customerId: 'HARBOUR', lines: [{ sku: 'HOSE-5', quantity }] });
    const sale = await saleIn(stage, id, 'AWAITING_CREDIT_OVERRIDE');
    await approve(stage, 'credit', sale, 'A good customer, and a small excess');
    await completeSale(stage, id);
  },
};
