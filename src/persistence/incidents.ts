import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { tellIncidents } from './incident-events.ts';
import type { Transaction } from './transaction.ts';

export type IncidentKind = 'job-failed' | 'step-failed' | 'call-failed' | 'stuck' | 'late-money' | 'stranded';

export interface NewIncident {
  readonly instanceId: string;
  readonly kind: IncidentKind;
  /** What was wrong and where; ids and figures in it do not count for its cause. */
  readonly message: string;
  readonly elementId?: string | null;
  readonly waitId?: string | null;
  readonly messageId?: string | null;
  /** The movement of money that it is about. */
  readonly paymentId?: string | null;
  readonly details: JsonObject;
}

/**
 * Opens an incident, and tells of it. There is one open incident for each wait and each movement of money: what fails again after somebody let it try
 * opens the same incident again, with one more attempt in vain. Answers its id.
 */
export async function raiseIncident(tx: Transaction, incident: NewIncident): Promise<string> {
  const { instanceId, kind, message, elementId = null, waitId = null, messageId = null, paymentId = null, details } = incident;
  const existing =
    paymentId !== null
      ? '(payment_id) where resolved_at is null and payment_id is not null'
      : '(wait_id) where resolved_at is null';
  const row = await tx.one<{ id: string; isNews: boolean }>(
    `with before as (select id, retried_at is not null as retried from orderflow.incident
                      where resolved_at is null and (wait_id = $3 or payment_id = $5)),
          raised as (insert into orderflow.incident (id, instance_id, wait_id, message_id, payment_id, kind, element_id, message, details, opened_at)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, orderflow.now())
                     on conflict ${existing} do update
                        set kind = excluded.kind, message = excluded.message, element_id = excluded.element_id, details = excluded.details,
                            message_id = coalesce(excluded.message_id, incident.message_id), failed_at = orderflow.now(),
                            attempts = incident.attempts + (incident.retried_at is not null)::int, retried_at = null
                     returning id)
     select raised.id, coalesce((select before.retried from before where before.id = raised.id), true) as "isNews" from raised`,
    [newId(), instanceId, waitId, messageId, paymentId, kind, elementId, message, JSON.stringify(details)],
  );
  if (row.isNews) await tellIncidents(tx, 'raised', [row.id]);
  return row.id;
}

/** Closes incidents that no step of a wait closes: money that has gone where it had to, work that is no longer stranded. */
export async function resolveIncidents(
  tx: Transaction,
  which: { readonly paymentId: string } | { readonly ids: readonly string[] },
  by: string,
): Promise<void> {
  const [condition, value] = 'ids' in which ? ['id = any($1)', which.ids] : ['payment_id = $1', which.paymentId];
  const resolved = await tx.query<{ id: string }>(
    `update orderflow.incident set resolved_at = orderflow.now(), resolved_by = $2 where ${condition} and resolved_at is null returning id`,
    [value, by],
  );
  await tellIncidents(
    tx,
    'resolved',
    resolved.map((incident) => incident.id),
  );
}
