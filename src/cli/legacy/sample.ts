import type { LegacyRecords } from '../../commands/adoption/records.ts';
import { addMistake, mistakes } from './sample-mistakes.ts';
import { saleKinds, type SaleKind } from './sample-plans.ts';
import { addSale } from './sample-sales.ts';
import { createSampleWorld, type SampleWorld } from './sample-world.ts';

/** Share of the orders that contradict themselves or say what nobody has mapped. */
const mistakeShare = 0.01;

/**
 * Data of an old system that never was: customers, credit, invoices, stock, and orders in every status, with payments, shipments, returns and history. The same seed and
 * instant give the same data. Every hundredth order is wrong on purpose.
 */
export function sampleRecords({
  orders,
  seed,
  now,
}: {
  readonly orders: number;
  readonly seed: number;
  readonly now: Date;
}): LegacyRecords {
  const world = createSampleWorld(orders, seed, now);
  for (let index = 0; index < orders; index++) {
    const number = String(index + 1).padStart(6, '0');
    const dice = world.random.next();
    const mistake = mistakes[Math.floor(index * mistakeShare) % mistakes.length];
    if (mistake !== undefined && index % Math.round(1 / mistakeShare) === 50) addMistake(world, mistake, number);
    else if (dice < 0.14) addQuotation(world, number, index);
    else addSale(world, saleKinds[index % saleKinds.length] as SaleKind, number, dice < 0.34);
  }
  return world.finish();
}

const quotationStatuses = [
  'DRAFT',
  'NEW',
  'PENDING_APPROVAL',
  'SENT',
  'ISSUED',
  'SENT-LATE',
  'REJECTED',
  'LOST',
  'CANCELLED',
  'EXPIRED',
] as const;

function addQuotation(world: SampleWorld, number: string, index: number): void {
  const { add, money, ago, random } = world;
  const customer = world.customer();
  const kind = quotationStatuses[index % quotationStatuses.length] ?? 'DRAFT';
  const status = kind === 'SENT-LATE' ? 'SENT' : kind;
  const lines = world.lines(customer.currency);
  const age = random.whole(1, 80);
  const validUntil =
    kind === 'SENT-LATE'
      ? ago(1)
      : kind === 'SENT' || kind === 'ISSUED'
        ? random.next() < 0.1
          ? null
          : ago(-random.whole(2, 25))
        : null;
  const quotation = `LQ-${number}`;
  add('quotations', {
    number: quotation,
    customer: customer.code,
    currency: customer.currency,
    status,
    total: money(world.total(lines), customer.currency),
    valid_until: validUntil,
    sent_at: status === 'SENT' || status === 'ISSUED' ? ago(age - 0.5) : null,
    accepted_at: null,
    created_at: ago(age),
    created_by: 'legacy-sales',
  });
  for (const line of lines)
    add('quotation_lines', {
      quotation,
      line_no: line.lineNo,
      sku: line.sku,
      quantity: line.quantity,
      unit_price: money(line.unitPriceMinor, customer.currency),
      discount_bp: line.discountBp,
      tax_bp: line.taxBp,
    });
  add('history', { entity: 'quotation', number: quotation, status: 'DRAFT', at: ago(age), actor: 'legacy-sales' });
  if (status !== 'DRAFT' && status !== 'NEW')
    add('history', { entity: 'quotation', number: quotation, status, at: ago(age - 0.5), actor: 'legacy-sales' });
}
