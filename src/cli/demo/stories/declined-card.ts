import { choosePaymentMethod, completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import type { Story } from '../story.ts';

const quantity = 3;
const amountMinor = quantity * 4_500; // list price of SENSOR-T

export const declinedCard: Story = {
  name: 'declined card',
  title: 'The card is declined, the buyer pays in another way',
  expected: ['COMPLETED', 'COMPLETED'],
  needsSandbox: true,
  play: async (stage) => {
    await ensureFree(stage, 'SENSOR-T', quantity);
    await stage.sandbox.declineNext({ operation: 'payment.request', method: 'CARD', amountMinor });
    const sale = await order(stage, {
      customerId: 'FJORD',
      lines: [{ sku: 'SENSOR-T', quantity }],
      paymentMethod: 'CARD',
    });
    await saleIn(stage, sale.id, 'AWAITING_PAYMENT_METHOD');
    await choosePaymentMethod(stage, sale, 'PREPAY');
    await saleIn(stage, sale.id, 'AWAITING_PAYMENT');
    stage.say(`${sale.number} buyer: pays the provider`);
    await stage.sandbox.pay(sale.number, amountMinor);
    await completeSale(stage, sale.id);
  },
};
