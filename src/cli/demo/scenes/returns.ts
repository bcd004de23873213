import { deliver, fulfilmentIn, ship } from '../acts/fulfilments.ts';
import { askToReturn, cancelReturn, inspect, takeBack } from '../acts/returns.ts';
import { order, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import type { Stage } from '../stage.ts';
import type { Story } from '../story.ts';
import { sell } from './fulfilments.ts';

/** Returns in every state that one can rest in; RETURN_EXPIRED takes weeks. */
export const returnScenes: readonly Story[] = [
  scene(
    'to be reviewed',
    'A defect: an agent has to look at it',
    ['CLEARED', 'RETURN_REQUESTED', 'RETURN_UNDER_REVIEW'],
    async (stage) => {
      await askToReturn(stage, await delivered(stage, 'DUCT-2', 6), { quantity: 2, reason: 'DEFECT' }, 'RETURN_UNDER_REVIEW');
    },
  ),
  scene(
    'on its way back',
    'Authorised; the goods are awaited',
    ['CLEARED', 'RETURN_REQUESTED', 'RETURN_AUTHORIZED'],
    async (stage) => {
      await askToReturn(stage, await delivered(stage, 'DUCT-2', 8), { quantity: 3 });
    },
  ),
  scene('to be inspected', 'Back, and to be inspected', ['CLEARED', 'RETURN_REQUESTED', 'RETURN_INSPECTION'], async (stage) => {
    await takeBack(stage, await askToReturn(stage, await delivered(stage, 'FAN-300', 4), { quantity: 1 }));
  }),
  scene(
    'two at once',
    'Two returns of one shipment, one of them closed',
    ['CLEARED', 'RETURN_REQUESTED', 'RETURN_COMPLETED', 'RETURN_AUTHORIZED'],
    async (stage) => {
      const shipment = await delivered(stage, 'FAN-300', 5);
      const first = await askToReturn(stage, shipment, { quantity: 2 });
      await askToReturn(stage, shipment, { quantity: 1, reason: 'DAMAGED_IN_TRANSIT' });
      await inspect(stage, await takeBack(stage, first), { accepted: 2, good: 1 });
    },
  ),
  scene('all back', 'Everything came back and was credited', ['COMPLETED', 'RETURNED', 'RETURN_COMPLETED'], async (stage) => {
    const { id, shipment } = await sell(stage, 'BALTIC', 'DUCT-2', 2);
    await ship(stage, shipment);
    await deliver(stage, shipment);
    await inspect(stage, await takeBack(stage, await askToReturn(stage, shipment, { quantity: 2 })), { accepted: 2, good: 2 });
    await saleIn(stage, id, 'COMPLETED');
  }),
  scene('made to measure', 'Made to measure: not taken back', ['CLEARED', 'DELIVERED', 'RETURN_REJECTED'], async (stage) => {
    const shipment = await delivered(stage, 'COVER-FIT', 1);
    await askToReturn(stage, shipment, { quantity: 1, reason: 'CHANGED_MIND' }, 'RETURN_REJECTED');
    await fulfilmentIn(stage, shipment, 'DELIVERED');
  }),
  scene('kept after all', 'The customer keeps it after all', ['CLEARED', 'DELIVERED', 'RETURN_CANCELLED'], async (stage) => {
    const shipment = await delivered(stage, 'DUCT-2', 4);
    await cancelReturn(stage, await askToReturn(stage, shipment, { quantity: 4 }), 'It was the right one after all');
    await fulfilmentIn(stage, shipment, 'DELIVERED');
  }),
  {
    ...scene(
      'large refund',
      'A large refund: finance has to approve it',
      ['CLEARED', 'RETURN_REQUESTED', 'REFUND_PENDING'],
      async (stage) => {
        const { shipment } = await prepaid(stage, 'CHILLER-40', 3);
        const asked = await askToReturn(stage, shipment, { quantity: 3 });
        await inspect(stage, await takeBack(stage, asked), { accepted: 3, good: 3 }, 'REFUND_PENDING');
      },
    ),
    needsSandbox: true,
  },
  {
    ...scene(
      'refund by hand',
      'The provider refuses a refund: finance has to transfer it',
      ['CLEARED', 'RETURN_REQUESTED', 'REFUND_MANUAL'],
      async (stage) => {
        const { number, shipment } = await prepaid(stage, 'FAN-300', 2);
        await stage.sandbox.declineNext({ operation: 'payment.refund', reference: number }, 9);
        const asked = await askToReturn(stage, shipment, { quantity: 2 });
        await inspect(stage, await takeBack(stage, asked), { accepted: 2, good: 2 }, 'REFUND_MANUAL');
      },
    ),
    needsSandbox: true,
  },
];

function scene(name: string, title: string, expected: readonly string[], play: Story['play']): Story {
  return { name, title, expected, play };
}

/** A shipment, on account, that has arrived. */
async function delivered(stage: Stage, sku: string, quantity: number): Promise<string> {
  const { shipment } = await sell(stage, 'BALTIC', sku, quantity);
  await ship(stage, shipment);
  await deliver(stage, shipment);
  return shipment;
}

/** A shipment that was paid at the provider and has arrived. */
async function prepaid(stage: Stage, sku: string, quantity: number): Promise<{ number: string; shipment: string }> {
  const { id } = await order(stage, { customerId: 'CORAL', lines: [{ sku, quantity }] });
  const { number, total } = await saleIn(stage, id, 'AWAITING_PAYMENT');
  await stage.sandbox.pay(number, total.amountMinor);
  const shipment = await shipmentOf(stage, id);
  await ship(stage, shipment);
  await deliver(stage, shipment);
  return { number, shipment };
}
