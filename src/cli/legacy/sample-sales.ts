import { plans, type Plan, type SaleKind, type Shipment } from './sample-plans.ts';
import type { SampleCustomer, SampleLine, SampleWorld } from './sample-world.ts';

/** Adds an order of this kind with everything that belongs to it; sometimes with the quotation that it came from. */
export function addSale(world: SampleWorld, kind: SaleKind, number: string, isQuoted: boolean): void {
  const { add, ago, money, random } = world;
  const plan = plans[kind];
  const customer = world.customer();
  const shipments = plan.shipments ?? [];
  const lines = world.lines(customer.currency, Math.max(1, shipments.length));
  const age = Math.max(random.whole(3, 20), ...shipments.map(({ shipped = 0 }) => shipped + 3));
  const sale = `LS-${number}`;
  const quotation = isQuoted ? `LQ-${number}` : null;
  if (quotation !== null) addItsQuotation(world, { quotation, customer, lines, age });
  const total = world.total(lines);
  const isClosed = ['COMPLETED', 'DELIVERED', 'CANCELLED', 'VOID', 'REFUNDED'].includes(plan.status);
  add('sale_orders', {
    number: sale,
    quotation,
    customer: customer.code,
    currency: customer.currency,
    status: plan.status,
    status_reason: plan.reason ?? null,
    payment_method: plan.method,
    total: money(total, customer.currency),
    confirmed_at: plan.status === 'PENDING' ? null : ago(age - 0.5),
    created_at: ago(age),
    closed_at: isClosed ? ago(1) : null,
    created_by: 'legacy-sales',
  });
  for (const line of lines) {
    const reserved = plan.reserves ? line.quantity : 0;
    if (reserved > 0) world.setAside(line.sku, 'MAIN', reserved);
    add('sale_lines', {
      sale_order: sale,
      line_no: line.lineNo,
      sku: line.sku,
      quantity: line.quantity,
      cancelled: 0,
      reserved,
      unit_price: money(line.unitPriceMinor, customer.currency),
      discount_bp: line.discountBp,
      tax_bp: line.taxBp,
    });
  }
  addPayments(world, plan, { sale, customer, total, age });
  shipments.forEach((shipment, index) =>
    addShipment(world, shipment, {
      sale,
      number: `LF-${number}-${index + 1}`,
      lines: partOf(lines, index, shipments.length),
      currency: customer.currency,
      age,
    }),
  );
  if (plan.method === 'TERMS' && shipments.some(({ shipped }) => shipped !== undefined) && random.next() < 0.5) {
    const gone = shipments.flatMap(({ shipped }, index) => (shipped === undefined ? [] : partOf(lines, index, shipments.length)));
    world.owe(customer, { number: sale, amountMinor: world.total(gone), daysAgo: age - 1, isLate: random.next() < 0.1 });
  } else if (plan.method === 'TERMS' && !isClosed) world.take(customer, total);
  add('history', { entity: 'sale', number: sale, status: 'PENDING', at: ago(age), actor: 'legacy-sales' });
  if (plan.status !== 'PENDING' && plan.status !== 'ON_HOLD')
    add('history', {
      entity: 'sale',
      number: sale,
      status: plan.status,
      at: ago(isClosed ? 1 : age - 0.5),
      actor: 'legacy-sales',
    });
}

/** The lines of one of several shipments; each line travels as a whole. */
const partOf = (lines: readonly SampleLine[], index: number, of: number): SampleLine[] =>
  lines.filter((_, at) => at % of === index);

function addItsQuotation(
  { add, money, total, ago }: SampleWorld,
  { quotation, customer, lines, age }: { quotation: string; customer: SampleCustomer; lines: readonly SampleLine[]; age: number },
): void {
  const { code, currency } = customer;
  add('quotations', {
    number: quotation,
    customer: code,
    currency,
    status: 'ORDERED',
    total: money(total(lines), currency),
    valid_until: null,
    sent_at: ago(age + 5),
    accepted_at: ago(age),
    created_at: ago(age + 6),
    created_by: 'legacy-sales',
  });
  for (const line of lines)
    add('quotation_lines', {
      quotation,
      line_no: line.lineNo,
      sku: line.sku,
      quantity: line.quantity,
      unit_price: money(line.unitPriceMinor, currency),
      discount_bp: line.discountBp,
      tax_bp: line.taxBp,
    });
}

