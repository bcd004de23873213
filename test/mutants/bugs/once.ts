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
      { file: 'src/commands/message.ts', from: 'where id = $1 and consumed_at is null', to: 'where id = $1' },
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
        file: 'src/commands/fire-timer.ts',
        from: `kind = 'timer' and status = 'open' and due_at <= orderflow.now()`,
        to: `kind = 'timer' and due_at <= orderflow.now()`,
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
        from: `kind = 'timer' and status = 'open' and due_at <= orderflow.now()`,
        to: `kind = 'timer' and status = 'open'`,
      },
    ],
    caughtBy: { file: timers, title: 'do not fire before the database says so, whatever the clock of the process says' },
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
