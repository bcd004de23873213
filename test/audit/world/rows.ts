import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert } from '../life.ts';

export const keyOf = (order: string, element: string): string => `${id(order)}:${id(`${order}/${element}`)}`;

export const orderId = (number: string): string => id(`order ${number}`);

export const move = (tx: Transaction, kind: string, quantity: number, reference: string, second: number): Promise<void> =>
  insert(tx, 'stock_movement', {
    id: id(`${kind} ${reference}`),
    stock_level_id: id('level'),
    kind,
    quantity,
    reference,
    at: at(second),
  });

/** A reservation that has come to its end, with its movements. */
export async function reserve(
  tx: Transaction,
  name: string,
  number: string,
  quantity: number,
  status: 'SHIPPED' | 'RELEASED',
  more = {},
): Promise<void> {
  const row = {
    stock_level_id: id('level'),
    sale_line_id: id(`${number} line`),
    quantity,
    status,
    job_key: keyOf(number, 's_reserve'),
    created_at: at(9),
  };
  await insert(tx, 'stock_reservation', { id: id(name), ...row, ...more });
  await move(tx, 'RESERVED', quantity, `${keyOf(number, 's_reserve')}:1`, 9);
  await move(tx, status, -quantity, `${number}:${id(name)}`, 18);
}

export const saleRow = (number: string, columns: Readonly<Record<string, unknown>>) => ({
  id: orderId(number),
  number,
  customer_id: id('ACME'),
  currency: 'EUR',
  fingerprint: `terms of ${number}`,
  created_by: 'sales',
  created_at: at(5),
  ...columns,
});

export const saleLine = (tx: Transaction, number: string, columns: Readonly<Record<string, unknown>>): Promise<void> =>
  insert(tx, 'sale_line', {
    id: id(`${number} line`),
    sale_order_id: orderId(number),
    line_no: 1,
    sku: 'VALVE',
    unit_price_minor: 1000,
    ...columns,
  });

export const override = (
  tx: Transaction,
  name: string,
  number: string,
  second: number,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> =>
  insert(tx, 'override_request', {
    id: id(name),
    kind: 'CREDIT',
    subject_type: 'sale_order',
    subject_id: orderId(number),
    subject_number: number,
    subject_fingerprint: `terms of ${number}`,
    scope: {},
    scope_amount_minor: 3000,
    reason_code: 'OVER_LIMIT',
    reason: `${number} exceeds the limit`,
    requested_by: 'sales',
    requested_at: at(second),
    required_role: 'credit_manager',
    decide_by: at(second + 86_400 * 2),
    use_days: 3,
    ...columns,
  });

export async function decided(
  tx: Transaction,
  name: string,
  number: string,
  revision: number,
  second: number,
  snapshot: Readonly<Record<string, unknown>>,
): Promise<void> {
  const decision = {
    element_id: 's_credit',
    decision_id: 'credit-check',
    deployment_id: id('deployment'),
    inputs: {},
    outcome: {},
    matched_rules: [1],
  };
  await insert(tx, 'decision_record', {
    id: id(`${name} decision`),
    instance_id: id(number),
    instance_revision: revision,
    ...decision,
    at: at(second),
  });
  const of = { credit_profile_id: id('profile'), sale_order_id: orderId(number), decision_record_id: id(`${name} decision`) };
  await insert(tx, 'credit_snapshot', {
    id: id(name),
    ...of,
    limit_minor: 5000,
    actor: 'worker:credit.decide',
    at: at(second),
    ...snapshot,
  });
}

export async function hold(
  tx: Transaction,
  name: string,
  number: string,
  columns: Readonly<Record<string, unknown>>,
  movements: Readonly<Record<string, number>>,
): Promise<void> {
  const of = { credit_profile_id: id('profile'), sale_order_id: orderId(number) };
  await insert(tx, 'credit_hold', { id: id(name), ...of, created_at: at(8), ...columns });
  for (const [kind, amount] of Object.entries(movements)) {
    const row = {
      credit_profile_id: id('profile'),
      kind,
      amount_minor: amount,
      credit_hold_id: id(name),
      reference: `${kind} of ${number}`,
      at: at(8),
    };
    await insert(tx, 'credit_movement', { id: id(`${name} ${kind}`), ...row });
  }
}

export const pay = (
  tx: Transaction,
  number: string,
  kind: string,
  reference: string,
  amount: number,
  applied: number,
  more = {},
): Promise<void> =>
  insert(tx, 'payment', {
    id: id(`${kind} ${reference}`),
    sale_order_id: orderId(number),
    kind,
    provider: 'payments',
    reference,
    amount_minor: amount,
    applied_minor: applied,
    currency: 'EUR',
    status: 'SUCCEEDED',
    occurred_at: at(12),
    recorded_at: at(12),
    ...more,
  });

/** The invoice of a shipment, as much of it as left the hold of its sale. */
export async function invoice(tx: Transaction, number: string, fulfilment: string, amount: number): Promise<void> {
  const reference = `INVOICED of ${number}`;
  await insert(tx, 'invoice', {
    id: id(`invoice of ${fulfilment}`),
    number: `I-${fulfilment.slice(2)}`,
    kind: 'SHIPMENT',
    credit_profile_id: id('profile'),
    sale_order_id: orderId(number),
    reference,
    amount_minor: amount,
    open_minor: amount,
    currency: 'EUR',
    issued_at: at(19),
    due_at: at(30 * 86_400),
  });
  const entry = { invoice_id: id(`invoice of ${fulfilment}`), kind: 'ISSUED', amount_minor: amount, reference, at: at(19) };
  await insert(tx, 'invoice_entry', { id: id(`entry of ${fulfilment}`), ...entry });
}
