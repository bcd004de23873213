import { z } from 'zod';
import { Action } from './action.ts';
import { Money, OrderLink, Quantity, Revision, Timestamp } from './values.ts';
import { Wait } from './wait.ts';

const Reason = z.enum(['WRONG_ITEM', 'DAMAGED_IN_TRANSIT', 'DEFECT', 'CHANGED_MIND']).meta({ id: 'ReturnReason' });

export const NewReturn = z
  .strictObject({
    lines: z
      .array(z.strictObject({ lineNo: z.int().min(1).meta({ description: 'Line of the sale order' }), quantity: Quantity }))
      .min(1)
      .max(1000),
    reason: Reason,
  })
  .meta({ id: 'NewReturn' });

const head = {
  id: z.string(),
  number: z.string(),
  fulfilment: OrderLink.meta({ description: 'The phase before' }),
  saleOrder: OrderLink,
  workflowState: z.string().nullable(),
  reason: Reason,
  requestedBy: z.string(),
  requestedAt: Timestamp,
  rmaNumber: z.string().nullable().meta({ description: 'Number on the label' }),
  rmaExpiresAt: Timestamp.nullable(),
  receivedAt: Timestamp.nullable(),
  refund: Money,
  processInstanceId: z.string().nullable(),
  revision: Revision,
  closedAt: Timestamp.nullable(),
};

/** A return as lists show it. */
export const ReturnItem = z.looseObject(head).meta({ id: 'ReturnItem' });

export const Return = z
  .looseObject({
    ...head,
    workflowContext: z.looseObject({}),
    lines: z.array(
      z.looseObject({
        lineNo: z.int(),
        sku: z.string(),
        requested: z.int(),
        accepted: z.int(),
        good: z.int().meta({ description: 'Of these, what can be sold again' }),
      }),
    ),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'Return' });
