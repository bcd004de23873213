import { permissions } from '../policies/roles.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { ringCall } from '../persistence/calls.ts';
import { wake } from '../persistence/messages.ts';
import { resolveMoneyIncident } from '../persistence/money-incidents.ts';
import { ringSignals } from '../persistence/signals.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { readIncident } from '../queries/incident.ts';
import { Problem } from '../support/errors.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

/**
 * Lets what an incident has stopped try again. The incident is `retrying` until a step has committed, which alone resolves it, or until it has failed
 * again, which opens it again. One of money that left us twice has nothing to try again: it is closed.
 * @throws Problem not-found, forbidden, wrong-state when it has been resolved or there is nothing to try again
 */
export const resolveIncident = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, incidentId: string): Promise<Performed> =>
  perform(deps, { ...request, name: 'resolve an incident', payload: { incidentId } }, async (unit) => {
    requireAnyRole(unit.actor, permissions['resolve an incident'], 'resolve an incident');
    await retryIncident(unit, incidentId);
    return { status: 200, body: await readIncident(unit.tx, incidentId) };
  });

interface Stopped {
  readonly instanceId: string;
  readonly waitId: string | null;
  readonly messageId: string | null;
  readonly paymentId: string | null;
  readonly kind: string;
  readonly resolvedAt: Date | null;
}

/** The same without asking who may, for a batch whose maker was asked. @throws Problem not-found, wrong-state */
export async function retryIncident({ tx, actor }: Unit, incidentId: string): Promise<void> {
  const select = `select instance_id as "instanceId", wait_id as "waitId", message_id as "messageId", payment_id as "paymentId", kind,
                         resolved_at as "resolvedAt" from orderflow.incident where id = $1`;
  const found = await tx.maybeOne<Stopped>(select, [incidentId]);
  if (!found) throw new Problem('not-found', `There is no incident ${incidentId}.`);
  await lockInstance(tx, found.instanceId);
  const incident = await tx.one<Stopped>(select, [incidentId]);
  if (incident.resolvedAt) {
    throw new Problem('wrong-state', `The incident was resolved at ${incident.resolvedAt.toISOString()}.`);
  }
  if (incident.kind === 'late-money') {
    if (!(await isAboutCapture(tx, incident.paymentId))) {
      throw new Problem(
        'wrong-state',
        'There is nothing to try again: this incident stays until the transfer is recorded (POST /v1/sale-orders/{id}/refunds with its reference).',
        { kind: incident.kind },
      );
    }
    return resolveMoneyIncident(tx, incident.paymentId ?? '', actor.id);
  }
  await tx.execute('update orderflow.incident set retried_at = orderflow.now() where id = $1', [incidentId]);
  if ((await ring(tx, incident)) === 0) throw new Problem('wrong-state', await whatToDo(tx, incident), { kind: incident.kind });
  await wake(tx, 'jobs', 'work', 'timers', 'messages', 'payments');
}

/** A message that waited for its incident is not too old for it. */
const messageLives = `expires_at = greatest(expires_at, orderflow.now() + interval '1 day')`;

/** Lets everything be due that the incident has stopped; answers how much that is. */
async function ring(tx: Transaction, { instanceId, waitId, messageId, paymentId }: Stopped): Promise<number> {
  return (
    (await tx.execute(
      `update orderflow.outbox set next_at = orderflow.now(), failures = 0, deliveries = 0
        where wait_id = $1 and done_at is null and cancelled_at is null`,
      [waitId],
    )) +
    (await tx.execute(
      `update orderflow.wait set next_at = orderflow.now() where id = $1 and kind = 'timer' and status = 'open'`,
      [waitId],
    )) +
    // also one whose incident was written without it: what was to be told to this wait and was stopped
    (await tx.execute(
      `update orderflow.message m set next_at = orderflow.now(), attempts = 0, ${messageLives}
        where m.consumed_at is null
          and (m.id = $1 or m.next_at = 'infinity' and exists (select 1 from orderflow.wait w where w.id = $2 and w.kind = 'message' and w.status = 'open'
                and w.message_name = m.name and w.correlation_key = m.correlation_key))`,
      [messageId, waitId],
    )) +
    (await tx.execute(
      'update orderflow.payment set next_at = orderflow.now(), attempts = 0 where id = $1 and next_at is not null',
      [paymentId],
    )) +
    (await ringCall(tx, waitId, instanceId)) +
    (await ringSignals(tx, waitId))
  );
}

/** For an incident that only somebody's own doing resolves. */
async function whatToDo(tx: Transaction, { instanceId, waitId }: Stopped): Promise<string> {
  const wait = await tx.maybeOne<{ kind: string; elementId: string }>(
    `select kind, element_id as "elementId" from orderflow.wait where id = $1 and status = 'open'`,
    [waitId],
  );
  if (wait?.kind === 'user') {
    return `There is nothing to try again by itself: ${wait.elementId} is a person's task. Mend the cause and complete it again (POST /v1/user-tasks/${waitId}/completion).`;
  }
  if (wait?.kind === 'message') {
    return `There is nothing to try again by itself: the message for ${wait.elementId} was not kept. Mend the cause and send it again (POST /v1/messages).`;
  }
  return `There is nothing to try again. Move a token to where the instance can go on (POST /v1/process-instances/${instanceId}/moves), or cancel it.`;
}

/** Money that left us twice is a matter between people: whoever has settled it says so. */
const isAboutCapture = async (tx: Transaction, paymentId: string | null): Promise<boolean> =>
  (await tx.query(`select 1 from orderflow.payment where id = $1 and kind = 'CAPTURE'`, [paymentId])).length > 0;
