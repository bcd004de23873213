import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, live } from '../life.ts';

interface Call {
  /** Business key of the caller, and its call activity. */
  readonly key: string;
  readonly element: string;
  readonly turn: number;
  readonly outcome?: Readonly<Record<string, unknown>>;
}

/** A call that is over when its child has come to an end. */
const call = (tx: Transaction, { key, element, turn, outcome }: Call): Promise<void> =>
  insert(tx, 'call', {
    wait_id: id(`${key}/${element}`),
    instance_id: id(key),
    process_id: 'check',
    binding: 'deployment',
    business_key: `${key}/${element}`,
    all_variables: true,
    variables: {},
    turn,
    outcome: outcome ?? null,
    next_at: at(41),
    opened_at: at(40),
    closed_at: outcome ? at(42) : null,
  });

/** An instance that was called at an element of another. */
const child = (tx: Transaction, key: string, element: string, ended?: 'completed' | 'failed' | 'cancelled'): Promise<void> =>
  live(tx, {
    key: `${key}/${element}`,
    process: 'check',
    columns: { parent_instance_id: id(key), parent_wait_id: id(`${key}/${element}`), call_depth: 1 },
    from: 41,
    ...(ended && { ended }),
    steps: [
      {
        by: 'call',
        command: 'start a called process',
        trigger: 'call',
        opens: ended === undefined || ended === 'cancelled' ? [{ element: 'look', kind: 'user' }] : [],
      },
      ...(ended === 'cancelled'
        ? [{ by: 'call', command: 'cancel a called process', trigger: 'cancel', cancels: ['look'] }]
        : []),
    ],
  });

/** C-1 has called three: the first has answered, the second has failed, the third runs and has escalated. C-2 was cancelled, and with it what it had called. */
export async function calls(tx: Transaction): Promise<void> {
  for (const process of ['callers', 'check']) {
    const version = { deployment_id: id('deployment'), process_id: process, version: 1, resource_name: `${process}.bpmn` };
    await insert(tx, 'process_definition', { id: id(`definition of ${process}`), ...version });
  }
  const start = (...elements: readonly string[]) => ({
    by: 'operator',
    command: 'start a process instance',
    trigger: 'start',
    opens: elements.map((element) => ({ element, kind: 'call' })),
  });
  const answer = { by: 'call', command: 'answer a caller' };
  await live(tx, {
    key: 'C-1',
    process: 'callers',
    from: 40,
    steps: [
      start('first', 'second', 'third'),
      { ...answer, trigger: 'call:completed', completes: 'first' },
      { ...answer, trigger: 'error:NOT_GOOD', completes: 'second' },
      { by: 'call', command: 'escalate to a caller', key: `escalation:${id('escalation')}`, trigger: 'escalation:LATE' },
    ],
  });
  await call(tx, { key: 'C-1', element: 'first', turn: 4, outcome: { status: 'completed' } });
  await call(tx, {
    key: 'C-1',
    element: 'second',
    turn: 4,
    outcome: { status: 'failed', code: 'NOT_GOOD', message: 'it is not' },
  });
  await call(tx, { key: 'C-1', element: 'third', turn: 2 });
  await child(tx, 'C-1', 'first', 'completed');
  await child(tx, 'C-1', 'second', 'failed');
  await child(tx, 'C-1', 'third');
  await insert(tx, 'call_escalation', {
    id: id('escalation'),
    wait_id: id('C-1/third'),
    child_id: id('C-1/third'),
    child_revision: 1,
    code: 'LATE',
    at: at(42),
    next_at: at(42),
    done_at: at(43),
  });
  const cancel = { by: 'operator', command: 'cancel a process instance', trigger: 'cancel', cancels: ['only'] };
  await live(tx, { key: 'C-2', process: 'callers', from: 40, ended: 'cancelled', steps: [start('only'), cancel] });
  await call(tx, { key: 'C-2', element: 'only', turn: 4, outcome: { status: 'cancelled', by: 'call', reason: null } });
  await child(tx, 'C-2', 'only', 'cancelled');
}
