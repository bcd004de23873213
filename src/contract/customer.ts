import { z } from 'zod';
import { PaymentMethod } from './sale-order.ts';
import { Currency, MinorUnits, Money, Reason, Revision, Timestamp } from './values.ts';

export const Customer = z
  .looseObject({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    tier: z.enum(['STANDARD', 'GOLD']),
    status: z.enum(['ACTIVE', 'BLOCKED', 'CLOSED']),
    paymentMethod: PaymentMethod.nullable(),
    shippingPolicy: z.enum(['COMPLETE_ONLY', 'ALLOW_SPLIT', 'ASK']),
  })
  .meta({ id: 'Customer' });

const Hold = z.enum(['NONE', 'WATCH', 'HOLD', 'STOP']);
const RiskClass = z.enum(['A', 'B', 'C', 'D']);

/** A profile is replaced whole; what is taken from it stays taken. */
export const CreditProfileChange = z
  .strictObject({
    currency: Currency,
    limitMinor: MinorUnits,
    hold: Hold,
    holdReason: Reason.nullable().default(null),
    riskClass: RiskClass,
    termsDays: z.int().min(0).max(365),
  })
  .refine(({ hold, holdReason }) => hold === 'NONE' || holdReason !== null, {
    path: ['holdReason'],
    message: 'is needed for every hold but NONE',
  })
  .meta({ id: 'CreditProfileChange' });

/** What a customer may owe and owes in one currency. */
export const CreditProfile = z
  .looseObject({
    currency: z.string(),
    limit: Money,
    available: Money.meta({ description: 'limit - exposure; below zero when the exposure is beyond the limit' }),
    limitReducedAt: Timestamp.nullable().meta({ description: 'Since when the limit may be below what was taken before' }),
    exposure: Money.meta({ description: 'openOrders + unpaidInvoices - unappliedCash' }),
    openOrders: Money,
    unpaidInvoices: Money,
    unappliedCash: Money,
    overdue: Money,
    maxOverdueDays: z.int(),
    hold: Hold,
    holdReason: z.string().nullable(),
    riskClass: RiskClass,
    termsDays: z.int(),
    revision: Revision,
    snapshots: z
      .array(
        z.looseObject({
          at: Timestamp,
          saleOrder: z.string(),
          outcome: z.string(),
          limitMinor: z.int(),
          exposureMinor: z.int(),
          orderMinor: z.int(),
        }),
      )
      .meta({ description: 'The last decisions on it, newest first' }),
  })
  .meta({ id: 'CreditProfile' });

/** What a customer has bought by the end of a day. */
export const SalesAggregate = z
  .looseObject({
    asOf: z.string().meta({ format: 'date' }),
    orders: z.int(),
    sales: Money,
    firstOrderAt: Timestamp.nullable(),
    lastOrderAt: Timestamp.nullable(),
  })
  .meta({ id: 'SalesAggregate' });
