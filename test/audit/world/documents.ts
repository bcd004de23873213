import type { Transaction } from '../../../src/persistence/transaction.ts';
import { at, id, insert, job, live } from '../life.ts';

/** D-1 was scanned by the second of two workers, after the first had lost it; D-2 is being scanned; D-3 waits for a worker. */
export async function documents(tx: Transaction): Promise<void> {
  const version = { deployment_id: id('deployment'), process_id: 'document', version: 1, resource_name: 'document.bpmn' };
  await insert(tx, 'process_definition', { id: id('definition of document'), ...version });
  const start = { by: 'operator', command: 'start a process instance', trigger: 'create', opens: [job('scan', 'document.scan')] };
  const process = 'document';
  await live(tx, { key: 'D-1', process, from: 60, ended: 'completed', steps: [start, { by: 'worker', completes: 'scan' }] });
  await live(tx, { key: 'D-2', process, from: 60, steps: [start] });
  await live(tx, { key: 'D-3', process, from: 60, steps: [start] });
  await tx.execute(`update orderflow.outbox set external = true where job_type = 'document.scan'`);
  const lease = (key: string, worker: string, from: number, ended: object = {}) =>
    insert(tx, 'job_lease', {
      token: id(`${key} of ${worker}`),
      job_id: id(`${key}/scan`),
      worker,
      actor: 'worker',
      leased_at: at(from),
      until: at(from + 0.2),
      ...ended,
    });
  await lease('D-1', 'slow', 60, { outcome: 'expired', ended_at: at(60.5) });
  await lease('D-1', 'quick', 60.5, { outcome: 'completed', ended_at: at(61), command_id: id('D-1#2') });
  await lease('D-2', 'quick', 61);
  await tx.execute(
    `update orderflow.outbox set lease_token = $2, leased_by = 'quick', deliveries = 1, next_at = orderflow.now() + interval '1 minute' where wait_id = $1`,
    [id('D-2/scan'), id('D-2 of quick')],
  );
}
