import { randomUUID } from 'node:crypto';
import { Definitions } from '../../src/commands/definitions.ts';
import { fireTimer } from '../../src/commands/fire-timer.ts';
import { correlateLeftMessage } from '../../src/commands/message.ts';
import type { Deps } from '../../src/commands/unit.ts';
import { handlers } from '../../src/jobs/handlers/index.ts';
import type { Handler, Providers } from '../../src/jobs/handler.ts';
import { createHttpCarrier } from '../../src/jobs/providers/carrier-http.ts';
import { createHttpPaymentProvider } from '../../src/jobs/providers/payment-http.ts';
import { reconcile } from '../../src/jobs/reconciler.ts';
import { answerBell } from '../../src/jobs/worker.ts';
import { publishEvents } from '../../src/outbox/publisher.ts';
import { callRound } from '../../src/outbox/calls.ts';
import { startByMessages } from '../../src/outbox/message-starts.ts';
import { deliverSignals } from '../../src/outbox/signals.ts';
import type { JobBell } from '../../src/outbox/relay.ts';
import type { ConnectionTarget } from '../../src/persistence/connection.ts';
import type { Database } from '../../src/persistence/database.ts';
import { instanceRests, typeRests } from '../../src/persistence/resting.ts';
import { demoPeople } from '../../src/policies/people.ts';
import type { Actor } from '../../src/policies/actor.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/support/logger.ts';
import { openTestDatabase } from './database.ts';
import { assertInvariants, unwatchInvariants, watchInvariants } from './invariants.ts';

/** The commands on a database of their own with the shipped diagrams; the sandbox as provider; jobs run when the test says so. */
export interface World {
  readonly deps: Deps;
  readonly database: Database;
  /** Where the database is, for processes of their own. */
  readonly target: ConnectionTarget;
  readonly providers: Providers;
  readonly sandboxUrl: string;
  /** Handlers of this world; a test may put one of its own in the place of another. */
  readonly handlers: Map<string, Handler>;
  /** Answers bells, messages and due timers and settles payments until nothing is left; answers the types of the jobs that ran. */
  drain(): Promise<string[]>;
  /** Moves the database's clock forward. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Signs what the world's sandbox tells. */
export const sandboxSecret = `whsec_${Buffer.from('a secret for this test, and long enough').toString('base64')}`;

/** `mayViolate`: the test breaks invariants on purpose; everybody else's are looked at after every test and at the end. */
export async function openWorld({ mayViolate = false } = {}): Promise<World> {
  const testDatabase = await openTestDatabase({ deployed: true });
  const { database } = testDatabase;
  const logger = createLogger('silent');
  const sandbox = createSandbox({ webhookSecret: sandboxSecret, retry: { firstMs: 20, maxMs: 200, attempts: 100 }, logger });
  const { url } = await sandbox.listen(0);
  const deps: Deps = { database, definitions: new Definitions(), logger };
  const providers = { payments: createHttpPaymentProvider({ url }), carrier: createHttpCarrier({ url }) };
  const own = new Map(handlers);
  if (!mayViolate) watchInvariants(database);
  return {
    deps,
    database,
    target: testDatabase.target,
    providers,
    sandboxUrl: url,
    handlers: own,
    drain: () => drain(deps, own, providers),
    pass: async (ms) => void (await database.query('update orderflow.clock set offset_ms = offset_ms + $1', [ms])),
    close: async () => {
      await sandbox.close();
      unwatchInvariants(database);
      try {
        if (!mayViolate) await assertInvariants(database);
      } finally {
        await testDatabase.drop();
      }
    },
  };
}

const awake = `not ${instanceRests('instance_id')}`;
const typeAwake = `not ${typeRests('job_type')}`;

/** What the relay, the correlator, the timer service and the reconciler do, one thing after the other. */
async function drain(deps: Deps, handlers: ReadonlyMap<string, Handler>, providers: Providers): Promise<string[]> {
  const ran: string[] = [];
  for (;;) {
    const bells = await deps.database.query<JobBell>(
      `select wait_id as "jobId", job_type as "jobType", traceparent from orderflow.outbox
        where not external and done_at is null and cancelled_at is null and next_at <= orderflow.now() and ${awake} and ${typeAwake} order by sequence`,
    );
    for (const bell of bells) {
      await answerBell(deps, handlers, providers, bell, 30_000);
      ran.push(bell.jobType);
    }
    const messages = await deps.database.query<{ id: string }>(
      `select distinct m.id from orderflow.message m
         join orderflow.wait w on w.status = 'open' and w.kind = 'message' and w.message_name = m.name and w.correlation_key = m.correlation_key
        where m.consumed_at is null and m.expires_at > orderflow.now() and m.next_at <= orderflow.now() and ${awake}
          and not exists (select 1 from orderflow.message e where e.name = m.name and e.correlation_key = m.correlation_key and e.sequence < m.sequence
                            and e.consumed_at is null and e.expires_at > orderflow.now() and e.next_at <> 'infinity')`,
    );
    for (const { id } of messages) await correlateLeftMessage(deps, id);
    const timers = await deps.database.query<{ waitId: string; dueAt: Date }>(
      `select id as "waitId", due_at as "dueAt" from orderflow.wait
        where kind = 'timer' and status = 'open' and next_at <= orderflow.now() and due_at <= orderflow.now() and ${awake} order by due_at`,
    );
    for (const timer of timers) await fireTimer(deps, timer);
    const begun = (await startByMessages(deps)) + (await deliverSignals(deps));
    const calls = await callRound(deps);
    const payments = await reconcile(deps, providers, 30_000);
    const published = await publishEvents(deps.database);
    if (bells.length + messages.length + timers.length + begun + calls + payments + published === 0) return ran;
  }
}

/** A demo person. */
export function person(id: string): Actor {
  const found = demoPeople.find((each) => each.id === id);
  if (!found) throw new Error(`no demo person ${id}`);
  return { id, roles: found.roles };
}

/** A request of a demo person under a key of its own. */
export const by = (id: string, key: string = randomUUID()): { actor: Actor; key: string } => ({ actor: person(id), key });
