import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { SaleOrder } from './entities/index.ts';
import { tellIncidents } from './incident-events.ts';
import type { Transaction } from './transaction.ts';

/**
 * Money that cannot go where it has to by itself stays visible until it has: `late-money` for finance to transfer by hand, `stuck` while the reconciler still asks.
 * One open incident for each movement. A sale that was never run by a process (an adopted one) has nothing to show it on; the audit names the row.
 */
export async function openMoneyIncident(
  tx: Transaction,
  sale: Pick<SaleOrder, 'processInstanceId'>,
  incident: {
    readonly paymentId: string;
    readonly kind: 'late-money' | 'stuck';
    readonly message: string;
    readonly details: JsonObject;
  },
): Promise<void> {
  if (sale.processInstanceId === null) return;
  const [open] = await tx.query<{ id: string; isNew: boolean }>(
    `insert into orderflow.incident (id, instance_id, payment_id, kind, message, details, opened_at) values ($1, $2, $3, $4, $5, $6, orderflow.now())
     on conflict (payment_id) where resolved_at is null and payment_id is not null do update set kind = excluded.kind, message = excluded.message
     returning id, xmax = 0 as "isNew"`,
    [newId(), sale.processInstanceId, incident.paymentId, incident.kind, incident.message, JSON.stringify(incident.details)],
  );
  if (open?.isNew === true) await tellIncidents(tx, 'raised', [open.id]);
}

/** The money has gone where it had to. */
export async function resolveMoneyIncident(tx: Transaction, paymentId: string, by: string): Promise<void> {
  const resolved = await tx.query<{ id: string }>(
    'update orderflow.incident set resolved_at = orderflow.now(), resolved_by = $2 where payment_id = $1 and resolved_at is null returning id',
    [paymentId, by],
  );
  await tellIncidents(
    tx,
    'resolved',
    resolved.map((incident) => incident.id),
  );
}
