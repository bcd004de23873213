import { ensureHeadroom } from '../acts/credit.ts';
import { accept, offer } from '../acts/quotations.ts';
import { completeSale } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

export const onTerms: Story = {
  name: 'on terms',
  title: 'From quotation to delivery, on account',
  expected: ['APPROVED', 'COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'PUMP-10', 4);
    await ensureHeadroom(stage, 'NORDWIND', 100_000);
    const quotation = await offer(stage, { customerId: 'NORDWIND', lines: [{ sku: 'PUMP-10', quantity: 4, discountBp: 500 }] });
    await completeSale(stage, await accept(stage, quotation.id));
  },
};
