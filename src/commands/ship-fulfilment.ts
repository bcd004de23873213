import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readFulfilmentView } from '../queries/fulfilment.ts';
import { Problem } from '../support/errors.ts';
import { completeTaskStep } from './complete-user-task.ts';
import { lockOrder } from './lock-order.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { Deps, Performed, Request } from './unit.ts';
import { lockTask } from './user-task.ts';

/** Picks and packs all open lines at once: completes the tasks PICKING and PACKING, or the one that is left. @throws Problem forbidden, not-found, wrong-state */
export const shipFulfilment = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly fulfilmentId: string; readonly ifRevision?: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'ship a fulfilment', payload: { ...input } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['ship a fulfilment'], 'ship a fulfilment');
    const order = await lockOrder(unit.tx, 'fulfilment', input.fulfilmentId, input.ifRevision);
    for (let completed = 0; ; completed++) {
      const open = await unit.tx.maybeOne<{ id: string }>(
        `select id from orderflow.wait where instance_id = $1 and kind = 'user' and status = 'open' and form_id in ('pick', 'pack')`,
        [order.instance.id],
      );
      if (open) {
        await completeTaskStep(unit, await lockTask(unit.tx, open.id), {});
        continue;
      }
      if (completed > 0) break;
      throw new Problem('wrong-state', `${order.number} is ${order.workflowState}: there is nothing to pick or pack.`, {
        workflowState: order.workflowState,
      });
    }
    return revised(200, await readFulfilmentView(unit.tx, order.id));
  });
