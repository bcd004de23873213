import { wake } from '../../persistence/messages.ts';
import { requireAnyRole, systemActor } from '../../policies/actor.ts';
import { permissions } from '../../policies/roles.ts';
import { batchItems, readIncidentBatch } from '../../queries/incident.ts';
import { messageOf, Problem } from '../../support/errors.ts';
import { newId } from '../../support/ids.ts';
import { perform } from '../perform.ts';
import { retryIncident } from '../resolve-incident.ts';
import type { Deps, Performed, Request } from '../unit.ts';

/** So many incidents of a batch are let try again before one of them is resolved: if the cause is not mended, no more than these suffer. */
const probe = 5;
/** So many are under way at once afterwards. */
const atOnce = 50;
/** How long one process has for a look before another may, ms. */
const leaseMs = 60_000;

interface NewBatch {
  readonly cause: string;
  readonly reason: string;
}

/**
 * Lets all incidents of one cause that are open now try again, in the background, a few at a time. Which they are is settled here: what becomes an incident later
 * is not among them, nor is money: people have to look at each. @throws Problem forbidden; wrong-state when none is open
 */
export const resolveIncidentsOf = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: NewBatch): Promise<Performed> =>
  perform(deps, { ...request, name: 'resolve the incidents of a cause', payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['resolve an incident'], 'resolve an incident');
    const id = newId();
    await tx.execute(
      `insert into orderflow.incident_batch (id, fingerprint, reason, asked_by, asked_at, next_at)
       values ($1, $2, $3, $4, orderflow.now(), orderflow.now())`,
      [id, input.cause, input.reason, actor.id],
    );
    const items = await tx.execute(
      `insert into orderflow.incident_batch_item (batch_id, incident_id)
       select $1, id from orderflow.incident where fingerprint = $2 and resolved_at is null and retried_at is null and kind <> 'late-money'`,
      [id, input.cause],
    );
    if (items === 0) throw new Problem('wrong-state', `No incident of the cause ${input.cause} is open.`);
    await wake(tx, 'sweeps');
    return { status: 201, body: await readIncidentBatch(tx, id), headers: { Location: `/v1/incident-batches/${id}` } };
  });

/** One look at each batch that is due. Any number of processes may do it at once. */
export async function advanceBatches(deps: Deps): Promise<void> {
  const due = await deps.database.query<{ id: string; askedBy: string }>(
    `update orderflow.incident_batch set next_at = orderflow.now() + $1 * interval '1 millisecond'
      where id in (select id from orderflow.incident_batch where ended_at is null and next_at <= orderflow.now()
                    order by next_at limit 5 for update skip locked)
      returning id, asked_by as "askedBy"`,
    [leaseMs],
  );
  for (const batch of due) await advanceBatch(deps, batch);
}

interface Batch {
  readonly id: string;
  readonly askedBy: string;
}

async function advanceBatch(deps: Deps, { id, askedBy }: Batch): Promise<void> {
  const { database, logger } = deps;
  const rows = await database.query<{ outcome: string; count: number }>(
    `select outcome, count(*) as count from (${batchItems} where t.batch_id = $1) item group by 1`,
    [id],
  );
  const { waiting = 0, retrying = 0, resolved = 0, failed = 0 } = Object.fromEntries(rows.map((row) => [row.outcome, row.count]));
  const halts = resolved === 0 && failed >= probe;
  if (halts || waiting + retrying === 0) {
    await database.query('update orderflow.incident_batch set ended_at = orderflow.now(), halted = $2 where id = $1', [
      id,
      halts,
    ]);
    return;
  }
  const room = (resolved > 0 ? atOnce : probe - failed) - retrying;
  const next = await database.query<{ incidentId: string }>(
    `select t.incident_id as "incidentId" from orderflow.incident_batch_item t join orderflow.incident n on n.id = t.incident_id
      where t.batch_id = $1 and t.asked_at is null and t.refusal is null and n.resolved_at is null order by t.incident_id limit $2`,
    [id, Math.max(0, room)],
  );
  for (const { incidentId } of next) {
    await retryOne(deps, { id, askedBy }, incidentId).catch((error: unknown) =>
      logger.warn({ err: error, incidentId, batchId: id }, 'an incident of a batch could not be let try again'),
    );
  }
  await database.query('update orderflow.incident_batch set next_at = orderflow.now() where id = $1', [id]);
}

/** A command of its own, of whoever wanted the batch. What there is nothing to try again of is refused, and says why. */
async function retryOne(deps: Deps, batch: Batch, incidentId: string): Promise<void> {
  const request = {
    name: 'resolve an incident of a batch',
    actor: systemActor(batch.askedBy),
    key: `batch:${batch.id}:${incidentId}`,
    payload: { batchId: batch.id, incidentId },
  };
  try {
    await perform(deps, request, async (unit) => {
      await retryIncident(unit, incidentId);
      await unit.tx.execute(
        `update orderflow.incident_batch_item t set asked_at = orderflow.now(), attempts = n.attempts
           from orderflow.incident n where t.batch_id = $1 and t.incident_id = $2 and n.id = t.incident_id`,
        [batch.id, incidentId],
      );
      return { status: 200, body: { incidentId } };
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'unavailable') throw error;
    await deps.database.query('update orderflow.incident_batch_item set refusal = $3 where batch_id = $1 and incident_id = $2', [
      batch.id,
      incidentId,
      messageOf(error),
    ]);
  }
}
