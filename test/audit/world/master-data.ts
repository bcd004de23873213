import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, job, live, message } from '../life.ts';
import { move, orderId } from './rows.ts';

export async function masterData(tx: Transaction): Promise<void> {
  await insert(tx, 'deployment', { id: id('deployment'), content_hash: 'h', deployed_by: 'analyst' });
  for (const process of ['quotation', 'sale_order', 'fulfilment', 'return_request']) {
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
  await insert(tx, 'stock_level', { id: id('level'), sku: 'VALVE', location: 'MAIN', on_hand: 7, reserved: 0 });
  await move(tx, 'RECEIVED', 11, 'delivery-1', 0);
}

export async function quotation(tx: Transaction): Promise<void> {
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
