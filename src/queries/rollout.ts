import { instanceRests, typeRests } from '../persistence/resting.ts';
import type { Reader } from '../persistence/reader.ts';
import { ImpossibleState } from '../support/errors.ts';

/** How a rollout stands: what each flag has brought about, who reads along, and what does not move. */
export interface Rollout {
  readonly at: Date;
  readonly flags: readonly RolloutFlag[];
  readonly consumers: readonly Consumer[];
  /** Events that were committed, but have no position yet for longer than is usual. */
  readonly unpublished: number;
  readonly stuck: readonly Stuck[];
  readonly adopted: Readonly<Record<string, number>>;
  readonly review: readonly { readonly entity: string; readonly code: string; readonly count: number }[];
}

export interface RolloutFlag {
  readonly name: string;
  readonly enabled: boolean;
  /** Since when it is on, or was last. */
  readonly switchedOnAt: Date | null;
  /** Events since then, by type. */
  readonly events: Readonly<Record<string, number>>;
}

export interface Consumer {
  readonly name: string;
  /** The last event that it has acknowledged, and the last one that there is. */
  readonly position: number;
  readonly lastPosition: number;
  readonly acknowledgedAt: Date | null;
  /** How long the oldest event that it has not acknowledged waits, seconds; 0 when it has read everything. */
  readonly waitsSeconds: number;
}

/** An order that does not go on by itself. */
export interface Stuck {
  readonly number: string;
  readonly what: string;
}

/** The events that tell of a slice, by the phase that they are about; override kinds are in the data. */
const eventsOf: Readonly<Record<string, string>> = {
  'workflow.quotation': `e.subject_type = 'quotation'`,
  'workflow.sale': `e.subject_type = 'sale_order'`,
  'workflow.fulfilment': `e.subject_type in ('fulfilment', 'return_request')`,
  'overrides.price': `e.type like 'override.%' and e.data ->> 'kind' = 'PRICE'`,
  'overrides.admin': `e.type like 'override.%' and e.data ->> 'kind' = 'ADMIN'`,
  'overrides.credit': `e.type like 'override.%' and e.data ->> 'kind' = 'CREDIT'`,
  'overrides.stock': `e.type like 'override.%' and e.data ->> 'kind' = 'STOCK'`,
};

/** @param toleranceSeconds how late something may be before it counts */
export async function readRollout(reader: Reader, toleranceSeconds: number): Promise<Rollout> {
  const [clock] = await reader.query<{ at: Date }>('select orderflow.now() as at');
  if (!clock) throw new ImpossibleState('the database has no clock');
  const late = `orderflow.now() - $1::float8 * interval '1 second'`;
  const flags = await reader.query<Omit<RolloutFlag, 'events'>>(
    'select name, enabled, switched_on_at as "switchedOnAt" from orderflow.flag order by name',
  );
  const withEvents: RolloutFlag[] = [];
  for (const flag of flags) {
    const rows = await reader.query<{ type: string; count: number }>(
      `select e.type, count(*) as count from orderflow.event e where e.at >= $1 and ${eventsOf[flag.name] ?? 'false'} group by e.type order by e.type`,
      [flag.switchedOnAt ?? clock.at],
    );
    withEvents.push({ ...flag, events: Object.fromEntries(rows.map(({ type, count }) => [type, count])) });
  }
  const consumers = await reader.query<Consumer>(
    `select c.name, c.position, coalesce((select max(position) from orderflow.event), 0) as "lastPosition", c.acknowledged_at as "acknowledgedAt",
            coalesce((select extract(epoch from orderflow.now() - e.at)::bigint from orderflow.event e where e.position > c.position order by e.position limit 1), 0) as "waitsSeconds"
       from orderflow.event_consumer c order by c.name`,
  );
  const [unpublished] = await reader.query<{ count: number }>(
    `select count(*) as count from orderflow.event where position is null and at < ${late}`,
    [toleranceSeconds],
  );
  const stuck = await reader.query<Stuck>(
    `select i.business_key as number, format('incident %s at %s since %s: %s', n.kind, coalesce(n.element_id, '-'), orderflow.iso(n.opened_at), n.message) as what
       from orderflow.incident n join orderflow.process_instance i on i.id = n.instance_id where n.resolved_at is null
     union all
     select i.business_key, format('timer %s was due at %s', w.element_id, orderflow.iso(w.due_at))
       from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
      where w.kind = 'timer' and w.status = 'open' and w.due_at < ${late} and not ${instanceRests('i.id')}
     union all
     select i.business_key, format('job %s was due at %s (%s deliveries, %s failures)', o.job_type, orderflow.iso(o.next_at), o.deliveries, o.failures)
       from orderflow.outbox o join orderflow.process_instance i on i.id = o.instance_id
      where o.done_at is null and o.cancelled_at is null and o.next_at < ${late} and not ${instanceRests('i.id')} and not ${typeRests('o.job_type')}
     union all
     select m.correlation_key, format('message %s lies there since %s', m.name, orderflow.iso(m.received_at))
       from orderflow.message m join orderflow.wait w on w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
      where m.consumed_at is null and m.expires_at > orderflow.now() and greatest(m.received_at, w.opened_at) < ${late}
      order by 1, 2`,
    [toleranceSeconds],
  );
  const adopted = await reader.query<{ entity: string; count: number }>(
    'select entity, count(*) as count from orderflow.adoption where target_id is not null group by entity order by entity',
  );
  const review = await reader.query<{ entity: string; code: string; count: number }>(
    'select entity, code, count(*) as count from orderflow.adoption_review where resolved_at is null group by entity, code order by entity, code',
  );
  return {
    at: clock.at,
    flags: withEvents,
    consumers,
    unpublished: unpublished?.count ?? 0,
    stuck,
    adopted: Object.fromEntries(adopted.map(({ entity, count }) => [entity, count])),
    review,
  };
}
