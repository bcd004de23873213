import { emit } from './events.ts';
import type { Transaction } from './transaction.ts';

/** Tells that incidents were raised or resolved; they are rare, so what there is to tell is read here. */
export async function tellIncidents(tx: Transaction, fact: 'raised' | 'resolved', ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const incidents = await tx.query<{
    incidentId: string;
    kind: string;
    message: string;
    elementId: string | null;
    fingerprint: string;
    attempts: number;
    processInstanceId: string;
    businessKey: string;
    subjectType: string | null;
    subjectId: string | null;
  }>(
    `select n.id as "incidentId", n.kind, n.message, n.element_id as "elementId", n.fingerprint, n.attempts, i.id as "processInstanceId", i.business_key as "businessKey",
            i.subject_type as "subjectType", i.subject_id as "subjectId"
       from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id where n.id = any($1) order by n.opened_at, n.id`,
    [ids],
  );
  for (const { businessKey, subjectType, subjectId, ...data } of incidents) {
    await emit(tx, {
      type: `workflow.incident-${fact}`,
      subject: { type: subjectType ?? 'process_instance', id: subjectId ?? data.processInstanceId, number: businessKey },
      data,
    });
  }
}
