import { systemActor } from '../policies/actor.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import { takeStep } from './step.ts';
import type { Deps } from './unit.ts';

/**
 * Fires a timer that is due by the database's clock. Answers false when there is nothing to fire: its token was taken away, or somebody else was
 * first.
 * @throws Problem step-failed (an incident is recorded and the timer rests)
 */
export async function fireTimer(deps: Deps, timer: { readonly waitId: string; readonly dueAt: Date }): Promise<boolean> {
  const { body } = await perform(
    deps,
    {
      name: 'fire a timer',
      actor: systemActor('timer'),
      key: `timer:${timer.waitId}:${timer.dueAt.toISOString()}`,
      payload: { waitId: timer.waitId },
    },
    async (unit) => {
      const found = await unit.tx.one<{ instanceId: string }>(
        'select instance_id as "instanceId" from orderflow.wait where id = $1',
        [timer.waitId],
      );
      const instance = await lockInstance(unit.tx, found.instanceId);
      const wait = await unit.tx.maybeOne<{ slot: string; elementId: string }>(
        `select slot, element_id as "elementId" from orderflow.wait
          where id = $1 and kind = 'timer' and status = 'open' and due_at <= orderflow.now()`,
        [timer.waitId],
      );
      if (!wait) return { status: 200, body: { fired: false } };
      await takeStep(unit, instance, {
        command: { type: 'timer', slot: wait.slot },
        trigger: 'timer',
        wait: { id: timer.waitId, elementId: wait.elementId },
      });
      return { status: 200, body: { fired: true } };
    },
  );
  return body['fired'] === true;
}
