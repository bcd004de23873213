import { z } from 'zod';
import { Action } from './action.ts';
import { IdOrNumber, MinorUnits, Reason, Revision, Timestamp } from './values.ts';

export const OverrideVerdict = z.strictObject({ reason: Reason }).meta({ id: 'OverrideVerdict' });

export const OverrideRevocation = z.strictObject({ reason: Reason }).meta({ id: 'OverrideRevocation' });

/** What somebody asks for by hand; what a rule stopped is asked for by the process itself. */
export const NewOverrideRequest = z
  .strictObject({
    kind: z.enum(['ADMIN', 'CREDIT']),
    subject: z.strictObject({ type: z.enum(['sale_order', 'fulfilment']), id: IdOrNumber }),
    scope: z
      .strictObject({ release: z.literal(true).exactOptional(), overcaptureMinor: MinorUnits.min(1).exactOptional() })
      .default({})
      .meta({
        description:
          'ADMIN of a fulfilment: {"release": true} lets it go although it is on hold. ADMIN of a sale order: {"overcaptureMinor"} lets it take that much beyond its total. CREDIT of a sale order in CREDIT_HOLD: {}.',
      }),
    reason: Reason.min(10),
  })
  .meta({ id: 'NewOverrideRequest' });

/** Somebody asks that a rule be set aside once; somebody else decides. */
export const OverrideRequest = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['ADMIN', 'CREDIT', 'PRICE', 'STOCK']),
    status: z.enum(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'CONSUMED', 'REVOKED']),
    subjectType: z.enum(['quotation', 'sale_order', 'fulfilment']),
    subjectId: z.string(),
    subjectNumber: z.string(),
    scope: z.looseObject({}),
    scopeAmountMinor: z.int().exactOptional(),
    reasonCode: z.string(),
    reason: z.string(),
    requestedBy: z.string(),
    requestedOnBehalfOf: z.string().exactOptional(),
    parties: z.array(z.string()).meta({ description: 'Who had a hand in what is asked for; none of them decides' }),
    requestedAt: Timestamp,
    requiredRole: z.string(),
    requiredApprovals: z.int(),
    approvals: z.int(),
    decideBy: Timestamp,
    useBy: Timestamp.exactOptional(),
    decidedAt: Timestamp.exactOptional(),
    consumedAt: Timestamp.exactOptional(),
    revokedBy: z.string().exactOptional(),
    revocationReason: z.string().exactOptional(),
    revision: Revision,
    decisions: z.array(
      z.looseObject({
        actor: z.string(),
        onBehalfOf: z.string().exactOptional(),
        decision: z.enum(['APPROVE', 'REJECT']),
        reason: z.string(),
        at: Timestamp,
      }),
    ),
    _actions: z.array(Action),
  })
  .meta({ id: 'OverrideRequest' });
