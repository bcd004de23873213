import type { Mutant } from '../mutant.ts';

const messages = 'test/commands/message.test.ts';
const timers = 'test/jobs/timers.test.ts';
const keys = 'test/commands/idempotency.test.ts';
const events = 'test/events/events.test.ts';

/** What has to happen once, and happens twice; or late, or in another order. */
export const onceBugs: readonly Mutant[] = [
  {
    name: 'key-ignored',
    what: 'each request counts as new, whatever its Idempotency-Key',
    edits: [
      {
        file: 'src/commands/perform.ts',
        from: '[commandId, request.actor.id, request.key, request.name, fingerprint]',
        to: '[commandId, request.actor.id, commandId, request.name, fingerprint]',
      },
    ],
    caughtBy: { file: keys, title: '50 identical requests at once make one quotation and 49 replays with the same body' },
  },
  {
    name: 'key-for-anything',
    what: 'a key is answered from the store, whatever was asked for',
    edits: [
      { file: 'src/commands/perform.ts', from: 'if (first.fingerprint !== fingerprint)', to: 'if (first.fingerprint === null)' },
    ],
    caughtBy: { file: keys, title: 'the same key with another body is refused and changes nothing' },
  },
  {
    name: 'message-published-twice',
    what: 'the identity of a message is not kept',
    edits: [{ file: 'src/persistence/messages.ts', from: 'message.messageId ?? null,', to: 'null,' }],
    caughtBy: {
      file: messages,
      title: 'the same messageId of the same source is one message, and two correlators at once consume it once',
    },
  },
  {
    name: 'message-consumed-twice',
    what: 'nobody looks whether a message was consumed (its command has a key of its own each time)',
    edits: [
      {
        file: 'src/commands/message.ts',
        from: 'key: `message:${messageId}`',
        to: 'key: `message:${messageId}:${Math.random()}`',
      },
      { file: 'src/commands/message.ts', from: 'if (message.consumed)', to: `if (message.name === '')` },
      {
        file: 'src/persistence/messages.ts',
        from: 'consumed_wait_id = $2 where id = $1 and consumed_at is null',
        to: 'consumed_wait_id = $2 where id = $1',
      },
    ],
    caughtBy: {
      file: messages,
      title: 'one that was consumed is not consumed again when it is delivered again and somebody waits',
    },
  },
  {
    name: 'messages-overtake',
    what: 'a message overtakes an earlier one of its name and key',
    edits: [
      {
        file: 'src/outbox/correlator.ts',
        from: 'and e.sequence < m.sequence',
        to: 'and e.sequence < 0',
      },
      { file: 'src/persistence/messages.ts', from: 'or e.sequence < (select', to: 'or 0 > (select' },
    ],
    caughtBy: {
      file: 'test/outbox/correlator.test.ts',
      title: 'gives messages of one name to one order in the order in which they came, although another has claimed the first',
    },
  },
  {
    name: 'poked-again',
    what: 'who was told that goods are there is told again before it could look',
    edits: [{ file: 'src/persistence/backorders.ts', from: '    if (pending) continue;\n', to: '' }],
    caughtBy: {
      file: 'test/fulfilment/races.test.ts',
      title: 'serves three of twelve in the order of their commitment, while six sweepers wake them at once (R7)',
    },
  },
  {
    name: 'job-unfenced',
    what: 'the result of a job counts although the job was taken away',
    edits: [{ file: 'src/commands/job.ts', from: `if (status !== 'open')`, to: `if (status === 'unheard of')` }],
    caughtBy: {
      file: 'test/jobs/worker.test.ts',
      title: 'a result that comes after the token was taken away is refused: no effect, no incident',
    },
  },
  {
    name: 'timer-of-nobody',
    what: 'a timer fires once more, or after its token has gone',
    edits: [
      {
        file: 'src/persistence/timers.ts',
        from: `where id = $1 and kind = 'timer' and status = 'open'`,
        to: `where id = $1 and kind = 'timer'`,
      },
    ],
    caughtBy: { file: timers, title: 'one whose host was completed first never fires' },
  },
  {
    name: 'timer-early',
    what: "a timer fires by the process's clock",
    edits: [
      {
        file: 'src/commands/fire-timer.ts',
        from: 'if (!due || due.dueAt > (await unit.tx.now()))',
        to: 'if (!due || due.dueAt > new Date(Date.now() + 400 * 86_400_000))',
      },
    ],
    caughtBy: { file: timers, title: 'do not fire before the database says so, whatever the clock of the process says' },
  },
  {
    name: 'grid-lost',
    what: 'a repeating timer that fires late is late for ever',
    edits: [{ file: 'src/commands/period-timers.ts', from: 'if (before) {', to: `if (before && slot === '') {` }],
    caughtBy: {
      file: 'test/starts/timers.test.ts',
      title: 'a repeating boundary timer that fires late goes on on its grid',
    },
  },
  {
    name: 'date-again',
    what: 'a deployment lets a timer that has fired fire again',
    edits: [
      { file: 'src/persistence/start-events.ts', from: 'due_at = case when ${same} then', to: 'due_at = case when false then' },
      { file: 'src/persistence/start-events.ts', from: 'next_at = case when ${same} then', to: 'next_at = case when false then' },
    ],
    caughtBy: {
      file: 'test/starts/timer-starts.test.ts',
      title: 'a date starts one instance and never again, not even when it is deployed again; one that has passed starts at once',
    },
  },
  {
    name: 'starts-overtake',
    what: 'a message starts an instance before an earlier one with its key',
    edits: [{ file: 'src/persistence/start-events.ts', from: 'n.sequence < m.sequence', to: 'n.sequence < 0' }],
    caughtBy: {
      file: 'test/starts/message-starts.test.ts',
      title: 'a start that fails is noted and tried again; it keeps its place in the order, and nothing is lost',
    },
  },
  {
    name: 'signal-unheard',
    what: 'an event that does not interrupt misses a signal that came while it was armed anew',
    edits: [{ file: 'src/persistence/signals.ts', from: `where c.status = 'completed')`, to: `where c.status = 'unheard of')` }],
    caughtBy: {
      file: 'test/starts/signals.test.ts',
      title: 'each of five in a row reaches an event that does not interrupt, although it is armed anew for each',
    },
  },
  {
    name: 'signal-overheard',
    what: 'who throws a signal and then waits for it hears itself',
    edits: [{ file: 'src/commands/broadcast-signal.ts', from: 'entered(wait.elementId) > at', to: `wait.elementId === ''` }],
    caughtBy: {
      file: 'test/starts/signals.test.ts',
      title: 'one that a diagram throws reaches others and the thrower itself, but not where its token came to after the throw',
    },
  },
  {
    name: 'timers-overtake',
    what: 'timers of one instance overtake each other',
    edits: [
      {
        file: 'src/jobs/timers.ts',
        from: 'and (e.due_at, e.id) < (w.due_at, w.id))',
        to: 'and (e.due_at, e.id) < (e.due_at, e.id))',
      },
    ],
    caughtBy: { file: timers, title: 'one waits for an earlier one of its instance that another process has claimed' },
  },
  {
    name: 'publishers-unlocked',
    what: 'two publishers number events at the same moment',
    edits: [{ file: 'src/outbox/publisher.ts', from: 'if (!mine) return 0;', to: 'if (mine === null) return 0;' }],
    caughtBy: { file: events, title: 'while one publisher is at it, another has nothing to do and does not wait' },
  },
  {
    name: 'events-by-insertion',
    what: 'events are numbered in the order of their insertion, not of their commit',
    edits: [
      {
        file: 'src/outbox/publisher.ts',
        from: 'set position = n.nth + coalesce((select max(position) from orderflow.event), 0)',
        to: 'set position = e.sequence',
      },
    ],
    caughtBy: {
      file: events,
      title: 'an event that commits late comes late: whoever has read on misses nothing, and no subject is out of order',
    },
  },
  {
    name: 'hand-off-twice',
    what: 'a hand-off is not looked up before it is made',
    edits: [
      {
        file: 'src/commands/phase-coordinator.ts',
        from: 'return handoff?.targetIds;',
        to: 'return handoff ? undefined : undefined;',
      },
      { file: 'migrations/1795305600001-orders.ts', from: 'unique (source_id, hook)', to: 'unique (id, source_id, hook)' },
    ],
    caughtBy: { file: 'test/jobs/quotation.test.ts', title: 'one that is handed over once more has one sale order' },
  },
  {
    name: 'hand-off-of-pieces-twice',
    what: 'a second delivery of a hand-off makes shipments again (the database refuses)',
    edits: [
      {
        file: 'src/commands/phase-coordinator.ts',
        from: 'return handoff?.targetIds;',
        to: 'return handoff ? undefined : undefined;',
      },
    ],
    caughtBy: { file: 'test/fulfilment/hand-off.test.ts', title: 'makes nothing new when it is delivered once more' },
  },
];
