import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, live } from '../life.ts';

const starter = (
  process: string,
  element: string,
  columns: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  process_id: process,
  element_id: element,
  process_definition_id: id(`definition of ${process}`),
  ...columns,
});

/** B-1 was started by a message and has heard a signal; B-2 waits for its turn behind it. A signal has started one instance, a timer another. */
export async function starts(tx: Transaction): Promise<void> {
  for (const process of ['begun', 'daily']) {
    const version = { deployment_id: id('deployment'), process_id: process, version: 1, resource_name: `${process}.bpmn` };
    await insert(tx, 'process_definition', { id: id(`definition of ${process}`), ...version });
  }
  await insert(tx, 'start_event', starter('begun', 'by_message', { kind: 'message', name: 'placed' }));
  await insert(tx, 'start_event', starter('begun', 'by_signal', { kind: 'signal', name: 'rain' }));
  const tomorrow = at(3 * 86_400);
  const daily = { kind: 'timer', timer_type: 'timeCycle', timer_text: '@daily', repeat_left: -1, repeat_interval: '@daily' };
  await insert(
    tx,
    'start_event',
    starter('daily', 'by_time', { ...daily, due_at: tomorrow, next_at: tomorrow, firings: 1, fired_at: at(60) }),
  );

  for (const [number, second] of [
    [1, 50],
    [2, 51],
  ] as const) {
    const times = { received_at: at(second), expires_at: at(9 * 86_400), next_at: at(second) };
    const message = {
      id: id(`placed ${number}`),
      name: 'placed',
      correlation_key: 'B-1',
      variables: {},
      source: 'test',
      ...times,
    };
    await insert(tx, 'message', { ...message, consumed_at: number === 1 ? at(50) : null });
  }
  const wait = { element: 'hear', kind: 'signal', signal_name: 'rain' };
  await live(tx, {
    key: 'B-1',
    process: 'begun',
    from: 50,
    steps: [
      { by: 'message', command: 'start by a message', trigger: 'message:placed', opens: [wait] },
      {
        by: 'signal',
        command: 'deliver a signal',
        trigger: 'signal:rain',
        completes: 'hear',
        opens: [{ element: 'rest', kind: 'user' }],
      },
    ],
  });
  await insert(tx, 'message_start', {
    message_id: id('placed 1'),
    process_id: 'begun',
    next_at: at(50),
    done_at: at(50),
    instance_id: id('B-1'),
  });
  await insert(tx, 'message_start', { message_id: id('placed 2'), process_id: 'begun', next_at: at(51) });
  await live(tx, {
    key: 'rain@1',
    process: 'begun',
    from: 52,
    ended: 'completed',
    steps: [{ by: 'signal', command: 'deliver a signal', trigger: 'signal:rain' }],
  });
  await live(tx, {
    key: 'by_time@now',
    process: 'daily',
    from: 60,
    ended: 'completed',
    steps: [{ by: 'timer', command: 'start by a timer', trigger: 'timer' }],
  });

  await insert(tx, 'signal', { id: id('rain'), name: 'rain', variables: {}, source: 'actor:operator', at: at(50) });
  const delivery = { signal_id: id('rain'), sequence: 1, next_at: at(50), done_at: at(51) };
  const heard = { wait_id: id('B-1/hear'), instance_id: id('B-1'), slot: 'hear', received_wait_id: id('B-1/hear') };
  await insert(tx, 'signal_delivery', { id: id('rain to B-1'), ...delivery, ...heard });
  await insert(tx, 'signal_delivery', {
    id: id('rain to begun'),
    ...delivery,
    process_id: 'begun',
    started_instance_id: id('rain@1'),
  });
}
