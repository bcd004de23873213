import { z } from 'zod';
import { Action } from './action.ts';
import { OrderLine, WantedLines } from './quotation.ts';
import { Currency, IdOrCode, Money, OrderLink, Quantity, Reason, Revision, Timestamp } from './values.ts';
import { Wait } from './wait.ts';

/** TERMS: all on account. DEPOSIT: a part now. PREPAY and CARD: all now. */
export const PaymentMethod = z.enum(['TERMS', 'DEPOSIT', 'PREPAY', 'CARD']).meta({ id: 'PaymentMethod' });

export const NewSaleOrder = z
  .strictObject({
    customerId: IdOrCode,
    currency: Currency,
    lines: WantedLines,
    paymentMethod: PaymentMethod.exactOptional().meta({ description: 'Left out: as agreed with the customer' }),
  })
  .meta({ id: 'NewSaleOrder' });

/** The quantities that lines are to have; lines that are not named stay as they are. */
export const SaleOrderChange = z
  .strictObject({
    lines: z
      .array(z.strictObject({ lineNo: z.int().min(1), quantity: z.union([z.literal(0), Quantity]) }))
      .min(1)
      .max(500)
      .meta({ description: 'Quantity 0 takes a line out' }),
    reason: Reason,
  })
  .meta({ id: 'SaleOrderChange' });

export const Cancellation = z.strictObject({ reason: Reason }).meta({ id: 'Cancellation' });

export const PaymentMethodChoice = z.strictObject({ method: PaymentMethod }).meta({ id: 'PaymentMethodChoice' });

export const NewCapture = z
  .strictObject({
    amountMinor: z.int().min(1),
    currency: Currency,
    reference: z.string().trim().min(1).max(200).meta({ description: 'The same reference is the same money' }),
    occurredAt: z.iso.datetime().exactOptional().meta({ description: 'Left out: now' }),
  })
  .meta({ id: 'NewCapture' });

export const NewRefund = z
  .strictObject({
    amountMinor: z.int().min(1),
    reason: Reason,
    reference: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .exactOptional()
      .meta({ description: 'Of a transfer that was made by hand. Left out: the provider is asked to give it back' }),
  })
  .meta({ id: 'NewRefund' });

/** A movement of money, or the wish for one. */
const Payment = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['INTENT', 'AUTH', 'CAPTURE', 'REFUND', 'VOID', 'REVERSAL', 'SETTLEMENT']),
    provider: z.string().meta({ description: '`manual`: recorded by hand' }),
    status: z.enum(['REQUESTED', 'PENDING', 'SUCCEEDED', 'FAILED', 'UNKNOWN', 'REVERSED']),
    reference: z.string(),
    amount: Money,
    applied: Money.meta({ description: 'The part that counts for the order' }),
    failureCode: z.string().nullable(),
    reason: z.string().nullable(),
    occurredAt: Timestamp,
  })
  .meta({ id: 'Payment' });

const head = {
  id: z.string(),
  number: z.string(),
  customerId: z.string(),
  customerCode: z.string(),
  currency: z.string(),
  workflowState: z.string().nullable(),
  paymentStatus: z.enum(['NONE', 'PARTIAL', 'COVERED', 'OVERPAID']),
  fulfilmentStatus: z.enum(['NONE', 'PARTIAL', 'SHIPPED', 'DELIVERED']),
  returnStatus: z.enum(['NONE', 'REQUESTED', 'PARTIAL', 'RETURNED']),
  paymentMethod: PaymentMethod.nullable(),
  total: Money,
  onTerms: Money,
  prepay: Money,
  captured: Money,
  refunded: Money,
  unapplied: Money,
  overcaptureAllowed: Money.meta({ description: 'How much may be taken beyond the total, by an override' }),
  processInstanceId: z.string().nullable(),
  revision: Revision,
  createdBy: z.string(),
  createdAt: Timestamp,
  clearedAt: Timestamp.nullable(),
  closedAt: Timestamp.nullable(),
};

/** A sale order as lists show it. */
export const SaleOrderItem = z.looseObject(head).meta({ id: 'SaleOrderItem' });

export const SaleOrder = z
  .looseObject({
    ...head,
    workflowContext: z.looseObject({}),
    cancelReason: z.string().nullable(),
    lines: z.array(OrderLine),
    quotation: OrderLink.nullable().meta({ description: 'The phase before' }),
    fulfilments: z.array(OrderLink).meta({ description: 'The phase after' }),
    payments: z.array(Payment).meta({ description: 'The ledger, oldest first' }),
    invoices: z.array(
      z.looseObject({ id: z.string(), number: z.string(), kind: z.string(), amount: Money, open: Money, dueAt: Timestamp }),
    ),
    overrideRequests: z.array(z.looseObject({ id: z.string(), kind: z.string(), status: z.string() })),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'SaleOrder' });

const TimelineEntry = z.looseObject({
  at: Timestamp,
  phase: z.enum(['quotation', 'sale_order', 'fulfilment', 'return_request']),
  number: z.string(),
  sequence: z.int(),
  from: z.string().exactOptional(),
  to: z.string(),
  actor: z.string(),
  onBehalfOf: z.string().exactOptional(),
  trigger: z.string(),
  elementId: z.string().exactOptional().meta({ description: 'Left out for what the old system did' }),
  reason: z.string().exactOptional(),
  decisions: z
    .array(
      z.looseObject({
        decisionId: z.string(),
        inputs: z.looseObject({}).exactOptional().meta({ description: 'Left out for those who may not read them: of credit' }),
        matchedRules: z.array(z.int()).exactOptional().meta({ description: 'Left out together with the inputs' }),
      }),
    )
    .exactOptional(),
});

/** What happened to an order over all its phases, in that order. */
export const Timeline = z.looseObject({ saleOrder: OrderLink, items: z.array(TimelineEntry) }).meta({ id: 'Timeline' });
