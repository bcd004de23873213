import { emit } from '../persistence/events.ts';
import { systemActor } from '../policies/actor.ts';
import { perform } from './perform.ts';
import type { Deps } from './unit.ts';

/** What is overdue of a profile's invoices, and for how many whole days the oldest of it has been. */
const overdueOf = (profileId: string, at: string): string => `
  select coalesce(sum(i.open_minor), 0)::bigint as amount, coalesce(max(extract(day from ${at} - i.due_at)), 0)::int as days
    from orderflow.invoice i where i.credit_profile_id = ${profileId} and i.open_minor > 0 and i.due_at < ${at}`;

/** Writes down for every credit profile what has become overdue by now; payments keep it up to date in between. */
export async function refreshOverdue(deps: Deps, at: Date): Promise<void> {
  const stale = await deps.database.query<{ id: string }>(
    `select p.id from orderflow.credit_profile p cross join lateral (${overdueOf('p.id', '$1::timestamptz')}) o
      where (p.overdue_minor, p.max_overdue_days) is distinct from (o.amount, o.days) order by p.id`,
    [at],
  );
  for (const { id } of stale) {
    const request = { name: 'refresh what is overdue', actor: systemActor('sweep:overdue'), payload: { id } };
    await perform(deps, { ...request, key: `overdue:${id}:${at.toISOString()}` }, async ({ tx, now }) => {
      await tx.query('select 1 from orderflow.credit_profile where id = $1 for no key update', [id]);
      const changed = await tx.maybeOne<{ overdueMinor: number; maxOverdueDays: number; currency: string }>(
        `update orderflow.credit_profile p set overdue_minor = o.amount, max_overdue_days = o.days, revision = p.revision + 1
           from (${overdueOf('$1', '$2::timestamptz')}) o
          where p.id = $1 and (p.overdue_minor, p.max_overdue_days) is distinct from (o.amount, o.days)
          returning p.overdue_minor as "overdueMinor", p.max_overdue_days as "maxOverdueDays", p.currency`,
        [id, now],
      );
      if (changed)
        await emit(tx, { type: 'credit.exposure-changed', subject: { type: 'credit_profile', id }, data: { ...changed } });
      return { status: 200, body: {} };
    });
  }
}
