import { creditOf, ensureHeadroom } from '../acts/credit.ts';
import { cancel, money, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree, stockOf } from '../acts/stock.ts';
import type { Story } from '../story.ts';
import { StoryFailed } from '../story-failed.ts';
import type { Stage } from '../stage.ts';

const customer = 'MERIDIAN';
const sku = 'MANIFOLD-4';
const quantity = 6;

export const cancelled: Story = {
  name: 'cancelled',
  title: 'Cancelled while the deposit is awaited: stock and credit are given back',
  expected: ['CANCELLED'],
  play: async (stage) => {
    await ensureFree(stage, sku, quantity);
    await ensureHeadroom(stage, customer, quantity * 12_400);
    const before = await taken(stage);
    const { id } = await order(stage, { customerId: customer, lines: [{ sku, quantity }], paymentMethod: 'DEPOSIT' });
    const sale = await saleIn(stage, id, 'AWAITING_PAYMENT');
    const held = await taken(stage);
    const pieces = held.pieces - before.pieces;
    const onAccount = held.creditMinor - before.creditMinor;
    stage.say(`${sale.number} holds ${pieces} pieces and ${money(onAccount)} EUR of credit`);
    if (pieces !== quantity || onAccount !== sale.onTerms.amountMinor)
      throw new StoryFailed(`${sale.number} holds ${pieces} pieces and ${onAccount} of credit while it awaits its deposit.`);
    await cancel(stage, sale, 'The customer changed their mind');
    await saleIn(stage, id, 'CANCELLED');
    const after = await taken(stage);
    if (after.pieces !== before.pieces || after.creditMinor !== before.creditMinor)
      throw new StoryFailed(
        `${sale.number} is cancelled, yet of ${sku} ${after.pieces} pieces are reserved (before it: ${before.pieces}), and ${customer} has ${after.creditMinor} of credit taken (before it: ${before.creditMinor}).`,
      );
    stage.say(`${sale.number} has given everything back`);
  },
};

/** What orders hold of this product and this customer's credit, which only this story uses. */
async function taken(stage: Stage): Promise<{ pieces: number; creditMinor: number }> {
  const { reserved } = await stockOf(stage, sku);
  const { openOrders } = await creditOf(stage, customer);
  return { pieces: reserved, creditMinor: openOrders.amountMinor };
}
