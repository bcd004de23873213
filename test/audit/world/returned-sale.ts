import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, job, live, message } from '../life.ts';
import { keyOf, move, orderId, saleRow } from './rows.ts';

const number = 'S-000004';

/**
 * A sale of free samples, so that no money moves: F-000003 has delivered three of five, of which two came back (one of them good) and one more is to come back;
 * F-000004 was lost; F-000005 came back to its sender; F-000006 was cancelled.
 */
export async function returnedSale(tx: Transaction): Promise<void> {
  await insert(tx, 'sale_order', saleRow(number, { total_minor: 0, payment_method: 'TERMS', cleared_at: at(60) }));
  await insert(tx, 'sale_line', {
    id: id(`${number} line`),
    sale_order_id: orderId(number),
    line_no: 1,
    sku: 'VALVE',
    unit_price_minor: 0,
    ordered: 7,
    cancelled: 1,
    shipped: 6,
    delivered: 4,
    lost: 2,
    return_requested: 1,
    returned: 3,
  });
  await live(tx, {
    key: number,
    order: 'sale_order',
    from: 60,
    steps: [
      {
        by: 'sales',
        command: 'create a sale order',
        trigger: 'create',
        opens: [job('s_handoff', 'phase.onSaleCleared')],
        state: 'OPEN',
      },
      {
        by: 'worker:phase',
        completes: 's_handoff',
        opens: [message('s_fulfilment', 'sale.fulfilments-closed', orderId(number))],
        state: 'CLEARED',
      },
    ],
  });
  const shipments = ['F-000003', 'F-000004', 'F-000005', 'F-000006'];
  await insert(tx, 'phase_handoff', {
    id: id('handoff 4'),
    hook: 'onSaleCleared',
    source_id: orderId(number),
    target_ids: shipments.map(orderId),
    at: at(61),
  });
  await shipment(tx, 'F-000003', 3, 'DELIVERED');
  await shipment(tx, 'F-000004', 2, 'LOST');
  await shipment(tx, 'F-000005', 1, 'RETURNED');
  await shipment(tx, 'F-000006', 1, 'CANCELLED');
  await move(tx, 'RECEIVED', 6, 'delivery-4', 59);
  for (const [name, quantity] of [
    ['F-000003', 3],
    ['F-000004', 2],
    ['F-000005', 1],
  ] as const) {
    await insert(tx, 'stock_reservation', {
      id: id(`reservation of ${name}`),
      stock_level_id: id('level'),
      sale_line_id: id(`${number} line`),
      fulfilment_id: orderId(name),
      quantity,
      status: 'SHIPPED',
      job_key: keyOf(name, 'f_allocate'),
      created_at: at(61),
    });
    await move(tx, 'RESERVED', quantity, `${keyOf(name, 'f_allocate')}:1`, 61);
    await move(tx, 'SHIPPED', -quantity, `${keyOf(name, 'f_post')}:${id(`reservation of ${name}`)}`, 62);
  }
  await move(tx, 'RETURNED', 1, `${keyOf('F-000005', 'f_done')}:${id('reservation of F-000005')}`, 66);
  await finishedReturn(tx);
  await openReturn(tx);
}

/** The life of a shipment, in as few steps as tell it. */
async function shipment(
  tx: Transaction,
  name: string,
  quantity: number,
  state: 'DELIVERED' | 'LOST' | 'RETURNED' | 'CANCELLED',
): Promise<void> {
  const left = state === 'CANCELLED' ? {} : { shipped_at: at(63) };
  const arrived = state === 'DELIVERED' ? { delivered_at: at(64), return_window_ends_at: at(90_000) } : {};
  const row = { id: orderId(name), number: name, sale_order_id: orderId(number), location: 'MAIN', created_at: at(61) };
  await insert(tx, 'fulfilment', { ...row, ...left, ...arrived });
  const of = { fulfilment_id: orderId(name), sale_line_id: id(`${number} line`) };
  await insert(tx, 'fulfilment_line', { id: id(`${name} line`), ...of, quantity });
  const isOver = state !== 'DELIVERED';
  await live(tx, {
    key: name,
    order: 'fulfilment',
    from: 61,
    ...(isOver && { ended: 'completed' as const }),
    steps: [
      { by: 'worker:phase', trigger: 'onSaleCleared', opens: [job('f_post', 'shipment.post')], state: 'ALLOCATING' },
      {
        by: 'worker:shipment.post',
        completes: 'f_post',
        opens: [job('f_done', 'shipment.deliver')],
        ...(state !== 'CANCELLED' && { state: 'SHIPPED' }),
      },
      {
        by: 'worker:done',
        completes: 'f_done',
        ...(!isOver && { opens: [message('f_ret_req', 'return.requested', orderId(name))] }),
        state,
      },
    ],
  });
}

const returned = (name: string, columns: Readonly<Record<string, unknown>>) => ({
  id: orderId(name),
  number: name,
  fulfilment_id: orderId('F-000003'),
  sale_order_id: orderId(number),
  reason: 'CHANGED_MIND',
  requested_by: 'buyer',
  requested_at: at(70),
  ...columns,
});

async function finishedReturn(tx: Transaction): Promise<void> {
  await insert(tx, 'return_request', returned('R-000001', { received_at: at(71), restocked_at: at(72) }));
  const line = { id: id('R-000001 line'), return_request_id: orderId('R-000001'), sale_line_id: id(`${number} line`) };
  await insert(tx, 'return_line', { ...line, requested: 2, accepted: 2, good: 1 });
  await live(tx, {
    key: 'R-000001',
    order: 'return_request',
    from: 70,
    ended: 'completed',
    steps: [
      {
        by: 'buyer',
        command: 'request a return',
        trigger: 'request',
        opens: [job('r_restock', 'inventory.restock')],
        state: 'RETURN_REQUESTED',
      },
      { by: 'worker:inventory.restock', completes: 'r_restock', state: 'RETURN_COMPLETED' },
    ],
  });
  await move(tx, 'RETURNED', 2, `${keyOf('R-000001', 'r_restock')}:1`, 72);
  await move(tx, 'SCRAPPED', -1, `${keyOf('R-000001', 'r_restock')}:1`, 72);
}

async function openReturn(tx: Transaction): Promise<void> {
  await insert(tx, 'return_request', returned('R-000002', { rma_number: 'RMA-000002', rma_expires_at: at(90_000) }));
  const line = { id: id('R-000002 line'), return_request_id: orderId('R-000002'), sale_line_id: id(`${number} line`) };
  await insert(tx, 'return_line', { ...line, requested: 1 });
  await live(tx, {
    key: 'R-000002',
    order: 'return_request',
    from: 73,
    steps: [
      {
        by: 'buyer',
        command: 'request a return',
        trigger: 'request',
        opens: [
          message('r_goods', 'return.received', orderId('R-000002')),
          { element: 'r_b_exp', kind: 'timer', due_at: at(90_000) },
        ],
        state: 'RETURN_AUTHORIZED',
      },
    ],
  });
}
