import { instanceRests } from './resting.ts';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { wake } from './messages.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

export interface NewSignal {
  readonly name: string;
  readonly variables: JsonObject;
  /** Who says it; with `thrownAs` the identity of what a diagram throws. */
  readonly source: string;
  readonly thrownAs?: string;
  /** Waits that were opened after it was thrown and do not hear it. */
  readonly deaf?: readonly string[];
}

/** A signal with how many it has to reach. */
export interface Broadcast {
  readonly id: string;
  readonly waits: number;
  readonly starts: number;
}

/**
 * Writes down whom a signal has to reach: whoever waits for it at this moment, and every process that it starts. Each becomes a command of its own
 * (outbox/correlator); who begins to wait later does not hear it.
 */
export async function leaveSignal(tx: Transaction, signal: NewSignal): Promise<Broadcast> {
  const id = newId();
  const { sequence } = await tx.one<{ sequence: number }>(
    `insert into orderflow.signal (id, name, variables, source, thrown_as, at) values ($1, $2, $3, $4, $5, orderflow.now()) returning sequence`,
    [id, signal.name, JSON.stringify(signal.variables), signal.source, signal.thrownAs ?? null],
  );
  const reached = await tx.query<{ waitId: string | null }>(
    `insert into orderflow.signal_delivery (id, signal_id, sequence, wait_id, instance_id, slot, process_id, next_at)
     select gen_random_uuid(), $1, $2, wait_id, instance_id, slot, process_id, orderflow.now()
       from (select w.id as wait_id, w.instance_id, w.slot, null as process_id from orderflow.wait w
              where w.kind = 'signal' and w.status = 'open' and w.signal_name = $3 and w.id <> all($4::uuid[])
             union all
             select distinct null::uuid, null::uuid, null, e.process_id from orderflow.start_event e where e.kind = 'signal' and e.name = $3) as receiver
     returning wait_id as "waitId"`,
    [id, sequence, signal.name, signal.deaf ?? []],
  );
  const waits = reached.filter(({ waitId }) => waitId !== null).length;
  if (reached.length > 0) await wake(tx, 'messages');
  return { id, waits, starts: reached.length - waits };
}

/**
 * Deliveries that can be made now; nobody else gets them for as long as the lease. Of one instance only the earliest: what an earlier signal takes away does not
 * hear a later one. One whose step has failed rests until its incident is tried again.
 */
export const claimDeliveries = (reader: Reader, limit: number, leaseMs: number): Promise<{ readonly id: string }[]> =>
  reader.query<{ id: string }>(
    `update orderflow.signal_delivery set next_at = orderflow.now() + $2 * interval '1 millisecond', tried_at = orderflow.now()
      where id in (
        select d.id from orderflow.signal_delivery d
         where d.done_at is null and d.next_at <= orderflow.now() and not ${held('d')}
           and not exists (select 1 from orderflow.signal_delivery b
                            where b.instance_id = d.instance_id and b.done_at is null and b.sequence < d.sequence and not ${held('b')})
           and not ${instanceRests('d.instance_id')}
           and not exists (select 1 from orderflow.suspension s where s.kind = 'process' and s.ref = d.process_id and s.resumed_at is null)
         order by d.next_at, d.sequence limit $1 for update skip locked)
      returning id`,
    [limit, leaseMs],
  );

/** Has its step failed, and has nobody let it try again since? */
function held(delivery: string): string {
  return `exists (select 1 from orderflow.incident n join orderflow.wait w on w.id = n.wait_id
    where w.instance_id = ${delivery}.instance_id and w.slot = ${delivery}.slot and w.status = 'open'
      and n.resolved_at is null and coalesce(n.retried_at, '-infinity') < ${delivery}.tried_at)`;
}

/** Lets signals be due that were stopped by the incident of a wait, and answers how many they are; the incident has been let try again. */
export const ringSignals = (tx: Transaction, waitId: string | null): Promise<number> =>
  tx.execute(
    `update orderflow.signal_delivery d set next_at = orderflow.now() from orderflow.wait w
      where w.id = $1 and d.instance_id = w.instance_id and d.slot = w.slot and d.done_at is null`,
    [waitId],
  );

/** What has to be delivered, to whom. */
export interface Delivery {
  readonly name: string;
  readonly variables: JsonObject;
  readonly waitId: string | null;
  readonly instanceId: string | null;
  readonly slot: string | null;
  readonly processId: string | null;
}

/** A delivery that nobody has made yet. */
export const readDelivery = (tx: Transaction, id: string): Promise<Delivery | undefined> =>
  tx.maybeOne<Delivery>(
    `select s.name, s.variables, d.wait_id as "waitId", d.instance_id as "instanceId", d.slot, d.process_id as "processId"
       from orderflow.signal_delivery d join orderflow.signal s on s.id = d.signal_id where d.id = $1 and d.done_at is null`,
    [id],
  );

/**
 * The wait that a delivery ends: the one that was open when the signal came, or the one that was armed again in its place each time it was completed (a
 * non-interrupting event). The instance is locked.
 */
export const receivingWait = (tx: Transaction, { waitId, instanceId, slot }: Delivery) =>
  tx.maybeOne<{ readonly id: string; readonly elementId: string }>(
    `with recursive chain as (
       select id, status, element_id, closed_revision from orderflow.wait where id = $1
       union all
       select w.id, w.status, w.element_id, w.closed_revision
         from chain c join orderflow.wait w on w.instance_id = $2 and w.slot = $3 and w.opened_revision = c.closed_revision and w.id <> c.id
        where c.status = 'completed')
     select id, element_id as "elementId" from chain where status = 'open'`,
    [waitId, instanceId, slot],
  );

/** Notes what became of a delivery. */
export const finishDelivery = (
  tx: Transaction,
  id: string,
  outcome: { readonly waitId?: string; readonly startedInstanceId?: string },
): Promise<number> =>
  tx.execute(
    `update orderflow.signal_delivery set done_at = orderflow.now(), received_wait_id = $2, started_instance_id = $3, last_error = null
      where id = $1 and done_at is null`,
    [id, outcome.waitId ?? null, outcome.startedInstanceId ?? null],
  );

/** The start event of a process for a signal; it stays what it is until the transaction ends. */
export const lockSignalStart = (tx: Transaction, processId: string, name: string) =>
  tx.maybeOne<{ readonly elementId: string; readonly definitionId: string }>(
    `select element_id as "elementId", process_definition_id as "definitionId" from orderflow.start_event where process_id = $1 and kind = 'signal' and name = $2
      order by element_id limit 1 for share`,
    [processId, name],
  );
