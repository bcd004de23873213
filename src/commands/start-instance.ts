import { isUniqueViolation } from '../persistence/errors.ts';
import { flagsOf, withFlags, type Flags } from '../persistence/flags.ts';
import { initialVariables } from '../rules/index.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Subject } from './instance.ts';
import { takeStep } from './step.ts';
import { refuseRestingDefinition } from './suspended-work.ts';
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
  /** The version to run; the latest when left out. */
  readonly definitionId?: string;
  /** Where it begins; at the start event without a trigger when left out. */
  readonly startEvent?: string;
  /** The call that it is started for (commands/start-called). */
  readonly parent?: Parent;
}

/** Who called an instance. */
export interface Parent {
  readonly instanceId: string;
  /** The wait of the call activity. */
  readonly waitId: string;
  /** How many callers the caller itself has above it. */
  readonly depth: number;
  /** An instance goes on with the flags of its start, and so does what it calls. */
  readonly flags: Flags;
}

/**
 * Starts an instance, of the latest version unless told which, inside the unit's transaction: it is there when that commits, and its order carries its id.
 * @throws Problem business-key-active, StepFailure
 */
export async function startInstance(unit: Unit, start: NewInstance): Promise<StepOutcome> {
  const { tx, deps, actor } = unit;
  const { parent, startEvent } = start;
  const definition = await (start.definitionId === undefined
    ? deps.definitions.latest(tx, start.processId)
    : deps.definitions.byId(tx, start.definitionId));
  await refuseRestingDefinition(tx, definition);
  const flags = parent?.flags ?? (await flagsOf(tx));
  const variables = { ...withFlags(initialVariables(definition.variables), flags), ...start.variables };
  const id = newId();
  try {
    await tx.execute(
      `insert into orderflow.process_instance (id, process_definition_id, process_id, business_key, subject_type, subject_id, status, variables,
         flags, started_by, started_at, correlation_id, parent_instance_id, parent_wait_id, call_depth)
       values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, orderflow.now(), $10, $11, $12, $13)`,
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
        parent?.instanceId ?? null,
        parent?.waitId ?? null,
        parent ? parent.depth + 1 : 0,
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
    locals: {},
    logHead: null,
    parentWaitId: parent?.waitId ?? null,
    suspendedAt: null,
    ownSuspendedAt: null,
  };
  return takeStep(unit, instance, {
    command: { type: 'start', variables, ...(startEvent !== undefined && { startEvent }) },
    trigger: start.trigger,
  });
}
