import { columnsOf, type Columns, type LegacyRecord } from './records.ts';

/** Orders of the old system, read and typed. Amounts in minor units. */

export const paymentMethods = ['TERMS', 'PREPAY', 'CARD', 'DEPOSIT'] as const;

export interface LegacyLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly cancelled: number;
  /** Pieces that are set aside for it, while no shipment has them. */
  readonly reserved: number;
  readonly unitPriceMinor: number;
  readonly discountBp: number;
  readonly taxBp: number;
}

export interface LegacyQuotation {
  readonly number: string;
  readonly customer: string;
  readonly currency: string;
  readonly status: string;
  readonly totalMinor: number;
  readonly validUntil: Date | null;
  readonly sentAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly lines: readonly LegacyLine[];
}

export interface LegacySale {
  readonly number: string;
  readonly quotation: string | null;
  readonly customer: string;
  readonly currency: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly method: (typeof paymentMethods)[number] | null;
  readonly totalMinor: number;
  readonly confirmedAt: Date | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly createdBy: string;
  readonly lines: readonly LegacyLine[];
  readonly payments: readonly LegacyPayment[];
  readonly fulfilments: readonly LegacyFulfilment[];
}

export interface LegacyPayment {
  readonly reference: string;
  readonly kind: 'CAPTURE' | 'REFUND' | 'FAILED';
  /** The capture that a refund gives back. */
  readonly refundOf: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly occurredAt: Date;
}

export interface LegacyFulfilment {
  readonly number: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly location: string;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly returnWindowEndsAt: Date | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly lines: readonly { readonly lineNo: number; readonly quantity: number; readonly reserved: number }[];
  readonly returns: readonly LegacyReturn[];
}

export const returnReasons = ['WRONG_ITEM', 'DAMAGED_IN_TRANSIT', 'DEFECT', 'CHANGED_MIND'] as const;

export interface LegacyReturn {
  readonly number: string;
  readonly status: string;
  readonly reason: (typeof returnReasons)[number];
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly rmaNumber: string | null;
  readonly rmaExpiresAt: Date | null;
  readonly receivedAt: Date | null;
  readonly closedAt: Date | null;
  readonly refundMinor: number;
  readonly lines: readonly {
    readonly lineNo: number;
    readonly requested: number;
    readonly accepted: number;
    readonly good: number;
  }[];
}

/** A state that an order was in before. */
export interface LegacyEvent {
  readonly status: string;
  readonly at: Date;
  readonly actor: string;
}

export const readLine = (record: LegacyRecord, currency: string): LegacyLine => {
  const { text, whole, money } = columnsOf(record);
  return {
    lineNo: whole('line_no'),
    sku: text('sku'),
    quantity: whole('quantity'),
    cancelled: whole('cancelled', 0),
    reserved: whole('reserved', 0),
    unitPriceMinor: money('unit_price', currency),
    discountBp: whole('discount_bp', 0),
    taxBp: whole('tax_bp', 0),
  };
};

const statusOf = ({ text }: Columns): string =>
  text('status')
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');

export function readQuotation(record: LegacyRecord, lines: readonly LegacyRecord[]): LegacyQuotation {
  const columns = columnsOf(record);
  const { text, maybe, money, at, maybeAt } = columns;
  const currency = columns.currency();
  return {
    number: text('number'),
    customer: text('customer'),
    currency,
    status: statusOf(columns),
    totalMinor: money('total', currency),
    validUntil: maybeAt('valid_until'),
    sentAt: maybeAt('sent_at'),
    acceptedAt: maybeAt('accepted_at'),
    createdAt: at('created_at'),
    createdBy: maybe('created_by') ?? 'legacy',
    lines: lines.map((line) => readLine(line, currency)).sort(byLine),
  };
}

export function readSale(
  record: LegacyRecord,
  parts: Pick<LegacySale, 'fulfilments'> & {
    readonly lines: readonly LegacyRecord[];
    readonly payments: readonly LegacyRecord[];
  },
): LegacySale {
  const columns = columnsOf(record);
  const { text, maybe, money, at, maybeAt, oneOf } = columns;
  const currency = columns.currency();
  return {
    number: text('number'),
    quotation: maybe('quotation'),
    customer: text('customer'),
    currency,
    status: statusOf(columns),
    statusReason: maybe('status_reason'),
    method: maybe('payment_method') === null ? null : oneOf('payment_method', paymentMethods),
    totalMinor: money('total', currency),
    confirmedAt: maybeAt('confirmed_at'),
    createdAt: at('created_at'),
    closedAt: maybeAt('closed_at'),
    createdBy: maybe('created_by') ?? 'legacy',
    lines: parts.lines.map((line) => readLine(line, currency)).sort(byLine),
    payments: parts.payments.map(readPayment).sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime()),
    fulfilments: parts.fulfilments,
  };
}

function readPayment(record: LegacyRecord): LegacyPayment {
  const columns = columnsOf(record);
  const currency = columns.currency();
  return {
    reference: columns.text('reference'),
    kind: columns.oneOf('kind', ['CAPTURE', 'REFUND', 'FAILED']),
    refundOf: columns.maybe('refund_of'),
    amountMinor: columns.money('amount', currency),
    currency,
    occurredAt: columns.at('occurred_at'),
  };
}

export function readFulfilment(
  record: LegacyRecord,
  lines: readonly LegacyRecord[],
  returns: readonly LegacyReturn[],
): LegacyFulfilment {
  const columns = columnsOf(record);
  const { text, maybe, maybeAt } = columns;
  return {
    number: text('number'),
    status: statusOf(columns),
    statusReason: maybe('status_reason'),
    location: maybe('location') ?? 'MAIN',
    carrier: maybe('carrier'),
    tracking: maybe('tracking'),
    shippedAt: maybeAt('shipped_at'),
    deliveredAt: maybeAt('delivered_at'),
    returnWindowEndsAt: maybeAt('return_window_ends_at'),
    createdAt: columns.at('created_at'),
    closedAt: maybeAt('closed_at'),
    lines: lines
      .map((line) => {
        const { whole } = columnsOf(line);
        return { lineNo: whole('line_no'), quantity: whole('quantity'), reserved: whole('reserved', 0) };
      })
      .sort(byLine),
    returns,
  };
}

export function readReturn(record: LegacyRecord, lines: readonly LegacyRecord[], currency: string): LegacyReturn {
  const columns = columnsOf(record);
  const { text, maybe, maybeAt, oneOf } = columns;
  return {
    number: text('number'),
    status: statusOf(columns),
    reason: oneOf('reason', returnReasons),
    requestedBy: maybe('requested_by') ?? 'legacy',
    requestedAt: columns.at('requested_at'),
    rmaNumber: maybe('rma_number'),
    rmaExpiresAt: maybeAt('rma_expires_at'),
    receivedAt: maybeAt('received_at'),
    closedAt: maybeAt('closed_at'),
    refundMinor: columns.money('refund', currency, 0),
    lines: lines
      .map((line) => {
        const { whole } = columnsOf(line);
        return {
          lineNo: whole('line_no'),
          requested: whole('requested'),
          accepted: whole('accepted', 0),
          good: whole('good', 0),
        };
      })
      .sort(byLine),
  };
}

export const readEvent = (record: LegacyRecord): LegacyEvent => {
  const columns = columnsOf(record);
  return { status: statusOf(columns), at: columns.at('at'), actor: columns.maybe('actor') ?? 'legacy' };
};

const byLine = (a: { readonly lineNo: number }, b: { readonly lineNo: number }): number => a.lineNo - b.lineNo;
