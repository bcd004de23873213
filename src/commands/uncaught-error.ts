import { catchesError, StepFailed } from '../engine/index.ts';
import type { Advance } from '../engine/types.ts';
import { StepFailure } from './incidents.ts';
import type { LockedInstance } from './instance.ts';
import type { Unit } from './unit.ts';

/**
 * An instance may end by a BPMN error only when an event at one of the calls above it catches that: otherwise nothing could be done about it any more, so the step
 * is not taken, and whoever took it is told. The callers are read and not locked; which events a diagram has does not change.
 * @throws StepFailure
 */
export async function refuseUncaught(
  unit: Unit,
  instance: LockedInstance,
  request: StepFailure['request'],
  { error }: Advance,
): Promise<void> {
  if (!error || (await isCaughtAbove(unit, instance, error.code))) return;
  const where =
    instance.parentWaitId === null ? 'and nobody has called this process' : 'neither here nor where this process was called';
  const said = error.message.includes(error.code) ? '' : ` (${error.message})`;
  const text = `nothing catches the BPMN error ${error.code}${said}, ${where}.`;
  throw new StepFailure(instance, request, new StepFailed(error.elementId, text));
}

async function isCaughtAbove({ tx, deps }: Unit, { id, parentWaitId }: LockedInstance, code: string): Promise<boolean> {
  if (parentWaitId === null) return false;
  const calls = await tx.query<{ definitionId: string; elementId: string }>(
    `with recursive above as (
       select i.parent_instance_id, i.parent_wait_id from orderflow.process_instance i where i.id = $1
       union all
       select i.parent_instance_id, i.parent_wait_id from above a join orderflow.process_instance i on i.id = a.parent_instance_id)
     select i.process_definition_id as "definitionId", w.element_id as "elementId"
       from above a join orderflow.process_instance i on i.id = a.parent_instance_id join orderflow.wait w on w.id = a.parent_wait_id`,
    [id],
  );
  for (const { definitionId, elementId } of calls) {
    const { process } = await deps.definitions.byId(tx, definitionId);
    if (catchesError(process, elementId, code)) return true;
  }
  return false;
}
