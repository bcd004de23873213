import { approve } from '../acts/overrides.ts';
import { accept, answer, draft, offer, send, withdraw } from '../acts/quotations.ts';
import { shipmentOf } from '../acts/sale-orders.ts';
import { fulfilmentIn } from '../acts/fulfilments.ts';
import type { Story } from '../story.ts';

/** Quotations in every state that one can rest in; EXPIRED takes weeks. */
export const quotationScenes: readonly Story[] = [
  {
    name: 'draft',
    title: 'Sales writes a quotation',
    expected: ['DRAFT'],
    play: async (stage) => void (await draft(stage, { customerId: 'ALPEN', lines: [{ sku: 'FAN-300', quantity: 4 }] })),
  },
  {
    name: 'discount',
    title: 'A discount waits for the team lead',
    expected: ['AWAITING_PRICE_OVERRIDE'],
    play: async (stage) => {
      const { id } = await draft(stage, { customerId: 'BALTIC', lines: [{ sku: 'FAN-300', quantity: 10, discountBp: 1_200 }] });
      await send(stage, id, 'AWAITING_PRICE_OVERRIDE');
    },
  },
  {
    name: 'large discount',
    title: 'One of two directors has approved a large discount',
    expected: ['AWAITING_PRICE_OVERRIDE'],
    play: async (stage) => {
      const lines = [{ sku: 'CHILLER-40', quantity: 2, discountBp: 3_000 }];
      const { id } = await draft(stage, { customerId: 'ALPEN', lines });
      await approve(stage, 'admin', await send(stage, id, 'AWAITING_PRICE_OVERRIDE'), 'They equip a whole plant');
    },
  },
  {
    name: 'sent',
    title: 'A quotation has been sent',
    expected: ['SENT'],
    play: async (stage) => void (await offer(stage, { customerId: 'CORAL', lines: [{ sku: 'GRILLE-60', quantity: 12 }] })),
  },
  {
    name: 'changes wanted',
    title: 'The customer wants changes: the next revision is being written',
    expected: ['DRAFT'],
    play: async (stage) => {
      const { id } = await offer(stage, { customerId: 'BALTIC', lines: [{ sku: 'DUCT-2', quantity: 40 }] });
      await answer(stage, id, 'CHANGES', 'Half of it, and sooner');
    },
  },
  {
    name: 'declined',
    title: 'The customer declines',
    expected: ['REJECTED'],
    play: async (stage) => {
      const { id } = await offer(stage, { customerId: 'DELTA', lines: [{ sku: 'FAN-300', quantity: 2 }] });
      await answer(stage, id, 'DECLINE', 'Found it cheaper');
    },
  },
  {
    name: 'withdrawn',
    title: 'Sales takes a quotation back',
    expected: ['WITHDRAWN'],
    play: async (stage) => {
      const quotation = await offer(stage, { customerId: 'ELBE', lines: [{ sku: 'HUMIDIFIER', quantity: 1 }] });
      await withdraw(stage, quotation, 'Written for the wrong company');
    },
  },
  {
    name: 'accepted',
    title: 'A quotation was accepted, and the warehouse picks',
    expected: ['APPROVED', 'CLEARED', 'PICKING'],
    play: async (stage) => {
      const lines = [
        { sku: 'DUCT-2', quantity: 20, discountBp: 300 },
        { sku: 'MANUAL-EN', quantity: 1 },
      ];
      const { id } = await offer(stage, { customerId: 'ALPEN', lines });
      await fulfilmentIn(stage, await shipmentOf(stage, await accept(stage, id)), 'PICKING');
    },
  },
];
