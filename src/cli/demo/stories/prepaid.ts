import { capture, completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

export const prepaid: Story = {
  name: 'prepaid',
  title: 'Paid in advance, in three parts',
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'VALVE-25', 20);
    const sale = await order(stage, {
      customerId: 'BRIGHT',
      lines: [{ sku: 'VALVE-25', quantity: 20 }],
      paymentMethod: 'PREPAY',
    });
    await saleIn(stage, sale.id, 'AWAITING_PAYMENT');
    const third = Math.floor(sale.total.amountMinor / 3);
    for (const amountMinor of [third, third, sale.total.amountMinor - 2 * third]) await capture(stage, sale, amountMinor);
    await completeSale(stage, sale.id);
  },
};
