import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, job, live, message } from '../life.ts';
import { decided, hold, invoice, keyOf, orderId, override, pay, reserve, saleLine, saleRow } from './rows.ts';
import type { ProviderWorld } from './provider-world.ts';

export async function clearedSale(tx: Transaction, { captures, intents }: ProviderWorld): Promise<void> {
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
  await invoice(tx, 'S-000001', 'F-000001', 6000);
  await pay(tx, 'S-000001', 'INTENT', keyOf('S-000001', 's_pay_request'), 2000, 0, { provider_reference: intents[0] });
  await pay(tx, 'S-000001', 'CAPTURE', captures[0], 2000, 2000);
}

export async function fulfilments(tx: Transaction): Promise<void> {
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
