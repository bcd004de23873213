import { ensureHeadroom } from '../acts/credit.ts';
import { approve } from '../acts/overrides.ts';
import { accept, answer, draft, rewrite, send } from '../acts/quotations.ts';
import { completeSale } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const sku = 'BURNER-2';
const quantity = 4;

export const negotiated: Story = {
  name: 'negotiated',
  title: 'A large discount takes two directors; the customer wants changes, and a smaller one takes the team lead',
  expected: ['APPROVED', 'COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, sku, quantity);
    await ensureHeadroom(stage, 'QUARRY', quantity * 60_000);
    const quotation = await draft(stage, { customerId: 'QUARRY', lines: [{ sku, quantity, discountBp: 3_000 }] });
    await send(stage, quotation.id, 'AWAITING_PRICE_OVERRIDE');
    await approve(stage, 'admin', quotation, 'The first order of a large customer');
    await approve(stage, 'credit-2', quotation, 'They will buy every quarter');
    await answer(stage, quotation.id, 'CHANGES', 'One more, and we can do with ten per cent');
    await rewrite(stage, quotation, [{ sku, quantity, discountBp: 1_000 }]);
    await send(stage, quotation.id, 'AWAITING_PRICE_OVERRIDE');
    await approve(stage, 'sales-2', quotation, 'Ten per cent is what we had planned');
    await completeSale(stage, await accept(stage, quotation.id));
  },
};
