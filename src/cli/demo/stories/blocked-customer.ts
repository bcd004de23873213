import { ensureHeadroom } from '../acts/credit.ts';
import { approve } from '../acts/overrides.ts';
import { completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

export const blockedCustomer: Story = {
  name: 'blocked customer',
  title: 'The customer is blocked; an administrator lets one order pass',
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, 'GASKET-9', 10);
    await ensureHeadroom(stage, 'RAVINE', 10 * 640);
    const { id } = await order(stage, { customerId: 'RAVINE', lines: [{ sku: 'GASKET-9', quantity: 10 }] });
    const sale = await saleIn(stage, id, 'AWAITING_ADMIN_OVERRIDE');
    await approve(stage, 'admin', sale, 'The dispute is settled, the paper is on its way');
    await completeSale(stage, id);
  },
};
