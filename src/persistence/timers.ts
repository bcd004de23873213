import type { Transaction } from './transaction.ts';

/** The open repeating timer at a slot: the point of its grid that it was due at, also when somebody has set another due date for this once. */
export const repeatingTimer = (tx: Transaction, instanceId: string, slot: string) =>
  tx.maybeOne<{ readonly interval: string; readonly dueAt: Date }>(
    `select repeat_interval as interval, coalesce(planned_at, due_at) as "dueAt" from orderflow.wait
      where instance_id = $1 and slot = $2 and status = 'open' and kind = 'timer' and repeat_interval is not null`,
    [instanceId, slot],
  );

/** An open timer of an instance that is locked. */
export interface OpenTimer {
  readonly id: string;
  readonly slot: string;
  readonly elementId: string;
  readonly revision: number;
  readonly dueAt: Date;
  readonly plannedAt: Date | null;
  readonly interval: string | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** The timer, as long as it is open; whoever reads it to change it has locked its instance. */
export const openTimer = (tx: Transaction, id: string) =>
  tx.maybeOne<OpenTimer>(
    `select id, slot, element_id as "elementId", revision, due_at as "dueAt", planned_at as "plannedAt", repeat_interval as interval, properties
       from orderflow.wait where id = $1 and kind = 'timer' and status = 'open'`,
    [id],
  );

/** Sets another due date for an open timer. One that rests for an incident goes on resting. `plannedAt`: the point of the grid that this firing stands for. */
export async function setDueDate(
  tx: Transaction,
  timer: Pick<OpenTimer, 'id'>,
  dueAt: Date,
  plannedAt: Date | null,
): Promise<void> {
  await tx.execute(
    `update orderflow.wait set due_at = $2, planned_at = $3, revision = revision + 1, next_at = case when next_at = 'infinity' then next_at else $2 end
      where id = $1 and status = 'open'`,
    [timer.id, dueAt, plannedAt],
  );
}
