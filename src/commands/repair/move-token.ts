import { violatedCheck } from '../../persistence/errors.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { nearestName } from '../../rules/index.ts';
import { readInstance } from '../../queries/process-instance.ts';
import { Problem } from '../../support/errors.ts';
import type { JsonObject } from '../../support/json.ts';
import { revised } from '../answer.ts';
import type { Definition } from '../definitions.ts';
import { perform } from '../perform.ts';
import { takeStep, type StepRequest } from '../step.ts';
import type { Deps, Performed, Request, Unit } from '../unit.ts';
import type { LockedInstance } from '../instance.ts';
import { mustBeDeclared } from './declared-variables.ts';
import { lockForRepair, openWaitOf, type Repair } from './lock-for-repair.ts';
import { warningsOfMove, type Warning } from './warnings.ts';

interface Move extends Repair {
  /** The wait whose token is taken away; left out: one token more. */
  readonly fromWaitId?: string;
  readonly toElementId: string;
  /** Set before the token moves. */
  readonly variables?: JsonObject;
}

/**
 * Takes a token from where it waits and puts one before another element, which is entered as if a flow had led there: by hand, for a reason, as a step like any other.
 * What the way in between would have done is not done; the answer warns of it.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch, task-not-open, validation-failed, step-failed when the process cannot stand so
 */
export const moveToken = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Move): Promise<Performed> =>
  perform(deps, { ...request, name: 'move a token', payload: { ...input } }, async (unit) => {
    const instance = await lockForRepair(unit, input);
    const definition = await deps.definitions.byId(unit.tx, instance.processDefinitionId);
    const { fromWaitId, toElementId, variables = {}, reason } = input;
    mustBeElement(definition, toElementId);
    mustBeDeclared(definition, variables);
    const from = fromWaitId === undefined ? null : await openWaitOf(unit.tx, instance, fromWaitId);
    const warnings = await warningsOfMove(unit.tx, { instance, definition, from, to: toElementId });
    const command = { type: 'move', ...(from && { from: from.slot }), to: toElementId, variables } as const;
    return repairStep(unit, instance, { command, trigger: 'move', elementId: toElementId, reason }, warnings);
  });

interface Drop extends Repair {
  readonly waitId: string;
}

/** Takes a token away from where it waits; the rest of the instance goes on. @throws as `moveToken`; step-failed when nothing would be left to wait for */
export const dropWait = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Drop): Promise<Performed> =>
  perform(deps, { ...request, name: 'drop a wait', payload: { ...input } }, async (unit) => {
    const instance = await lockForRepair(unit, input);
    const definition = await deps.definitions.byId(unit.tx, instance.processDefinitionId);
    const from = await openWaitOf(unit.tx, instance, input.waitId);
    const warnings = await warningsOfMove(unit.tx, { instance, definition, from, to: null });
    const command = { type: 'drop', slot: from.slot } as const;
    return repairStep(unit, instance, { command, trigger: 'drop', elementId: from.elementId, reason: input.reason }, warnings);
  });

interface VariablesChange extends Repair {
  readonly variables: JsonObject;
  /** Slot of the scope whose own variables are meant; the instance's when left out. */
  readonly scope?: string;
}

/**
 * Changes variables by hand; those that are not named stay as they are. Conditional events look again.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch, validation-failed by the declaration of the process, step-failed
 */
export const changeVariables = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: VariablesChange,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change variables', payload: { ...input } }, async (unit) => {
    const instance = await lockForRepair(unit, input);
    const { variables, scope, reason } = input;
    // what a scope has of its own comes from mappings, and is declared by nobody
    if (scope === undefined) mustBeDeclared(await deps.definitions.byId(unit.tx, instance.processDefinitionId), variables);
    else await mustBeScope(unit.tx, instance, scope);
    const command = { type: 'variables', variables, ...(scope !== undefined && { scope }) } as const;
    return repairStep(unit, instance, { command, trigger: 'variables', reason }, []);
  });

/**
 * Takes the step, also of an instance that rests, and answers the instance as it stands then. The rows of an order know what each of its states needs; a move into a
 * state whose needs nobody has met is refused by them.
 */
async function repairStep(unit: Unit, instance: LockedInstance, step: StepRequest, warnings: readonly Warning[]) {
  try {
    await takeStep(unit, instance, { ...step, whileSuspended: true });
  } catch (error) {
    const rule = violatedCheck(error);
    if (rule === undefined) throw error;
    const detail =
      `${instance.businessKey} cannot come into the state that this would bring it to: its own rows lack what that takes (${rule}). ` +
      'Do first what the ways that are left out would have done, or move the token to before them.';
    throw new Problem('wrong-state', detail, { instanceId: instance.id, warnings: [...warnings] }, { cause: error });
  }
  return revised(200, { ...(await readInstance(unit.tx, instance.id)), warnings });
}

/** A scope is where somebody waits, or what is around it. @throws Problem validation-failed, naming those that there are */
async function mustBeScope(tx: Transaction, { id, locals }: LockedInstance, scope: string): Promise<void> {
  const waits = await tx.query<{ slot: string }>(`select slot from orderflow.wait where instance_id = $1 and status = 'open'`, [
    id,
  ]);
  const around = waits.flatMap(({ slot }) => slot.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')));
  const scopes = [...new Set([...around, ...Object.keys(locals)])].sort();
  if (scopes.includes(scope)) return;
  const message = `The instance has no scope ${scope} now; there are ${scopes.join(', ')}`;
  throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/scope', message }] });
}

function mustBeElement({ process, version }: Definition, elementId: string): void {
  if (process.elements.has(elementId)) return;
  const near = nearestName(elementId, [...process.elements.keys()]);
  const message = `${process.processId} (version ${version}) has no element ${elementId}${near === undefined ? '' : `; did you mean ${near}?`}`;
  throw new Problem('validation-failed', `${message}.`, { errors: [{ pointer: '/toElementId', message }] });
}
