import { z } from 'zod';
import { Action } from './action.ts';
import { OrderLink, Revision, Timestamp } from './values.ts';
import { Wait } from './wait.ts';

const head = {
  id: z.string(),
  number: z.string(),
  saleOrder: OrderLink,
  location: z.string(),
  workflowState: z.string().nullable(),
  backorderOfId: z.string().nullable(),
  carrier: z.string().nullable(),
  tracking: z.string().nullable(),
  shippedAt: Timestamp.nullable(),
  deliveredAt: Timestamp.nullable(),
  returnWindowEndsAt: Timestamp.nullable(),
  cancelRequestedAt: Timestamp.nullable(),
  processInstanceId: z.string().nullable(),
  revision: Revision,
  createdAt: Timestamp,
  closedAt: Timestamp.nullable(),
};

/** A fulfilment as lists show it. */
export const FulfilmentItem = z.looseObject(head).meta({ id: 'FulfilmentItem' });

export const Fulfilment = z
  .looseObject({
    ...head,
    workflowContext: z.looseObject({}),
    cancelReason: z.string().nullable(),
    lines: z.array(
      z.looseObject({
        lineNo: z.int(),
        sku: z.string(),
        quantity: z.int(),
        picked: z.int().nullable().meta({ description: 'What the picker found; null until then' }),
        allocated: z.int().meta({ description: 'Promised from stock' }),
        returnable: z.int().meta({ description: 'What may still come back' }),
      }),
    ),
    backorders: z.array(OrderLink).meta({ description: 'Shipments of what is missing here' }),
    returns: z.array(OrderLink).meta({ description: 'The phase after' }),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'Fulfilment' });
