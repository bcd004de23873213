import { lineValueMinor } from '../../domain/money.ts';
import { paidOf, splitOf } from './facts.ts';
import type { CaseFulfilment, Placed } from './case.ts';
import type { LegacyLine, LegacyQuotation, LegacySale } from './legacy.ts';
import { RecordFault } from './records.ts';

/** What is here before orders come: what they name has to be there. */
export interface Known {
  /** Id by code. */
  readonly customers: ReadonlyMap<string, string>;
  readonly skus: ReadonlySet<string>;
  /** Id of the credit profile by `customer code/currency`. */
  readonly credit: ReadonlyMap<string, string>;
  /** Numbers of shipments of sales of ours that were handed over. */
  readonly shipments: ReadonlySet<string>;
}

const contradiction = (message: string): never => {
  throw new RecordFault('contradictory', message);
};

/** The value of what is left of the lines, minor units. */
export const valueOf = (lines: readonly LegacyLine[]): number =>
  lines.reduce((sum, line) => sum + lineValueMinor(line, 0, line.quantity - line.cancelled), 0);

/** @throws RecordFault */
export function checkQuotation(quotation: LegacyQuotation & Placed, known: Known): void {
  checkOrder(quotation, known);
  const worth = valueOf(quotation.lines);
  if (worth !== quotation.totalMinor)
    contradiction(`its total is ${quotation.totalMinor}, its lines are worth ${worth} (minor units)`);
}

/** @throws RecordFault */
export function checkSale(
  sale: LegacySale & Placed,
  fulfilments: readonly CaseFulfilment[],
  quotation: (LegacyQuotation & Placed) | null,
  known: Known,
  now: Date,
): void {
  checkOrder(sale, known);
  const isCancelled = sale.target.state === 'CANCELLED';
  const worth = valueOf(isCancelled ? sale.lines.map((line) => ({ ...line, cancelled: 0 })) : sale.lines);
  if (worth !== sale.totalMinor) contradiction(`its total is ${sale.totalMinor}, its lines are worth ${worth} (minor units)`);
  checkMoney(sale, known);
  if (quotation) checkQuotationOf(sale, quotation);
  fulfilments.forEach((fulfilment) => checkFulfilment(fulfilment, sale, now));
  checkPieces(sale, fulfilments);
}

function checkOrder(order: Pick<LegacySale, 'customer' | 'lines'>, known: Known): void {
  if (!known.customers.has(order.customer)) throw new RecordFault('missing', `there is no customer ${order.customer}`);
  if (order.lines.length === 0) contradiction('it has no lines');
  const numbers = new Set(order.lines.map(({ lineNo }) => lineNo));
  if (numbers.size < order.lines.length) contradiction('two of its lines have the same number');
  for (const { lineNo, sku, quantity, cancelled } of order.lines) {
    if (!known.skus.has(sku)) throw new RecordFault('missing', `line ${lineNo}: there is no product ${sku}`);
    if (quantity < 1 || cancelled > quantity) contradiction(`line ${lineNo}: ${cancelled} of ${quantity} pieces are cancelled`);
  }
}

function checkMoney(sale: LegacySale & Placed, known: Known): void {
  const { paid, refunded } = paidOf(sale);
  if (refunded > paid) contradiction(`${refunded} went back, but only ${paid} came (minor units)`);
  if (paid - refunded > sale.totalMinor)
    contradiction(`${paid - refunded} were kept of a total of ${sale.totalMinor} (minor units)`);
  const foreign = sale.payments.find(({ currency }) => currency !== sale.currency);
  if (foreign) contradiction(`payment ${foreign.reference} is in ${foreign.currency}, the order in ${sale.currency}`);
  const left = new Map(sale.payments.filter(({ kind }) => kind === 'CAPTURE').map((each) => [each.reference, each.amountMinor]));
  for (const { kind, reference, refundOf, amountMinor } of sale.payments) {
    if (kind !== 'REFUND') continue;
    const rest = left.get(refundOf ?? '');
    if (rest === undefined || rest < amountMinor)
      contradiction(`refund ${reference} gives back ${amountMinor} of ${refundOf ?? 'nothing'}`);
    else left.set(refundOf ?? '', rest - amountMinor);
  }
  const { onTermsMinor } = splitOf(sale.method, sale.totalMinor);
  if (!sale.target.over && onTermsMinor > 0 && !known.credit.has(`${sale.customer}/${sale.currency}`))
    throw new RecordFault('missing', `${sale.customer} has no credit in ${sale.currency}, but the order is on terms`);
}

