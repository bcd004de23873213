import type { Transaction } from '../../src/persistence/transaction.ts';
import { at, id, insert, job, live, message } from './life.ts';

/** What the provider calls the captures of S-000001 and S-000002, and the payments that they belong to. */
export interface ProviderWorld {
  readonly captures: readonly [string, string];
  readonly intents: readonly [string, string];
}

export const keyOf = (order: string, element: string): string => `${id(order)}:${id(`${order}/${element}`)}`;

const orderId = (number: string): string => id(`order ${number}`);

/**
 * A small world in which all is well, written by hand so that the audit is not tested with what it audits:
 * Q-000001 was approved and became S-000001, which was cleared with an override, a deposit and a backorder, and has shipped F-000001, while F-000002 waits for goods;
 * S-000002 was paid and cancelled, and gave all back; S-000003 waits for a credit override.
 */
export async function writeWorld(tx: Transaction, provider: ProviderWorld): Promise<void> {
  await masterData(tx);
  await quotation(tx);
  await clearedSale(tx, provider);
  await fulfilments(tx);
  await cancelledSale(tx, provider);
  await waitingSale(tx);
}

async function masterData(tx: Transaction): Promise<void> {
  await insert(tx, 'deployment', { id: id('deployment'), content_hash: 'h', deployed_by: 'analyst' });
  for (const process of ['quotation', 'sale_order', 'fulfilment']) {
    const version = { deployment_id: id('deployment'), process_id: process, version: 1, resource_name: `${process}.bpmn` };
    await insert(tx, 'process_definition', { id: id(`definition of ${process}`), ...version });
  }
  await insert(tx, 'customer', { id: id('ACME'), code: 'ACME', name: 'Acme' });
  await insert(tx, 'product', {
    id: id('VALVE'),
    sku: 'VALVE',
    name: 'Valve',
    currency: 'EUR',
    list_price_minor: 1000,
    cost_minor: 500,
  });
  await insert(tx, 'credit_profile', {
    id: id('profile'),
    customer_id: id('ACME'),
    currency: 'EUR',
    limit_minor: 5000,
    open_orders_minor: 2000,
    unpaid_invoices_minor: 6000,
  });
  await insert(tx, 'stock_level', { id: id('level'), sku: 'VALVE', location: 'MAIN', on_hand: 5, reserved: 0 });
  await move(tx, 'RECEIVED', 11, 'delivery-1', 0);
}

const move = (tx: Transaction, kind: string, quantity: number, reference: string, second: number): Promise<void> =>
  insert(tx, 'stock_movement', {
    id: id(`${kind} ${reference}`),
    stock_level_id: id('level'),
    kind,
    quantity,
    reference,
    at: at(second),
  });

async function quotation(tx: Transaction): Promise<void> {
  const terms = { customer_id: id('ACME'), currency: 'EUR', total_minor: 10_000, fingerprint: 'terms-1' };
  const times = { valid_until: at(90_000), sent_at: at(2), accepted_at: at(4), created_by: 'sales', created_at: at(1) };
  await insert(tx, 'quotation', { id: orderId('Q-000001'), number: 'Q-000001', ...terms, ...times });
  const line = { line_no: 1, sku: 'VALVE', quantity: 10, unit_price_minor: 1000 };
  await insert(tx, 'quotation_line', { id: id('Q-000001 line'), quotation_id: orderId('Q-000001'), ...line });
  const withdraw = message('q_b_withdraw', 'quotation.withdraw-requested', orderId('Q-000001'));
  await live(tx, {
    key: 'Q-000001',
    order: 'quotation',
    from: 1,
    ended: 'completed',
    steps: [
      {
        by: 'sales',
        command: 'create a quotation',
        trigger: 'create',
        opens: [{ element: 'q_draft', kind: 'user' }, withdraw],
        state: 'DRAFT',
      },
      { by: 'sales', command: 'complete a user task', completes: 'q_draft', opens: [job('q_issue', 'quotation.issue')] },
      { by: 'worker:quotation.issue', completes: 'q_issue', opens: [{ element: 'q_customer', kind: 'user' }], state: 'SENT' },
      {
        by: 'buyer',
        command: 'complete a user task',
        completes: 'q_customer',
        cancels: ['q_b_withdraw'],
        opens: [job('q_handoff', 'phase.onQuotationApproved')],
      },
      { by: 'worker:phase', completes: 'q_handoff', state: 'APPROVED' },
    ],
  });
}

