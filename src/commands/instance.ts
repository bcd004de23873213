import type { Transaction } from '../persistence/transaction.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** The order that an instance moves. */
export interface Subject {
  readonly type: 'quotation' | 'sale_order' | 'fulfilment';
  readonly id: string;
}

/** An instance whose row this transaction holds; every command locks it before it looks at anything else of the instance. */
export interface LockedInstance {
  readonly id: string;
  readonly processDefinitionId: string;
  readonly processId: string;
  readonly businessKey: string;
  readonly subject: Subject | null;
  readonly status: 'running' | 'completed' | 'cancelled';
  readonly revision: number;
  /** Canonical engine state; null before the first and after the last step. */
  readonly state: string | null;
  readonly variables: JsonObject;
  /** Hash of the last step row, the head of the chain. */
  readonly logHead: string | null;
}

interface InstanceRow extends Omit<LockedInstance, 'subject'> {
  readonly subjectType: Subject['type'] | null;
  readonly subjectId: string | null;
}

/** @throws Problem not-found */
export async function lockInstance(tx: Transaction, id: string): Promise<LockedInstance> {
  const row = await tx.maybeOne<InstanceRow>(
    `select i.id, i.process_definition_id as "processDefinitionId", i.process_id as "processId", i.business_key as "businessKey",
            i.subject_type as "subjectType", i.subject_id as "subjectId", i.status, i.revision, s.state, i.variables, i.log_head as "logHead"
       from orderflow.process_instance i
       left join orderflow.engine_state s on s.process_definition_id = i.process_definition_id and s.hash = i.state_hash
      where i.id = $1
        for update of i`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  const { subjectType, subjectId, ...instance } = row;
  return { ...instance, subject: subjectType && subjectId ? { type: subjectType, id: subjectId } : null };
}
