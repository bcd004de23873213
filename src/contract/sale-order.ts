import { z } from 'zod';
import { Action } from './action.ts';
import { OrderLine, WantedLines } from './quotation.ts';
import { Currency, IdOrCode, Money, OrderLink, Reason, Revision, Timestamp } from './values.ts';
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

const head = {
  id: z.string(),
  number: z.string(),
  customerId: z.string(),
  customerCode: z.string(),
  currency: z.string(),
  workflowState: z.string().nullable(),
  paymentStatus: z.enum(['NONE', 'PARTIAL', 'COVERED', 'OVERPAID']),
  paymentMethod: PaymentMethod.nullable(),
  total: Money,
  onTerms: Money,
  prepay: Money,
  captured: Money,
  refunded: Money,
  unapplied: Money,
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
    overrideRequests: z.array(z.looseObject({ id: z.string(), kind: z.string(), status: z.string() })),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'SaleOrder' });

const TimelineEntry = z.looseObject({
  at: Timestamp,
  phase: z.enum(['quotation', 'sale_order', 'fulfilment']),
  number: z.string(),
  sequence: z.int(),
  from: z.string().exactOptional(),
  to: z.string(),
  actor: z.string(),
  onBehalfOf: z.string().exactOptional(),
  trigger: z.string(),
  elementId: z.string(),
  reason: z.string().exactOptional(),
  decisions: z
    .array(z.looseObject({ decisionId: z.string(), inputs: z.looseObject({}), matchedRules: z.array(z.int()) }))
    .exactOptional(),
});

/** What happened to an order over all its phases, in that order. */
export const Timeline = z.looseObject({ saleOrder: OrderLink, items: z.array(TimelineEntry) }).meta({ id: 'Timeline' });
