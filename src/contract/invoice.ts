import { z } from 'zod';
import { Money, OrderLink, Revision, Timestamp } from './values.ts';

export const NewInvoicePayment = z
  .strictObject({
    amountMinor: z.int().min(1),
    reference: z.string().trim().min(1).max(200).meta({ description: 'The same reference is the same money' }),
  })
  .meta({ id: 'NewInvoicePayment' });

const head = {
  id: z.string(),
  number: z.string(),
  kind: z.enum(['SHIPMENT', 'RECEIVABLE', 'CHARGEBACK', 'OPENING']).meta({
    description: 'On terms; money that did not come; money taken back; open when it was taken over from the old system',
  }),
  status: z.enum(['OPEN', 'PART_PAID', 'OVERDUE', 'SETTLED']),
  customerId: z.string(),
  customerCode: z.string(),
  saleOrder: OrderLink.nullable(),
  fulfilment: OrderLink.nullable(),
  amount: Money,
  open: Money,
  issuedAt: Timestamp,
  dueAt: Timestamp,
  revision: Revision,
};

/** An invoice as lists show it. */
export const InvoiceItem = z.looseObject(head).meta({ id: 'InvoiceItem' });

export const Invoice = z
  .looseObject({
    ...head,
    entries: z
      .array(
        z.looseObject({
          kind: z.enum(['ISSUED', 'PAID', 'FREED', 'CREDITED', 'WRITTEN_OFF']),
          amount: Money,
          reference: z.string(),
          at: Timestamp,
        }),
      )
      .meta({ description: 'open = ISSUED + FREED - PAID - CREDITED - WRITTEN_OFF' }),
  })
  .meta({ id: 'Invoice' });
