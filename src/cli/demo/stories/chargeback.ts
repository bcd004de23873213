import { creditOf, setHold } from '../acts/credit.ts';
import { payInvoiceOf } from '../acts/money.ts';
import { completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { untilTrue } from '../stage.ts';
import type { Story } from '../story.ts';

export const chargeback: Story = {
  name: 'chargeback',
  title: 'Delivered and done, then the bank takes the money back: it is owed again, and the account stops until it is paid',
  expected: ['COMPLETED', 'COMPLETED'],
  needsSandbox: true,
  play: async (stage) => {
    await ensureFree(stage, 'PIPE-22', 10);
    const { id } = await order(stage, {
      customerId: 'ZEPHYR',
      lines: [{ sku: 'PIPE-22', quantity: 10 }],
      paymentMethod: 'PREPAY',
    });
    const { number, total } = await saleIn(stage, id, 'AWAITING_PAYMENT');
    stage.say(`${number} buyer: pays the provider`);
    const capture = await stage.sandbox.pay(number, total.amountMinor);
    await completeSale(stage, id);
    stage.say(`${number} bank: takes the money back`);
    await stage.sandbox.chargeBack(capture);
    await untilTrue(
      stage,
      'the account is on hold',
      () => creditOf(stage, 'ZEPHYR'),
      ({ hold, unpaidInvoices }) => hold === 'HOLD' && unpaidInvoices.amountMinor >= total.amountMinor,
    );
    await payInvoiceOf(stage, id);
    await setHold(stage, 'ZEPHYR', 'NONE');
  },
};
