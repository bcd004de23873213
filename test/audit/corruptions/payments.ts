import { id } from '../life.ts';
import { order, type Corruption } from './corruption.ts';

const sale = (number: string, change: string): string => `update orderflow.sale_order set ${change} where ${order(number)}`;
const of = (kind: string, number: string): string => `kind = '${kind}' and sale_order_id = '${id(`order ${number}`)}'`;

export const paymentCorruptions: readonly Corruption[] = [
  { check: 'A21u', because: 'an authorisation was made up', sql: sale('S-000001', 'authorized_minor = 1') },
  {
    check: 'A21v',
    also: ['A11b', 'A21i', 'A21j'],
    because: 'more went back than had come',
    sql: `update orderflow.payment set amount_minor = 4000, applied_minor = 3500 where ${of('REFUND', 'S-000002')}`,
  },
  {
    check: 'A21v',
    because: 'the money of one sale went back for another',
    sql: `update orderflow.payment set parent_id = (select id from orderflow.payment where ${of('CAPTURE', 'S-000001')}), amount_minor = 3500 where ${of('REFUND', 'S-000002')}`,
  },
  {
    check: 'A21w',
    because: 'a capture counts as charged back, and nobody did that',
    sql: `update orderflow.payment set status = 'REVERSED' where ${of('CAPTURE', 'S-000001')}`,
  },
  {
    check: 'A21x',
    also: ['A21i', 'A21j', 'A21m'],
    because: 'nobody looks after a refund',
    sql: `update orderflow.payment set status = 'REQUESTED', next_at = null where ${of('REFUND', 'S-000002')}`,
  },
  {
    check: 'A21x',
    also: ['A10f'],
    because: 'the reconciler has forgotten a void',
    sql: `update orderflow.payment set status = 'UNKNOWN', next_at = orderflow.now() - interval '1 hour' where ${of('VOID', 'S-000002')}`,
  },
  {
    check: 'A10f',
    because: 'a void is still to be made',
    sql: `update orderflow.payment set status = 'UNKNOWN', next_at = orderflow.now() + interval '1 hour' where ${of('VOID', 'S-000002')}`,
  },
  {
    check: 'A32a',
    also: ['A30c', 'A31b'],
    because: 'goods cost half of what was paid for them, and the rest did not go back',
    sql: `update orderflow.sale_line set discount_bp = 5000 where sale_order_id = '${id('order S-000001')}'`,
  },
  {
    check: 'A32b',
    also: ['A26c', 'A30e'],
    because: 'a sale is completed with a fee that nobody has paid',
    sql: [
      sale('S-000004', `workflow_state = 'COMPLETED'`),
      `update orderflow.return_request set fee_minor = 100 where sale_order_id = '${id('order S-000004')}'`,
    ],
  },
];
