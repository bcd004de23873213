import { instanceRests } from '../persistence/resting.ts';
import { correlateLeftMessage } from '../commands/message.ts';
import type { Deps } from '../commands/unit.ts';
import { Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';
import { deliverSignals } from './signals.ts';
import { startByMessages } from './message-starts.ts';

const batch = 50;
/** How long a message rests after it was tried, ms. */
const restMs = 5_000;

/** Gives messages and signals to whom they are for: instances that wait, and processes that they start. */
export const createCorrelator = (deps: Deps, sweepMs: number): Poller =>
  new Poller('correlator', () => correlateRound(deps), sweepMs, deps.logger);

/** One round; answers true when there may be more to do now. Any number of processes may do it at once. */
export async function correlateRound(deps: Deps): Promise<boolean> {
  // who waits comes before what would be started
  const correlated = await correlateMessages(deps);
  const started = await startByMessages(deps);
  const delivered = await deliverSignals(deps);
  return correlated + started + delivered > 0;
}

/**
 * Gives messages that were left for an instance to it as soon as it waits for them; those with the same name and key in the order in which they came. Answers how
 * many were received.
 */
async function correlateMessages(deps: Deps): Promise<number> {
  const { database } = deps;
  const due = await database.query<{ id: string }>(
    `update orderflow.message m set next_at = orderflow.now() + $2 * interval '1 millisecond', attempts = attempts + 1
      where m.id in (
        select m.id from orderflow.message m
         where m.consumed_at is null and m.next_at <= orderflow.now() and m.expires_at > orderflow.now()
           and exists (select 1 from orderflow.wait w
                        where w.kind = 'message' and w.status = 'open' and w.message_name = m.name and w.correlation_key = m.correlation_key
                          and not ${instanceRests('w.instance_id')})
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
  return correlated;
}
