import { z } from 'zod';
import { Action } from './action.ts';
import { Reason, Revision, Timestamp } from './values.ts';

export const OverrideVerdict = z.strictObject({ reason: Reason }).meta({ id: 'OverrideVerdict' });

/** Somebody asks that a rule be set aside once; somebody else decides. */
export const OverrideRequest = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['ADMIN', 'CREDIT', 'PRICE', 'STOCK']),
    status: z.enum(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'CONSUMED']),
    subjectType: z.enum(['quotation', 'sale_order', 'fulfilment']),
    subjectId: z.string(),
    subjectNumber: z.string(),
    scope: z.looseObject({}),
    scopeAmountMinor: z.int().exactOptional(),
    reasonCode: z.string(),
    reason: z.string(),
    requestedBy: z.string(),
    requestedAt: Timestamp,
    requiredRole: z.string(),
    requiredApprovals: z.int(),
    approvals: z.int(),
    decideBy: Timestamp,
    useBy: Timestamp.exactOptional(),
    decidedAt: Timestamp.exactOptional(),
    consumedAt: Timestamp.exactOptional(),
    revision: Revision,
    decisions: z.array(
      z.looseObject({ actor: z.string(), decision: z.enum(['APPROVE', 'REJECT']), reason: z.string(), at: Timestamp }),
    ),
    _actions: z.array(Action),
  })
  .meta({ id: 'OverrideRequest' });
