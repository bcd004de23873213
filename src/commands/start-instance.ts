import { isUniqueViolation } from '../persistence/errors.ts';
import { flagsOf, withFlags } from '../persistence/flags.ts';
import { initialVariables } from '../rules/index.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Subject } from './instance.ts';
import { takeStep } from './step.ts';
import type { StepOutcome, Unit } from './unit.ts';

export interface NewInstance {
  readonly processId: string;
  /** Unique among the running instances of the process; an order's number. */
  readonly businessKey: string;
  readonly subject: Subject | null;
  /** Members that differ from the defaults of the process's variables schema. */
  readonly variables: JsonObject;
  /** What starts it, for the logs: `create`, `onQuotationApproved` ... */
  readonly trigger: string;
}

/**
 * Starts an instance of the latest version, inside the unit's transaction: it is there when that commits, and its order carries its id.
 * @throws Problem business-key-active, StepFailure
 */
export async function startInstance(unit: Unit, start: NewInstance): Promise<StepOutcome> {
  const { tx, deps, actor } = unit;
  const definition = await deps.definitions.latest(tx, start.processId);
  const flags = await flagsOf(tx);
  const variables = { ...withFlags(initialVariables(definition.variables), flags), ...start.variables };
  const id = newId();
  try {
    await tx.execute(
      `insert into orderflow.process_instance (id, process_definition_id, process_id, business_key, subject_type, subject_id, status, variables,
         flags, started_by, started_at, correlation_id)
       values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, orderflow.now(), $10)`,
      [
        id,
        definition.id,
        start.processId,
        start.businessKey,
        start.subject?.type ?? null,
        start.subject?.id ?? null,
        JSON.stringify(variables),
        JSON.stringify(flags),
        actor.id,
        tx.cause?.correlationId ?? id,
      ],
    );
  } catch (error) {
    if (!isUniqueViolation(error, 'process_instance_active_key')) throw error;
    throw new Problem(
      'business-key-active',
      `An instance of ${start.processId} with the business key ${start.businessKey} is running.`,
    );
  }
  if (tx.cause) tx.cause.correlationId ??= id;
  if (start.subject) {
    await tx.execute(`update orderflow.${start.subject.type} set process_instance_id = $2 where id = $1`, [start.subject.id, id]);
  }
  const instance = {
    id,
    processDefinitionId: definition.id,
    processId: start.processId,
    businessKey: start.businessKey,
    subject: start.subject,
    status: 'running' as const,
    revision: 0,
    state: null,
    variables,
    logHead: null,
    suspendedAt: null,
  };
  return takeStep(unit, instance, { command: { type: 'start', variables }, trigger: start.trigger });
}
