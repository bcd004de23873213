import { noteFailedDelivery } from '../persistence/failed-starts.ts';
import { finishDelivery, lockSignalStart, readDelivery, receivingWait, type Delivery } from '../persistence/signals.ts';
import { systemActor } from '../policies/actor.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { startInstance } from './start-instance.ts';
import { takeStep } from './step.ts';
import type { Deps, Unit } from './unit.ts';

/**
 * Gives a signal to one of those whom it has to reach, as a command of its own: once, however often it is asked. Answers false when nothing came of it: the token
 * has gone meanwhile, or the instance rests, or its step failed (an incident says so, and the delivery waits until that is tried again).
 */
export async function deliverSignal(deps: Deps, deliveryId: string): Promise<boolean> {
  const request = {
    name: 'deliver a signal',
    actor: systemActor('signal'),
    key: `signal:${deliveryId}`,
    payload: { deliveryId },
  };
  try {
    const { body } = await perform(deps, request, async (unit) => {
      const delivery = await readDelivery(unit.tx, deliveryId);
      const isDelivered = delivery !== undefined && (await deliver(unit, deliveryId, delivery));
      return { status: 200, body: { delivered: isDelivered } };
    });
    return body['delivered'] === true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== 'suspended') await noteFailedDelivery(deps.database, deliveryId, error.message);
    return false;
  }
}

async function deliver(unit: Unit, id: string, delivery: Delivery): Promise<boolean> {
  const { tx } = unit;
  const outcome =
    delivery.processId === null ? await toWait(unit, delivery) : await toProcess(unit, id, delivery.processId, delivery);
  if ((await finishDelivery(tx, id, outcome)) === 0)
    throw new ImpossibleState(`the signal's delivery ${id} was made under our lock`);
  return outcome.waitId !== undefined || outcome.startedInstanceId !== undefined;
}

async function toWait(unit: Unit, delivery: Delivery): Promise<{ waitId?: string; startedInstanceId?: string }> {
  const instance = await lockInstance(unit.tx, delivery.instanceId ?? '');
  const wait = await receivingWait(unit.tx, delivery);
  if (!wait) return {};
  await takeStep(unit, instance, {
    // the variables of an order are its jobs' and tasks' business
    command: { type: 'signal', slot: delivery.slot ?? '', variables: instance.subject === null ? delivery.variables : {} },
    trigger: `signal:${delivery.name}`,
    wait,
  });
  return { waitId: wait.id };
}

async function toProcess(
  unit: Unit,
  id: string,
  processId: string,
  { name, variables }: Delivery,
): Promise<{ waitId?: string; startedInstanceId?: string }> {
  const start = await lockSignalStart(unit.tx, processId, name);
  if (!start) return {};
  const { elementId: startEvent, definitionId } = start;
  const { instanceId } = await startInstance(unit, {
    processId,
    definitionId,
    businessKey: `${name}@${id}`,
    subject: null,
    variables,
    startEvent,
    trigger: `signal:${name}`,
  });
  return { startedInstanceId: instanceId };
}
