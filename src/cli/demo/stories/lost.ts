import { ensureHeadroom } from '../acts/credit.ts';
import { fulfilmentIn, loseOnTheWay, ship } from '../acts/fulfilments.ts';
import { order, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { complete } from '../acts/tasks.ts';
import type { Story } from '../story.ts';

export const lost: Story = {
  name: 'lost',
  title: 'The carrier refuses the address, then cannot find the door, and at last loses the parcel',
  expected: ['COMPLETED', 'LOST'],
  needsSandbox: true,
  play: async (stage) => {
    await ensureFree(stage, 'TIMER-7', 2);
    await ensureHeadroom(stage, 'WILLOW', 2 * 5_200);
    const { id } = await order(stage, { customerId: 'WILLOW', lines: [{ sku: 'TIMER-7', quantity: 2 }] });
    const shipment = await fulfilmentIn(stage, await shipmentOf(stage, id), 'PICKING');
    await stage.sandbox.declineNext({ operation: 'carrier.book', reference: shipment.number });
    await complete(stage, 'warehouse', await ship(stage, shipment.id, 'SHIPPING_EXCEPTION'));
    await fulfilmentIn(stage, shipment.id, 'SHIPPED');
    const nobodyHome = await loseOnTheWay(stage, shipment, 'nobody at home');
    await complete(stage, 'warehouse', nobodyHome, { exception: { resolution: 'DELIVER_AGAIN' } });
    await fulfilmentIn(stage, shipment.id, 'SHIPPED');
    const notFound = await loseOnTheWay(stage, shipment, 'the parcel is not found');
    await complete(stage, 'warehouse', notFound, { exception: { resolution: 'LOST' } });
    await fulfilmentIn(stage, shipment.id, 'LOST');
    await saleIn(stage, id, 'COMPLETED');
  },
};
