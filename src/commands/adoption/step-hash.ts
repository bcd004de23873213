import type { Unit } from '../unit.ts';
import type { Row, Rows } from './rows.ts';

/** The database knows how a step is hashed; the instance carries the hash of its only step. */
export async function hashSteps({ tx }: Unit, rows: Rows): Promise<void> {
  const steps = rows.of('step') as (Row & { hash: string | null; readonly instance_id: string })[];
  if (steps.length === 0) return;
  const hashes = await tx.query<{ id: string; hash: string }>(
    `select instance_id as id, orderflow.step_digest(null, instance_id, revision, trigger, null, null, actor, null, command_id, opened, closed, trail, asked, state_hash, at) as hash
       from jsonb_populate_recordset(null::orderflow.step, $1::jsonb)`,
    [JSON.stringify(steps)],
  );
  const byId = new Map(hashes.map(({ id, hash }) => [id, hash]));
  for (const step of steps) step.hash = byId.get(step.instance_id) ?? null;
  for (const instance of rows.of('process_instance') as (Row & { log_head: string | null; readonly id: string })[])
    instance.log_head = byId.get(instance.id) ?? null;
}