function addPayments(
  { add, money, ago }: SampleWorld,
  { paid = 0, refunded = 0, failures = 0, method }: Plan,
  { sale, customer, total, age }: { sale: string; customer: SampleCustomer; total: number; age: number },
): void {
  const { currency } = customer;
  const payment = (kind: string, reference: string, amountMinor: number, days: number, refundOf: string | null = null): void => {
    if (amountMinor > 0)
      add('payments', {
        reference,
        sale_order: sale,
        kind,
        refund_of: refundOf,
        amount: money(amountMinor, currency),
        currency,
        occurred_at: ago(days),
      });
  };
  const whole = method === 'DEPOSIT' ? Math.floor((total * 20) / 100) : Math.floor(total * paid);
  // paid in two parts, as it happens
  const first = paid > 0 ? Math.floor(whole / 2) : 0;
  payment('CAPTURE', `${sale}-P1`, first, age - 0.6);
  payment('CAPTURE', `${sale}-P2`, paid > 0 ? whole - first : 0, age - 0.7);
  if (refunded > 0) {
    payment('REFUND', `${sale}-R1`, first, 1, `${sale}-P1`);
    payment('REFUND', `${sale}-R2`, whole - first, 1, `${sale}-P2`);
  }
  for (let index = 1; index <= failures; index++) payment('FAILED', `${sale}-X${index}`, total, age - index * 0.1);
}

function addShipment(
  world: SampleWorld,
  { status, shipped, delivered, back }: Shipment,
  {
    sale,
    number,
    lines,
    currency,
    age,
  }: { sale: string; number: string; lines: readonly SampleLine[]; currency: string; age: number },
): void {
  const { add, ago, random } = world;
  const location = random.next() < 0.8 ? 'MAIN' : 'NORTH';
  add('fulfilments', {
    number,
    sale_order: sale,
    status,
    status_reason: null,
    location,
    carrier: shipped === undefined ? null : 'legacy-parcel',
    tracking: shipped === undefined ? null : `T-${number}`,
    shipped_at: shipped === undefined ? null : ago(shipped),
    delivered_at: delivered === undefined ? null : ago(delivered),
    return_window_ends_at: null,
    created_at: ago(age - 0.6),
    closed_at: null,
  });
  const isWaiting = ['WAITING_STOCK', 'BACKORDER'].includes(status);
  for (const line of lines) {
    const reserved = shipped === undefined && !isWaiting ? line.quantity : 0;
    if (reserved > 0) world.setAside(line.sku, location, reserved);
    add('fulfilment_lines', { fulfilment: number, line_no: line.lineNo, quantity: line.quantity, reserved });
  }
  add('history', { entity: 'fulfilment', number, status: 'PENDING', at: ago(age - 0.6), actor: 'legacy-warehouse' });
  if (shipped !== undefined)
    add('history', { entity: 'fulfilment', number, status: 'SHIPPED', at: ago(shipped), actor: 'legacy-warehouse' });
  if (delivered !== undefined)
    add('history', { entity: 'fulfilment', number, status: 'DELIVERED', at: ago(delivered), actor: 'carrier' });
  if (!back) return;
  const isOver = ['COMPLETED', 'REFUNDED'].includes(back.status);
  const isHere = isOver || back.status === 'RECEIVED';
  const request = number.replace('LF', 'LR');
  const coming = back.all ? lines : lines.slice(0, 1);
  const worth = world.total(coming);
  add('returns', {
    number: request,
    fulfilment: number,
    status: back.status,
    reason: 'CHANGED_MIND',
    requested_by: 'legacy-buyer',
    requested_at: ago((delivered ?? 2) - 1),
    rma_number: isHere ? `RMA-${request}` : null,
    rma_expires_at: isHere ? ago(-10) : null,
    received_at: isHere ? ago((delivered ?? 3) - 2) : null,
    closed_at: isOver ? ago((delivered ?? 4) - 3) : null,
    refund: isOver ? world.money(worth, currency) : null,
  });
  for (const line of coming) {
    const accepted = isOver ? line.quantity : 0;
    add('return_lines', {
      return: request,
      line_no: line.lineNo,
      requested: line.quantity,
      accepted,
      good: Math.floor(accepted / 2),
    });
  }
}
