import { newId } from '../../support/ids.ts';
import type { Batch, Draft, Profile } from './batch.ts';
import { grandfather, type OverrideSubject } from './override-rows.ts';
import { RecordFault } from './records.ts';

/** An invoice of an order, which has taken so much of its credit. */
export interface Invoiced {
  readonly reference: string;
  readonly amountMinor: number;
}

/**
 * The credit that an order takes: what is on terms, less what has been invoiced. The old system promised it, so it is held beyond the limit as well, with an override that
 * says so. Orders come in the order in which they were confirmed.
 */
export function holdCredit(
  batch: Batch,
  draft: Draft,
  order: OverrideSubject & {
    readonly customer: string;
    readonly currency: string;
    readonly instanceId: string;
    readonly onTermsMinor: number;
    readonly invoices: readonly Invoiced[];
    /** Open invoices of this very order; they do not count against it twice. */
    readonly ownOpenMinor: number;
    readonly status: 'HELD' | 'COMMITTED';
  },
): void {
  const { now } = batch;
  const profile = profileOf(batch, order);
  const taken = draft.holding.get(profile) ?? 0;
  const exposureMinor = profile.exposureMinor + taken - order.ownOpenMinor;
  const excessMinor = exposureMinor + order.onTermsMinor - profile.limitMinor;
  let restMinor = order.onTermsMinor;
  const invoiced = order.invoices.map(({ reference, amountMinor }) => {
    const part = Math.min(restMinor, amountMinor);
    restMinor -= part;
    return { reference, amountMinor: part };
  });
  const overrideId =
    excessMinor > 0
      ? grandfather(batch, draft, order, {
          amountMinor: excessMinor,
          reason: `${order.number} was let pass in the old system; it exceeds the limit by ${excessMinor} minor units`,
        })
      : null;
  const outcome = overrideId === null ? 'APPROVE' : 'APPROVE_WITH_OVERRIDE';
  const [recordId, snapshotId, holdId] = [newId(), newId(), newId()];
  draft.rows.add('decision_record', {
    id: recordId,
    instance_id: order.instanceId,
    instance_revision: 1,
    element_id: 'backfill',
    decision_id: 'adoption',
    deployment_id: batch.definitions.sale.deploymentId,
    inputs: { limitMinor: profile.limitMinor, exposureMinor, orderMinor: order.onTermsMinor },
    outcome: { outcome },
    matched_rules: [],
    at: now,
  });
  draft.rows.add('credit_snapshot', {
    id: snapshotId,
    credit_profile_id: profile.id,
    sale_order_id: order.subject.id,
    decision_record_id: recordId,
    outcome,
    limit_minor: profile.limitMinor,
    exposure_minor: exposureMinor,
    order_minor: order.onTermsMinor,
    override_request_id: overrideId,
    actor: 'migration',
    at: now,
  });
  draft.rows.add('credit_hold', {
    id: holdId,
    credit_profile_id: profile.id,
    sale_order_id: order.subject.id,
    amount_minor: restMinor,
    status: restMinor === 0 ? 'INVOICED' : order.status,
    override_request_id: overrideId,
    credit_snapshot_id: snapshotId,
    created_at: now,
  });
  const movement = { credit_profile_id: profile.id, credit_hold_id: holdId, at: now };
  draft.rows.add('credit_movement', {
    ...movement,
    id: newId(),
    kind: 'HELD',
    amount_minor: order.onTermsMinor,
    reference: holdId,
  });
  for (const { reference, amountMinor } of invoiced) {
    if (amountMinor > 0)
      draft.rows.add('credit_movement', { ...movement, id: newId(), kind: 'INVOICED', amount_minor: amountMinor, reference });
  }
  draft.holding.set(profile, taken + restMinor);
}

export function profileOf(
  { profiles }: Batch,
  { customer, currency }: { readonly customer: string; readonly currency: string },
): Profile {
  const profile = profiles.get(`${customer}/${currency}`);
  if (!profile) throw new RecordFault('missing', `${customer} has no credit in ${currency}`);
  return profile;
}
