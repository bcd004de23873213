import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, job, live, message } from '../life.ts';
import { decided, hold, keyOf, orderId, override, pay, reserve, saleLine, saleRow } from './rows.ts';
import type { ProviderWorld } from './provider-world.ts';

export async function cancelledSale(tx: Transaction, { captures, intents }: ProviderWorld): Promise<void> {
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
  await pay(tx, 'S-000002', 'VOID', intent, 3000, 0, { parent_id: id(`INTENT ${intent}`), provider_reference: intents[1] });
  await pay(tx, 'S-000002', 'REFUND', `${keyOf('S-000002', 's_undo')}:refund:3500`, 3500, 3000, {
    parent_id: id(`CAPTURE ${captures[1]}`),
  });
}

export async function waitingSale(tx: Transaction): Promise<void> {
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
