import { permissions } from '../policies/roles.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { wake } from '../persistence/messages.ts';
import { resolveMoneyIncident } from '../persistence/money-incidents.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { readIncident } from '../queries/incident.ts';
import { Problem } from '../support/errors.ts';
import { lockInstance } from './instance.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/**
 * Lets what an incident has stopped try again. The incident stays open until a step has committed: only that resolves it. One of money that
 * left us twice has nothing to try again: it is closed.
 * @throws Problem not-found, forbidden, wrong-state when it has been resolved or there is nothing to try again
 */
export const resolveIncident = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, incidentId: string): Promise<Performed> =>
  perform(deps, { ...request, name: 'resolve an incident', payload: { incidentId } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['resolve an incident'], 'resolve an incident');
    const incident = await tx.maybeOne<{
      instanceId: string;
      waitId: string | null;
      messageId: string | null;
      paymentId: string | null;
      kind: string;
      resolvedAt: Date | null;
    }>(
      `select instance_id as "instanceId", wait_id as "waitId", message_id as "messageId", payment_id as "paymentId", kind, resolved_at as "resolvedAt"
         from orderflow.incident where id = $1`,
      [incidentId],
    );
    if (!incident) throw new Problem('not-found', `There is no incident ${incidentId}.`);
    await lockInstance(tx, incident.instanceId);
    if (incident.resolvedAt)
      throw new Problem('wrong-state', `The incident was resolved at ${incident.resolvedAt.toISOString()}.`);
    if (incident.kind === 'late-money' && (await isAboutCapture(tx, incident.paymentId))) {
      await resolveMoneyIncident(tx, incident.paymentId ?? '', actor.id);
      return { status: 200, body: await readIncident(tx, incidentId) };
    }
    if (incident.kind === 'late-money') {
      throw new Problem(
        'wrong-state',
        'There is nothing to try again: this incident stays until the transfer is recorded (POST /v1/sale-orders/{id}/refunds with its reference).',
        {
          kind: incident.kind,
        },
      );
    }
    await tx.execute('update orderflow.incident set retried_at = orderflow.now() where id = $1', [incidentId]);
    await tx.execute(
      `update orderflow.outbox set next_at = orderflow.now(), failures = 0, deliveries = 0
        where wait_id = $1 and done_at is null and cancelled_at is null`,
      [incident.waitId],
    );
    await tx.execute(`update orderflow.wait set next_at = orderflow.now() where id = $1 and kind = 'timer' and status = 'open'`, [
      incident.waitId,
    ]);
    await tx.execute(
      'update orderflow.message set next_at = orderflow.now(), attempts = 0 where id = $1 and consumed_at is null',
      [incident.messageId],
    );
    await tx.execute(
      'update orderflow.payment set next_at = orderflow.now(), attempts = 0 where id = $1 and next_at is not null',
      [incident.paymentId],
    );
    await wake(tx, 'jobs', 'timers', 'messages', 'payments');
    return { status: 200, body: await readIncident(tx, incidentId) };
  });

/** Money that left us twice is a matter between people: whoever has settled it says so. */
const isAboutCapture = async (tx: Transaction, paymentId: string | null): Promise<boolean> =>
  (await tx.query(`select 1 from orderflow.payment where id = $1 and kind = 'CAPTURE'`, [paymentId])).length > 0;
