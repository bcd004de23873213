import { deliver, ship } from '../acts/fulfilments.ts';
import { askToReturn, inspect, takeBack } from '../acts/returns.ts';
import { money, order, readSale, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { check, untilTrue } from '../stage.ts';
import type { Story } from '../story.ts';

const quantity = 3;

export const returned: Story = {
  name: 'returned',
  title: 'All of it comes back, one piece damaged, and the customer has the money again',
  expected: ['COMPLETED', 'RETURNED', 'RETURN_COMPLETED'],
  needsSandbox: true,
  play: async (stage) => {
    await ensureFree(stage, 'HEATER-3', quantity);
    const { id } = await order(stage, {
      customerId: 'XENIA',
      lines: [{ sku: 'HEATER-3', quantity }],
      paymentMethod: 'PREPAY',
    });
    const { number, total } = await saleIn(stage, id, 'AWAITING_PAYMENT');
    stage.say(`${number} buyer: pays the provider`);
    await stage.sandbox.pay(number, total.amountMinor);
    const shipment = await shipmentOf(stage, id);
    await ship(stage, shipment);
    await deliver(stage, shipment);
    const arrived = await takeBack(stage, await askToReturn(stage, shipment, { quantity }));
    await inspect(stage, arrived, { accepted: quantity, good: quantity - 1 });
    await saleIn(stage, id, 'COMPLETED');
    const { refunded } = await untilTrue(
      stage,
      `${number} is refunded`,
      () => readSale(stage, id),
      (sale) => sale.refunded.amountMinor > 0,
    );
    stage.say(`${number} has given ${money(refunded.amountMinor)} back`);
    check(
      refunded.amountMinor === total.amountMinor,
      `${number} has given ${refunded.amountMinor} back of ${total.amountMinor}.`,
    );
  },
};
