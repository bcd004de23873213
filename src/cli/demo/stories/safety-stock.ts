import { ensureHeadroom } from '../acts/credit.ts';
import { approve, checkOverride, pendingOverride } from '../acts/overrides.ts';
import { completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { receive, stockOf } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const sku = 'RELAY-24';
const quantity = 3;
/** What is kept of it for emergencies (master-data.ts). */
const safety = 5;

export const safetyStock: Story = {
  name: 'safety stock',
  title: 'Only the safety stock is left; the warehouse lets a gold customer have of it',
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    const { onHand, reserved } = await stockOf(stage, sku);
    if (onHand - reserved < safety) await receive(stage, sku, safety - (onHand - reserved));
    await ensureHeadroom(stage, 'SUMMIT', quantity * 3_900);
    const { id } = await order(stage, { customerId: 'SUMMIT', lines: [{ sku, quantity }] });
    const sale = await saleIn(stage, id, 'AWAITING_STOCK_OVERRIDE');
    const request = await pendingOverride(stage, sale);
    await approve(stage, 'warehouse', sale, 'Their line stands still, ours does not');
    await completeSale(stage, id);
    await checkOverride(stage, request.id, 'CONSUMED');
  },
};
