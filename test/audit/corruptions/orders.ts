import { id } from '../life.ts';
import { order, type Corruption } from './corruption.ts';

const transition = (number: string, sequence: number): string =>
  `entity_id = '${id(`order ${number}`)}' and sequence = ${sequence}`;

export const orderCorruptions: readonly Corruption[] = [
  {
    check: 'A26a',
    also: ['A27a'],
    because: 'a transition starts where the one before it did not end',
    sql: `update orderflow.transition set from_state = 'OPEN' where ${transition('S-000001', 3)}`,
  },
  {
    check: 'A26b',
    also: ['A26c', 'A27a'],
    because: 'a transition is gone from the middle',
    sql: [
      `delete from orderflow.transition where ${transition('S-000001', 3)}`,
      `update orderflow.transition set from_state = 'AWAITING_CREDIT_OVERRIDE' where ${transition('S-000001', 4)}`,
    ],
  },
  {
    check: 'A26c',
    because: 'an order is not in the state of its last transition',
    sql: `update orderflow.fulfilment set workflow_state = 'PICKING' where ${order('F-000002')}`,
  },
  {
    check: 'A26c',
    because: 'an order does not know how many transitions there were',
    sql: `update orderflow.fulfilment set transition_count = 7 where ${order('F-000002')}`,
  },
  {
    check: 'A26d',
    because: 'a transition was made by no step',
    sql: `update orderflow.transition set instance_revision = 77 where ${transition('S-000001', 1)}`,
  },
  {
    check: 'A26d',
    because: 'a transition names another element than its step entered',
    sql: `update orderflow.transition set element_id = 's_other' where ${transition('S-000001', 1)}`,
  },
  {
    check: 'A26d',
    because: 'a transition names another actor than its step',
    sql: `update orderflow.transition set actor = 'somebody' where ${transition('S-000001', 1)}`,
  },
  {
    check: 'A29a',
    because: 'an order has no instance',
    sql: `update orderflow.fulfilment set process_instance_id = null where ${order('F-000002')}`,
  },
  {
    check: 'A29b',
    because: 'an order is closed while its instance runs',
    sql: `update orderflow.fulfilment set closed_at = orderflow.now() where ${order('F-000001')}`,
  },
  {
    check: 'A30a',
    also: ['A30d'],
    because: 'a hand-off names a fulfilment that does not exist',
    sql: `update orderflow.phase_handoff set target_ids = target_ids || gen_random_uuid() where hook = 'onSaleCleared'`,
  },
  {
    check: 'A30a',
    because: 'a quotation was handed over twice',
    sql: `insert into orderflow.phase_handoff select gen_random_uuid(), hook, source_id, target_ids, at from orderflow.phase_handoff where hook = 'onQuotationApproved'`,
  },
  {
    check: 'A30b',
    also: ['A30a'],
    because: 'an approved quotation has no sale order',
    sql: `update orderflow.sale_order set quotation_id = null where ${order('S-000001')}`,
  },
  {
    check: 'A30b',
    because: 'a quotation became two sale orders',
    sql: [
      `update orderflow.sale_order set quotation_id = '${id('order Q-000001')}', total_minor = 10000, fingerprint = 'terms-1' where ${order('S-000003')}`,
      `update orderflow.sale_line set ordered = 10 where sale_order_id = '${id('order S-000003')}'`,
    ],
  },
  {
    check: 'A30c',
    also: ['A31b', 'A32a'],
    because: 'a line of a sale order is cheaper than was offered',
    sql: `update orderflow.sale_line set unit_price_minor = 1 where sale_order_id = '${id('order S-000001')}'`,
  },
  {
    check: 'A30d',
    because: 'a cleared sale was not handed over',
    sql: `delete from orderflow.phase_handoff where hook = 'onSaleCleared'`,
  },
  {
    check: 'A30d',
    because: 'a sale has a fulfilment that its hand-off did not make',
    sql: `update orderflow.phase_handoff set target_ids = target_ids[1:1] where hook = 'onSaleCleared'`,
  },
  {
    check: 'A30e',
    also: ['A26c', 'A21l', 'A32a'],
    because: 'a sale is completed before its fulfilments',
    sql: `update orderflow.sale_order set workflow_state = 'COMPLETED' where ${order('S-000001')}`,
  },
];
