import type { Locals } from '../engine/types.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** The order that an instance moves. */
export interface Subject {
  readonly type: 'quotation' | 'sale_order' | 'fulfilment' | 'return_request';
  readonly id: string;
}

/** An instance whose row this transaction holds; every command locks it before it looks at anything else of the instance. */
export interface LockedInstance {
  readonly id: string;
  readonly processDefinitionId: string;
  readonly processId: string;
  readonly businessKey: string;
  readonly subject: Subject | null;
  /** `failed`: ended by a BPMN error that its caller is told of. */
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed';
  /** The wait of a call activity that it was started for. */
  readonly parentWaitId: string | null;
  readonly revision: number;
  /** Canonical engine state; null before the first and after the last step. */
  readonly state: string | null;
  readonly variables: JsonObject;
  /** Variables that only one scope sees, by the slot of the scope. */
  readonly locals: Locals;
  /** Hash of the last step row, the head of the chain. */
  readonly logHead: string | null;
  /** Since when it rests, if it does: by itself (commands/suspend-instance), or because its process or its version of it does. */
  readonly suspendedAt: Date | null;
  /** Since when it rests by itself. */
  readonly ownSuspendedAt: Date | null;
}

interface InstanceRow extends Omit<LockedInstance, 'subject' | 'state'> {
  readonly stateHash: string | null;
  readonly correlationId: string | null;
  readonly subjectType: Subject['type'] | null;
  readonly subjectId: string | null;
}

/** @throws Problem not-found */
export async function lockInstance(tx: Transaction, id: string): Promise<LockedInstance> {
  const row = await tx.maybeOne<InstanceRow>(
    `select i.id, i.process_definition_id as "processDefinitionId", i.process_id as "processId", i.business_key as "businessKey",
            i.subject_type as "subjectType", i.subject_id as "subjectId", i.status, i.revision, i.state_hash as "stateHash", i.variables, i.locals,
            i.log_head as "logHead", i.parent_wait_id as "parentWaitId", i.suspended_at as "ownSuspendedAt", i.correlation_id as "correlationId",
            coalesce(i.suspended_at, (select min(s.suspended_at) from orderflow.suspension s
                                       where s.resumed_at is null and (s.kind, s.ref) in (('process', i.process_id), ('definition', i.process_definition_id::text)))) as "suspendedAt"
       from orderflow.process_instance i
      where i.id = $1
        for no key update`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no process instance ${id}.`);
  const { subjectType, subjectId, correlationId, stateHash, ...instance } = row;
  if (tx.cause) tx.cause.correlationId ??= correlationId ?? instance.id;
  const state = stateHash === null ? null : await stateOf(tx, row.processDefinitionId, stateHash);
  return { ...instance, state, subject: subjectType && subjectId ? { type: subjectType, id: subjectId } : null };
}

/**
 * A statement of its own: who has waited for the lock sees the row as it was left, but of every other table what was there before the wait (READ COMMITTED), and
 * that has not the state which the row now names.
 */
const stateOf = async (tx: Transaction, definitionId: string, hash: string): Promise<string> =>
  (
    await tx.one<{ state: string }>('select state from orderflow.engine_state where process_definition_id = $1 and hash = $2', [
      definitionId,
      hash,
    ])
  ).state;

/** An instance that rests takes no step. @throws Problem suspended */
export function refuseSuspended({
  id,
  businessKey,
  suspendedAt,
}: Pick<LockedInstance, 'id' | 'businessKey' | 'suspendedAt'>): void {
  if (suspendedAt === null) return;
  throw new Problem(
    'suspended',
    `${businessKey} is suspended since ${suspendedAt.toISOString()}. Resume it first: its process instance, its process, or its version (GET /v1/suspensions).`,
    {
      instanceId: id,
      suspendedAt,
    },
  );
}