function checkQuotationOf(sale: LegacySale, quotation: LegacyQuotation & Placed): void {
  if (quotation.target.state !== 'APPROVED') contradiction(`its quotation ${quotation.number} is ${quotation.status}`);
  const terms = (order: LegacyQuotation | LegacySale): string =>
    JSON.stringify([
      order.customer,
      order.currency,
      order.totalMinor,
      order.lines.map((l) => [l.lineNo, l.sku, l.quantity, l.unitPriceMinor, l.discountBp, l.taxBp]),
    ]);
  if (terms(sale) !== terms(quotation)) contradiction(`its terms are not those of its quotation ${quotation.number}`);
}

function checkFulfilment(fulfilment: CaseFulfilment, sale: LegacySale, now: Date): void {
  const { number, shippedAt, deliveredAt, lines, returns } = fulfilment;
  if (lines.length === 0) contradiction(`shipment ${number} has no lines`);
  if (deliveredAt && (!shippedAt || deliveredAt < shippedAt))
    contradiction(`shipment ${number} was delivered before it was shipped`);
  if ((shippedAt && shippedAt > now) || (deliveredAt && deliveredAt > now))
    contradiction(`shipment ${number} left in the future`);
  for (const { lineNo, quantity, reserved } of lines) {
    const ordered = sale.lines.find((line) => line.lineNo === lineNo);
    if (!ordered) contradiction(`shipment ${number} has the line ${lineNo}, which the order does not have`);
    if (
      quantity < 1 ||
      reserved > quantity ||
      (shippedAt && reserved > 0) ||
      (fulfilment.target.state === 'CANCELLED' && reserved > 0)
    )
      contradiction(`shipment ${number}, line ${lineNo}: ${reserved} of ${quantity} pieces are set aside`);
  }
  for (const request of returns) {
    if (!deliveredAt) contradiction(`return ${request.number} is of a shipment that has not arrived`);
    for (const { lineNo, requested, accepted, good } of request.lines) {
      const sent = lines.find((line) => line.lineNo === lineNo)?.quantity ?? 0;
      if (requested < 1 || requested > sent || accepted > requested || good > accepted)
        contradiction(
          `return ${request.number}, line ${lineNo}: ${requested} requested, ${accepted} accepted, ${good} good of ${sent} sent`,
        );
    }
  }
}

/** Where every piece of the order is. */
function checkPieces(sale: LegacySale & Placed, fulfilments: readonly CaseFulfilment[]): void {
  for (const { lineNo, quantity, cancelled, reserved } of sale.lines) {
    const inShipments = fulfilments
      .filter(({ target }) => target.state !== 'CANCELLED')
      .reduce((sum, { lines }) => sum + (lines.find((line) => line.lineNo === lineNo)?.quantity ?? 0), 0);
    const left = quantity - cancelled;
    if (sale.target.state === 'CANCELLED' ? inShipments > 0 : inShipments > left)
      contradiction(`line ${lineNo}: ${inShipments} pieces are in shipments, but ${left} are ordered`);
    if ((sale.target.state === 'CLEARED' || sale.target.state === 'COMPLETED') && inShipments < left)
      contradiction(`line ${lineNo}: ${left} pieces are ordered, but ${inShipments} are in shipments`);
    if (reserved > 0 && (fulfilments.length > 0 || sale.target.over || reserved > left))
      contradiction(`line ${lineNo}: ${reserved} pieces are set aside beside its shipments`);
    const back = fulfilments
      .flatMap(({ returns }) => returns)
      .filter(({ target }) => !target.over || target.state === 'RETURN_COMPLETED')
      .flatMap(({ lines, target }) =>
        lines.filter((line) => line.lineNo === lineNo).map((line) => (target.over ? line.accepted : line.requested)),
      )
      .reduce((sum, pieces) => sum + pieces, 0);
    const delivered = fulfilments
      .filter(({ deliveredAt }) => deliveredAt)
      .reduce((sum, { lines }) => sum + (lines.find((line) => line.lineNo === lineNo)?.quantity ?? 0), 0);
    if (back > delivered) contradiction(`line ${lineNo}: ${back} pieces come back, but ${delivered} were delivered`);
  }
}
