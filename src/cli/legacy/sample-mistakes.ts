import type { SampleWorld } from './sample-world.ts';

/** Ways in which old data is wrong; each ends on the review list. */
export const mistakes = [
  'unknown-status',
  'cancelled-with-money',
  'wrong-total',
  'no-customer',
  'ready-without-goods',
  'paid-without-shipment',
  'no-amount',
  'delivered-before-shipped',
] as const;

export type Mistake = (typeof mistakes)[number];

/** Adds an order with this mistake. */
export function addMistake(world: SampleWorld, mistake: Mistake, number: string): void {
  const { add, ago, money } = world;
  const { code, currency } = world.customer();
  const [line] = world.lines(currency);
  if (!line) return;
  const total = world.total([line]);
  const sale = `LS-${number}`;
  const status =
    {
      'unknown-status': 'FROZEN',
      'cancelled-with-money': 'CANCELLED',
      'paid-without-shipment': 'PAID',
      'ready-without-goods': 'PROCESSING',
      'delivered-before-shipped': 'SHIPPED',
    }[mistake as string] ?? 'PENDING';
  add('sale_orders', {
    number: sale,
    quotation: null,
    customer: mistake === 'no-customer' ? 'C-GONE' : code,
    currency,
    status,
    status_reason: null,
    payment_method: 'PREPAY',
    total: mistake === 'no-amount' ? 'a lot' : money(mistake === 'wrong-total' ? total + 1 : total, currency),
    confirmed_at: ago(4),
    created_at: ago(5),
    closed_at: null,
    created_by: 'legacy-sales',
  });
  add('sale_lines', {
    sale_order: sale,
    line_no: 1,
    sku: line.sku,
    quantity: line.quantity,
    cancelled: 0,
    reserved: 0,
    unit_price: money(line.unitPriceMinor, currency),
    discount_bp: line.discountBp,
    tax_bp: line.taxBp,
  });
  if (!['unknown-status', 'wrong-total', 'no-customer', 'no-amount'].includes(mistake))
    add('payments', {
      reference: `${sale}-P1`,
      sale_order: sale,
      kind: 'CAPTURE',
      refund_of: null,
      amount: money(total, currency),
      currency,
      occurred_at: ago(4),
    });
  if (mistake !== 'ready-without-goods' && mistake !== 'delivered-before-shipped') return;
  const isGone = mistake === 'delivered-before-shipped';
  add('fulfilments', {
    number: `LF-${number}-1`,
    sale_order: sale,
    status: isGone ? 'DELIVERED' : 'READY',
    status_reason: null,
    location: 'MAIN',
    carrier: null,
    tracking: null,
    shipped_at: isGone ? ago(1) : null,
    delivered_at: isGone ? ago(2) : null,
    return_window_ends_at: null,
    created_at: ago(3),
    closed_at: null,
  });
  add('fulfilment_lines', { fulfilment: `LF-${number}-1`, line_no: 1, quantity: line.quantity, reserved: 0 });
}