const saleRow = (number: string, columns: Readonly<Record<string, unknown>>) => ({
  id: orderId(number),
  number,
  customer_id: id('ACME'),
  currency: 'EUR',
  fingerprint: `terms of ${number}`,
  created_by: 'sales',
  created_at: at(5),
  ...columns,
});

const saleLine = (tx: Transaction, number: string, columns: Readonly<Record<string, unknown>>): Promise<void> =>
  insert(tx, 'sale_line', {
    id: id(`${number} line`),
    sale_order_id: orderId(number),
    line_no: 1,
    sku: 'VALVE',
    unit_price_minor: 1000,
    ...columns,
  });

const override = (
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

async function decided(
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

async function hold(
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

const pay = (
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

async function clearedSale(tx: Transaction, { captures, intents }: ProviderWorld): Promise<void> {
  const money = {
    total_minor: 10_000,
    on_terms_minor: 8000,
    prepay_minor: 2000,
    captured_minor: 2000,
    payment_method: 'DEPOSIT',
  };
  const from = { quotation_id: orderId('Q-000001'), fingerprint: 'terms-1', cleared_at: at(15) };
  await insert(tx, 'sale_order', saleRow('S-000001', { ...money, ...from }));
  await saleLine(tx, 'S-000001', { ordered: 10, backordered: 4, shipped: 6 });
  const targets = { target_ids: [orderId('S-000001')], at: at(5) };
  await insert(tx, 'phase_handoff', {
    id: id('handoff Q'),
    hook: 'onQuotationApproved',
    source_id: orderId('Q-000001'),
    ...targets,
  });
  const use = { status: 'CONSUMED', approvals_count: 1, use_by: at(300_000), decided_at: at(7), consumed_at: at(8) };
  await override(tx, 'override 1', 'S-000001', 6, use);
  const by = {
    actor: 'credit',
    actor_roles: ['credit_analyst', 'credit_manager'],
    decision: 'APPROVE',
    reason: 'good customer',
    at: at(7),
  };
  await insert(tx, 'override_decision', { id: id('approval 1'), override_request_id: id('override 1'), ...by });
  const bound = { element: 's_credit_override', kind: 'user', override_request_id: id('override 1') };
  const captured = message('s_await_payment', 'payment.captured', orderId('S-000001'));
  await live(tx, {
    key: 'S-000001',
    order: 'sale_order',
    from: 5,
    steps: [
      { by: 'worker:phase', trigger: 'onQuotationApproved', opens: [job('s_open_credit', 'override.open')], state: 'OPEN' },
      {
        by: 'worker:override',
        completes: 's_open_credit',
        opens: [bound, { element: 's_b_credit_exp', kind: 'timer', due_at: at(90_000) }],
        state: 'AWAITING_CREDIT_OVERRIDE',
      },
      {
        by: 'credit',
        command: 'decide an override',
        trigger: 'override:APPROVED',
        completes: 's_credit_override',
        cancels: ['s_b_credit_exp'],
        opens: [job('s_credit', 'credit.decide')],
      },
      { by: 'worker:credit.decide', completes: 's_credit', opens: [job('s_reserve', 'inventory.reserve')], state: 'RESERVING' },
      { by: 'worker:inventory.reserve', completes: 's_reserve', opens: [job('s_pay_request', 'payment.request')] },
      { by: 'worker:payment.request', completes: 's_pay_request', opens: [captured], state: 'AWAITING_PAYMENT' },
      {
        by: 'provider:payments',
        command: 'take a provider event',
        trigger: 'message:payment.captured',
        completes: 's_await_payment',
        opens: [job('s_handoff', 'phase.onSaleCleared')],
      },
      {
        by: 'worker:phase',
        completes: 's_handoff',
        opens: [message('s_fulfilment', 'sale.fulfilments-closed', orderId('S-000001'))],
        state: 'CLEARED',
      },
    ],
  });
  await decided(tx, 'snapshot 1', 'S-000001', 4, 8, {
    outcome: 'APPROVE_WITH_OVERRIDE',
    exposure_minor: 0,
    order_minor: 8000,
    override_request_id: id('override 1'),
  });
  const taken = {
    amount_minor: 2000,
    status: 'COMMITTED',
    credit_snapshot_id: id('snapshot 1'),
    override_request_id: id('override 1'),
  };
  await hold(tx, 'hold 1', 'S-000001', taken, { HELD: 8000, INVOICED: 6000 });
  await pay(tx, 'S-000001', 'INTENT', keyOf('S-000001', 's_pay_request'), 2000, 0, { provider_reference: intents[0] });
  await pay(tx, 'S-000001', 'CAPTURE', captures[0], 2000, 2000);
}

async function fulfilments(tx: Transaction): Promise<void> {
  const of = { sale_order_id: orderId('S-000001'), location: 'MAIN', created_at: at(16) };
  const sent = { carrier: 'Sandbox Parcel', tracking: 'SBX-1', shipped_at: at(19) };
  await insert(tx, 'fulfilment', { id: orderId('F-000001'), number: 'F-000001', ...of, ...sent });
  await insert(tx, 'fulfilment', { id: orderId('F-000002'), number: 'F-000002', ...of, backorder_of_id: orderId('F-000001') });
  for (const [number, quantity] of [
    ['F-000001', 6],
    ['F-000002', 4],
  ] as const) {
    await insert(tx, 'fulfilment_line', {
      id: id(`${number} line`),
      fulfilment_id: orderId(number),
      sale_line_id: id('S-000001 line'),
      quantity,
    });
  }
  const target_ids = [orderId('F-000001'), orderId('F-000002')];
  await insert(tx, 'phase_handoff', {
    id: id('handoff S'),
    hook: 'onSaleCleared',
    source_id: orderId('S-000001'),
    target_ids,
    at: at(16),
  });
  await live(tx, {
    key: 'F-000001',
    order: 'fulfilment',
    from: 16,
    steps: [
      { by: 'worker:phase', trigger: 'onSaleCleared', opens: [job('f_book', 'carrier.book')], state: 'PACKING' },
      { by: 'worker:carrier.book', completes: 'f_book', opens: [job('f_post', 'shipment.post')] },
      {
        by: 'worker:shipment.post',
        completes: 'f_post',
        opens: [message('f_transit', 'carrier.delivered', orderId('F-000001'))],
        state: 'SHIPPED',
      },
    ],
  });
  await live(tx, {
    key: 'F-000002',
    order: 'fulfilment',
    from: 16,
    steps: [
      { by: 'worker:phase', trigger: 'onSaleCleared', opens: [job('f_backorder', 'fulfilment.backorder')], state: 'ALLOCATING' },
      {
        by: 'worker:backorder',
        completes: 'f_backorder',
        opens: [message('f_backordered', 'inventory.available', orderId('F-000002'))],
        state: 'BACKORDERED',
      },
    ],
  });
  await reserve(tx, 'reservation 1', 'S-000001', 6, 'SHIPPED', { fulfilment_id: orderId('F-000001') });
  const demand = { sale_line_id: id('S-000001 line'), sku: 'VALVE', quantity: 4, committed_at: at(15) };
  await insert(tx, 'backorder_demand', { id: id('demand'), fulfilment_id: orderId('F-000002'), ...demand });
}

/** A reservation that has come to its end, with its movements. */
async function reserve(
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

async function cancelledSale(tx: Transaction, { captures, intents }: ProviderWorld): Promise<void> {
  const money = {
    total_minor: 5000,
    on_terms_minor: 2000,
    prepay_minor: 3000,
    captured_minor: 3000,
    refunded_minor: 3000,
    payment_method: 'DEPOSIT',
  };
  await insert(tx, 'sale_order', saleRow('S-000002', money));
  await saleLine(tx, 'S-000002', { ordered: 5, cancelled: 5 });
  const cancel = message('s_b_cancel', 'sale.cancel-requested', orderId('S-000002'));
  await live(tx, {
    key: 'S-000002',
    order: 'sale_order',
    from: 30,
    ended: 'completed',
    steps: [
      {
        by: 'sales',
        command: 'create a sale order',
        trigger: 'create',
        opens: [job('s_reserve', 'inventory.reserve'), cancel],
        state: 'RESERVING',
      },
      { by: 'worker:inventory.reserve', completes: 's_reserve', opens: [job('s_pay_request', 'payment.request')] },
      {
        by: 'worker:payment.request',
        completes: 's_pay_request',
        opens: [{ element: 's_b_pay_due', kind: 'timer', due_at: at(33) }],
        state: 'AWAITING_PAYMENT',
      },
      {
        by: 'timer',
        command: 'fire a timer',
        trigger: 'timer',
        completes: 's_b_pay_due',
        cancels: ['s_b_cancel'],
        opens: [job('s_undo', 'sale.undo-commitments')],
        state: 'CANCELLING',
      },
      { by: 'worker:sale.undo-commitments', completes: 's_undo', state: 'CANCELLED' },
    ],
  });
  await reserve(tx, 'reservation 2', 'S-000002', 5, 'RELEASED');
  await decided(tx, 'snapshot 2', 'S-000002', 2, 31, { outcome: 'APPROVE', exposure_minor: 0, order_minor: 2000 });
  const taken = { amount_minor: 2000, status: 'RELEASED', credit_snapshot_id: id('snapshot 2') };
  await hold(tx, 'hold 2', 'S-000002', taken, { HELD: 2000, RELEASED: 2000 });
  const intent = keyOf('S-000002', 's_pay_request');
  await pay(tx, 'S-000002', 'INTENT', intent, 3000, 0, { provider_reference: intents[1] });
  await pay(tx, 'S-000002', 'CAPTURE', captures[1], 3500, 3000);
  await pay(tx, 'S-000002', 'VOID', intent, 3000, 0);
  await pay(tx, 'S-000002', 'REFUND', `${keyOf('S-000002', 's_undo')}:refund:3500`, 3500, 3000);
}

async function waitingSale(tx: Transaction): Promise<void> {
  await insert(tx, 'sale_order', saleRow('S-000003', { total_minor: 1000, on_terms_minor: 1000, payment_method: 'TERMS' }));
  await saleLine(tx, 'S-000003', { ordered: 1 });
  await override(tx, 'override 3', 'S-000003', 41, { required_approvals: 2, approvals_count: 1 });
  const by = { actor: 'credit', actor_roles: ['credit_manager'], decision: 'APPROVE', reason: 'good customer', at: at(42) };
  await insert(tx, 'override_decision', { id: id('approval 3'), override_request_id: id('override 3'), ...by });
  const bound = { element: 's_credit_override', kind: 'user', override_request_id: id('override 3') };
  await live(tx, {
    key: 'S-000003',
    order: 'sale_order',
    from: 40,
    steps: [
      {
        by: 'sales',
        command: 'create a sale order',
        trigger: 'create',
        opens: [job('s_open_credit', 'override.open')],
        state: 'OPEN',
      },
      {
        by: 'worker:override',
        completes: 's_open_credit',
        opens: [bound, { element: 's_b_credit_exp', kind: 'timer', due_at: at(90_000) }],
        state: 'AWAITING_CREDIT_OVERRIDE',
      },
    ],
  });
}
