import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import type { LockedOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import type { StepOutcome, Unit } from './unit.ts';

/**
 * Gives an order a message that it has to be waiting for.
 * @throws Problem wrong-state saying where the order is instead
 */
export async function tellOrder(
  unit: Unit,
  order: LockedOrder,
  message: { readonly name: string; readonly variables?: JsonObject; readonly reason?: string; readonly refusal: string },
): Promise<StepOutcome> {
  const subscription = await lockSubscription(unit.tx, message.name, order.id);
  if (!subscription) {
    throw new Problem('wrong-state', `${order.number} is ${order.workflowState}: ${message.refusal}`, {
      workflowState: order.workflowState,
      instanceId: order.instance.id,
    });
  }
  return correlate(unit, subscription, message.name, message.variables ?? {}, message.reason);
}
