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
    lines: z.array(z.looseObject({ lineNo: z.int(), sku: z.string(), quantity: z.int() })),
    waits: z.array(Wait),
    _actions: z.array(Action),
  })
  .meta({ id: 'Fulfilment' });
