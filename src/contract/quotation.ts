import { z } from 'zod';
import { Action } from './action.ts';
import {
  BasisPoints,
  Currency,
  IdOrCode,
  MinorUnits,
  Money,
  OrderLink,
  Quantity,
  Reason,
  Revision,
  Sku,
  Timestamp,
} from './values.ts';
import { Wait } from './wait.ts';

/** A line as somebody asks for it; without a price it is the list price. */
const WantedLine = z.strictObject({
  sku: Sku,
  quantity: Quantity,
  unitPriceMinor: MinorUnits.exactOptional(),
  discountBp: BasisPoints.exactOptional(),
});

export const WantedLines = z
  .array(WantedLine)
  .min(1)
  .max(1000)
  .refine(
    (lines) => lines.reduce((sum, line) => sum + line.quantity * (line.unitPriceMinor ?? 0), 0) <= Number.MAX_SAFE_INTEGER,
    {
      message: 'come to more than can be counted exactly',
    },
  )
  .meta({ id: 'WantedLines' });

export const NewQuotation = z
  .strictObject({ customerId: IdOrCode, currency: Currency, lines: WantedLines, note: z.string().max(2000).exactOptional() })
  .meta({ id: 'NewQuotation' });

export const QuotationChange = z
  .strictObject({ lines: WantedLines.exactOptional(), note: z.string().max(2000).exactOptional() })
  .refine((change) => change.lines !== undefined || change.note !== undefined, { message: 'has to name lines or note' })
  .meta({ id: 'QuotationChange' });

export const Withdrawal = z.strictObject({ reason: Reason.exactOptional() }).default({}).meta({ id: 'Withdrawal' });

/** A line of an order in an answer; `unitPrice` is before discount and tax. */
export const OrderLine = z
  .looseObject({ lineNo: z.int(), sku: z.string(), quantity: z.int(), discountBp: z.int(), taxBp: z.int(), unitPrice: Money })
  .meta({ id: 'OrderLine' });

const head = {
  id: z.string(),
  number: z.string(),
  customerId: z.string(),
  customerCode: z.string(),
  currency: z.string(),
  note: z.string().nullable(),
  offerRevision: z.int().meta({ description: 'Counts the commercial offers made' }),
  workflowState: z.string().nullable(),
  total: Money,
  validUntil: Timestamp.nullable(),
  remindAt: Timestamp.nullable(),
  processInstanceId: z.string().nullable(),
  revision: Revision,
  createdBy: z.string(),
  createdAt: Timestamp,
  closedAt: Timestamp.nullable(),
};

/** A quotation as lists show it. */
export const QuotationItem = z.looseObject(head).meta({ id: 'QuotationItem' });

export const Quotation = z
  .looseObject({
    ...head,
    workflowContext: z.looseObject({}),
    lines: z.array(OrderLine),
    earlierOffers: z
      .array(z.looseObject({ offerRevision: z.int(), total: Money, sentAt: Timestamp.nullable(), supersededAt: Timestamp }))
      .meta({ description: 'Offers that this one took the place of, as they were sent' }),
    saleOrder: OrderLink.nullable().meta({ description: 'The phase after' }),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'Quotation' });
