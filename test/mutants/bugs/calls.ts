import type { Mutant } from '../mutant.ts';

const rows = 'src/persistence/calls.ts';
const crashes = 'test/calls/crashes.test.ts';
const ending = 'test/calls/ending.test.ts';

/** What two instances that call each other owe each other. */
export const callBugs: readonly Mutant[] = [
  {
    name: 'turn-taken-twice',
    what: 'a turn of a call is taken again after it was taken',
    edits: [
      {
        file: rows,
        from: 'where c.wait_id = $1 and c.turn = $2 and c.todo is not null',
        to: 'where c.wait_id = $1 and $2::int is not null',
      },
    ],
    caughtBy: {
      file: crashes,
      title: '20 deliveries of one turn at once start one child, and tell its caller once what it escalates and how it ends',
    },
  },
  {
    name: 'child-left-running',
    what: 'a called process runs on when nobody waits for it any more',
    edits: [
      {
        file: rows,
        from: `set todo = case when \${running} then 'cancel' end, closed_at = case when \${running} then null else $2::timestamptz end,`,
        to: 'set todo = null, closed_at = $2::timestamptz,',
      },
    ],
    caughtBy: { file: ending, title: 'an interrupting event at the call cancels what was called, and what that has called' },
  },
  {
    name: 'caller-not-told',
    what: 'the end of a called process is told to nobody',
    edits: [
      {
        file: rows,
        from: `set todo = case when c.todo is null then 'answer' end, closed_at = case when c.todo is null then null else $3::timestamptz end,`,
        to: 'set todo = c.todo,',
      },
    ],
    caughtBy: { file: 'test/calls/calling.test.ts', title: 'its end lets the caller go on, with all of its variables' },
  },
  {
    name: 'turn-lost-with-its-process',
    what: 'a turn that was taken up by a process that died is not taken up again',
    edits: [
      {
        file: 'src/outbox/calls.ts',
        from: `update orderflow.call c set next_at = orderflow.now() + $2 * interval '1 millisecond',`,
        to: `update orderflow.call c set next_at = orderflow.now() + $2 * interval '100 days',`,
      },
    ],
    caughtBy: {
      file: crashes,
      title: 'whenever a process dies, before or after any of its commits, the log is the same as without',
    },
  },
  {
    name: 'answer-overtakes-escalation',
    what: 'the end of a called process is told before what it has escalated',
    edits: [
      {
        file: 'src/outbox/calls.ts',
        from: `and (c.todo <> 'answer' or not exists (select from orderflow.call_escalation e where e.wait_id = c.wait_id and e.done_at is null))`,
        to: '',
      },
    ],
    caughtBy: {
      file: ending,
      title: 'an end does not overtake an escalation that another process has taken up and not yet told',
    },
  },
  {
    name: 'depth-not-counted',
    what: 'how deep calls go is not counted',
    edits: [
      { file: 'src/commands/start-called.ts', from: 'caller.depth >= maxCallDepth', to: 'caller.depth >= 2 * maxCallDepth' },
    ],
    caughtBy: { file: 'test/calls/calling.test.ts', title: 'calls go five levels deep, and the sixth is an incident' },
  },
  {
    name: 'error-caught-by-nobody',
    what: 'a called process ends by a BPMN error that nothing above it catches',
    edits: [
      {
        file: 'src/commands/uncaught-error.ts',
        from: 'if (!error || (await isCaughtAbove(',
        to: 'if (!error || instance.parentWaitId !== null || (await isCaughtAbove(',
      },
    ],
    caughtBy: {
      file: 'test/calls/calling.test.ts',
      title: 'one that nobody above catches is an incident where it happens, and the called process stands where it stood',
    },
  },
];
