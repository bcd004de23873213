import { isPeriod, planDeadline } from '../persistence/deadlines.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { LockedInstance } from './instance.ts';
import type { OpenedWait } from './unit.ts';

/**
 * A timer whose element has the property `period` is due when that commercial period is over: in working time, and moving with the calendar. What the diagram says
 * (`P14D`) is what it would be without a calendar, and holds where an instance moves no order.
 */
export async function planPeriodTimers(
  tx: Transaction,
  instance: LockedInstance,
  opened: readonly OpenedWait[],
  from: Date,
): Promise<OpenedWait[]> {
  const planned: OpenedWait[] = [];
  for (const wait of opened) {
    const kind = wait.properties['period'];
    const { subject } = instance;
    if (wait.timer && kind !== undefined && isPeriod(kind) && subject) {
      const dueAt = await planDeadline(tx, { subject, kind, from });
      planned.push({ ...wait, timer: { ...wait.timer, dueAt: dueAt.toISOString() } });
    } else planned.push(wait);
  }
  return planned;
}
