import { id } from '../life.ts';
import { keyOf } from '../world/index.ts';
import { order, wait, type Corruption } from './corruption.ts';

const booking = keyOf('F-000001', 'f_book');
const refund = `${keyOf('S-000002', 's_undo')}:refund:3500`;

export const providerCorruptions: readonly Corruption[] = [
  {
    check: 'A11a',
    because: 'a booking never reached the carrier',
    effects: (effects) => effects.filter(({ idempotencyKey }) => idempotencyKey !== booking),
  },
  {
    check: 'A11b',
    because: 'a refund was never made',
    effects: (effects) => effects.filter(({ idempotencyKey }) => idempotencyKey !== refund),
  },
  {
    check: 'A11b',
    because: 'a refund gave back too little',
    effects: (effects) => effects.map((effect) => (effect.idempotencyKey === refund ? { ...effect, amountMinor: 3499 } : effect)),
  },
  {
    check: 'A11c',
    because: 'a capture that the provider told us of is lost',
    sql: [
      `delete from orderflow.payment where kind = 'CAPTURE' and sale_order_id = '${id('order S-000001')}'`,
      `update orderflow.sale_order set captured_minor = 0, prepay_minor = 0, on_terms_minor = 8000, total_minor = 8000 where ${order('S-000001')}`,
      `update orderflow.quotation set total_minor = 8000`,
      'update orderflow.quotation_line set unit_price_minor = 800',
      `update orderflow.sale_line set unit_price_minor = 800 where sale_order_id = '${id('order S-000001')}'`,
    ],
  },
  {
    check: 'A10d',
    because: 'the provider took money and never reached us to say so',
    sql: [
      `delete from orderflow.payment where kind = 'CAPTURE' and sale_order_id = '${id('order S-000001')}'`,
      `update orderflow.sale_order set captured_minor = 0, prepay_minor = 0, on_terms_minor = 8000, total_minor = 8000 where ${order('S-000001')}`,
      `update orderflow.quotation set total_minor = 8000`,
      'update orderflow.quotation_line set unit_price_minor = 800',
      `update orderflow.sale_line set unit_price_minor = 800 where sale_order_id = '${id('order S-000001')}'`,
    ],
    effects: (effects) =>
      effects.map((effect) =>
        effect.reference === 'S-000001' && effect.webhook ? { ...effect, webhook: { ...effect.webhook, accepted: 0 } } : effect,
      ),
  },
  {
    check: 'A12a',
    also: ['A11a'],
    because: 'a booking was made with a key of no job',
    effects: (effects) =>
      effects.map((effect) => (effect.idempotencyKey === booking ? { ...effect, idempotencyKey: 'random' } : effect)),
  },
  {
    check: 'A12a',
    because: 'a shipment was booked for a job of another type',
    sql: [
      `update orderflow.wait set job_type = 'shipment.pack' where id = ${wait('F-000001', 'f_book')}`,
      `update orderflow.outbox set job_type = 'shipment.pack' where wait_id = ${wait('F-000001', 'f_book')}`,
    ],
  },
  {
    check: 'A12b',
    because: 'a capture was invented',
    effects: (effects) =>
      effects.filter(({ operation, reference }) => operation !== 'payment.capture' || reference !== 'S-000001'),
  },
  {
    check: 'A12c',
    also: ['A11b'],
    because: 'the payment of a cancelled sale was never voided',
    effects: (effects) => effects.filter(({ operation }) => operation !== 'payment.void'),
  },
  {
    check: 'A12d',
    also: ['A26c'],
    because: 'a shipment was cancelled, but its label was not',
    sql: `update orderflow.fulfilment set workflow_state = 'CANCELLED' where ${order('F-000001')}`,
  },
  {
    check: 'A13',
    also: ['A12a'],
    because: 'a shipment was booked twice',
    effects: (effects) =>
      effects.flatMap((effect) =>
        effect.idempotencyKey === booking ? [effect, { ...effect, idempotencyKey: 'random' }] : [effect],
      ),
  },
  {
    check: 'A13',
    also: ['A12a'],
    because: 'a refund was made twice',
    effects: (effects) =>
      effects.flatMap((effect) =>
        effect.idempotencyKey === refund ? [effect, { ...effect, idempotencyKey: `${refund}:again` }] : [effect],
      ),
  },
];
