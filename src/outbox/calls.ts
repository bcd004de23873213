import { answerCaller } from '../commands/answer-caller.ts';
import type { CallTurn } from '../commands/call-turn.ts';
import { CallRefused } from '../commands/called-definition.ts';
import { cancelCalled } from '../commands/cancel-called.ts';
import { escalate, type DueEscalation } from '../commands/escalate.ts';
import { failCall, failEscalation } from '../commands/fail-call.ts';
import { startCalled } from '../commands/start-called.ts';
import type { Deps } from '../commands/unit.ts';
import type { Database } from '../persistence/database.ts';
import { instanceRests } from '../persistence/resting.ts';
import { messageOf, Problem } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';
import { shareOut } from '../support/share-out.ts';

const batch = 100;
const atOnce = 8;
/** How long a row rests after it was taken up: another process, or this one after a crash, tries it again then, ms. */
const restMs = 5_000;
/** What fails for no known reason is tried so often before a person has to look. */
const maxAttempts = 10;

/** A row that becomes one command. */
interface Due {
  readonly callerId: string;
  readonly attempts: number;
  readonly sequence: number;
}

type DueTurn = Due & CallTurn & { readonly todo: 'start' | 'answer' | 'cancel' };

const commands = { start: startCalled, answer: answerCaller, cancel: cancelCalled } as const;

/** Has called processes started, their callers told, and those that nobody waits for cancelled; woken by the commits that leave it something to do. */
export const createCalls = (deps: Deps, sweepMs: number): Poller =>
  new Poller('calls', async () => (await callRound(deps)) > 0, sweepMs, deps.logger);

/**
 * One round; answers how many rows were taken up. Any number of processes may do it at once: each row is taken up by one of them, and becomes a command once
 * whoever tries. Those for one caller come one after the other, in the order in which they were made. What rests is left alone, and so is what would step it.
 */
export async function callRound(deps: Deps): Promise<number> {
  const escalations = await claimEscalations(deps.database);
  await inOrder(escalations, (due) => take(deps, due, () => escalate(deps, due), failEscalation));
  const turns = await claimTurns(deps.database);
  await inOrder(turns, (due) => take(deps, due, () => commands[due.todo](deps, due), failCall));
  return escalations.length + turns.length;
}

/** The called instance that the turn `c` is about to cancel. */
const child = `(select p.id from orderflow.process_instance p where p.parent_wait_id = c.wait_id and p.status = 'running')`;

const claimTurns = (database: Database): Promise<DueTurn[]> =>
  database.query<DueTurn>(
    `with due as (
       select c.wait_id from orderflow.call c
        where c.todo is not null and c.next_at <= orderflow.now()
          and not ${instanceRests(`case c.todo when 'cancel' then ${child} else c.instance_id end`)}
          and (c.todo <> 'answer' or not exists (select from orderflow.call_escalation e where e.wait_id = c.wait_id and e.done_at is null))
        order by c.next_at, c.sequence limit $1 for update of c skip locked)
     update orderflow.call c set next_at = orderflow.now() + $2 * interval '1 millisecond', attempts = attempts + 1
       from due where c.wait_id = due.wait_id
     returning c.wait_id as "waitId", c.turn, c.todo, c.attempts, c.traceparent, c.instance_id as "callerId", c.sequence`,
    [batch, restMs],
  );

/** Of one call only the first: what was escalated before may take the wait away. */
const claimEscalations = (database: Database): Promise<(Due & DueEscalation)[]> =>
  database.query<Due & DueEscalation>(
    `with due as (
       select e.id from orderflow.call_escalation e join orderflow.call c on c.wait_id = e.wait_id
        where e.done_at is null and e.next_at <= orderflow.now() and not ${instanceRests('c.instance_id')}
          and not exists (select from orderflow.call_escalation b where b.wait_id = e.wait_id and b.done_at is null and b.sequence < e.sequence)
        order by e.next_at, e.sequence limit $1 for update of e skip locked)
     update orderflow.call_escalation e set next_at = orderflow.now() + $2 * interval '1 millisecond', attempts = e.attempts + 1
       from due, orderflow.call c where e.id = due.id and c.wait_id = e.wait_id
     returning e.id, c.instance_id as "callerId", e.attempts, e.traceparent, e.sequence`,
    [batch, restMs],
  );

async function inOrder<T extends Due>(rows: readonly T[], work: (row: T) => Promise<void>): Promise<void> {
  const queues = new Map<string, T[]>();
  for (const row of rows.toSorted((a, b) => a.sequence - b.sequence)) {
    queues.set(row.callerId, [...(queues.get(row.callerId) ?? []), row]);
  }
  await shareOut(queues.values(), atOnce, async (queue) => {
    for (const row of queue) await work(row);
  });
}

/** What cannot be done becomes an incident and rests; what cannot be done now comes back after its rest. */
async function take<T extends Due>(
  deps: Deps,
  due: T,
  command: () => Promise<boolean>,
  fail: (deps: Deps, due: T, message: string) => Promise<void>,
): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (error instanceof Problem && notNow.includes(error.code)) return;
    // the incident of an answer was recorded where its step failed
    if (error instanceof Problem && error.extensions['incidentId'] !== undefined) return;
    deps.logger.warn(
      { err: error, callerId: due.callerId, attempts: due.attempts },
      'a row of a call could not become a command',
    );
    if (isFinal(error) || due.attempts >= maxAttempts) await fail(deps, due, messageOf(error));
  }
}

const notNow: readonly string[] = ['suspended', 'unavailable', 'in-flight'];

const final: readonly string[] = ['step-failed', 'business-key-active', 'not-found', 'validation-failed'];

const isFinal = (error: unknown): boolean =>
  error instanceof CallRefused || (error instanceof Problem && final.includes(error.code));
