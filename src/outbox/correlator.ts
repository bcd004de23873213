import { correlateLeftMessage } from '../commands/message.ts';
import type { Deps } from '../commands/unit.ts';
import { Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';

const batch = 50;
/** How long a message rests after it was tried, ms. */
const restMs = 5_000;

/** Gives messages that were left for an instance to it as soon as it waits for them; those with the same name and key in the order in which they came. */
export function createCorrelator(deps: Deps, sweepMs: number): Poller {
  const { database, logger } = deps;
  const round = async (): Promise<boolean> => {
    const due = await database.query<{ id: string }>(
      `update orderflow.message m set next_at = orderflow.now() + $2 * interval '1 millisecond', attempts = attempts + 1
        where m.id in (
          select m.id from orderflow.message m
           where m.consumed_at is null and m.next_at <= orderflow.now() and m.expires_at > orderflow.now()
             and exists (select 1 from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id and i.suspended_at is null
                          where w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key)
             and not exists (select 1 from orderflow.message e
                              where e.name = m.name and e.correlation_key = m.correlation_key and e.sequence < m.sequence
                                and e.consumed_at is null and e.expires_at > orderflow.now() and e.next_at <> 'infinity')
           order by m.sequence limit $1 for update skip locked)
        returning m.id`,
      [batch, restMs],
    );
    let correlated = 0;
    for (const { id } of due) {
      try {
        if (await correlateLeftMessage(deps, id)) correlated++;
      } catch (error) {
        if (error instanceof Problem && error.code === 'suspended') continue;
        // an incident says why; the message rests until that is resolved
        if (!(error instanceof Problem) || error.code !== 'step-failed') throw error;
        await database.query(`update orderflow.message set next_at = 'infinity' where id = $1`, [id]);
        await database.query(`update orderflow.incident set message_id = $1 where id = $2`, [id, error.extensions['incidentId']]);
      }
    }
    return correlated > 0;
  };
  return new Poller('correlator', round, sweepMs, logger);
}
