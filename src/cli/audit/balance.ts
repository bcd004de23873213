import { wantedByPerson } from '../../persistence/balance.ts';
import type { Check } from './check.ts';
import { gross } from './prices.ts';

/**
 * Where each sale stands: what its customer keeps (less what is to leave yet, for one that is under way), and what pays for it. An order that was adopted was paid
 * for in another system.
 */
const standing = `
  select s.process_instance_id as instance_id, s.number as subject, s.workflow_state as state, s.overcapture_allowed_minor as allowed,
         l.kept + r.fees as kept, case when s.workflow_state = 'COMPLETED' then 0 else l.promised end as promised, r.claimed,
         s.captured_minor - s.refunded_minor - m.back_applied as applied, s.unapplied_minor - m.back + m.back_applied as unapplied, m.pending, m.forgiven, i.invoiced
    from orderflow.sale_order s
    cross join lateral (select coalesce(sum(${gross('shipped')} - ${gross('lost + returned')}), 0) as kept,
                               coalesce(sum(${gross('ordered - cancelled')} - ${gross('shipped')}), 0) as promised
                          from orderflow.sale_line where sale_order_id = s.id) l
    cross join lateral (select coalesce(sum(fee_minor), 0) as fees,
                               coalesce(sum(greatest(0, refund_minor
                                 - coalesce((select sum(amount_minor) from orderflow.payment where sale_order_id = s.id and kind = 'REFUND' and status <> 'FAILED'
                                               and starts_with(reference, 'return:' || r.id || ':refund:')), 0)
                                 - coalesce((select sum(e.amount_minor) from orderflow.invoice_entry e join orderflow.invoice i on i.id = e.invoice_id
                                              where i.sale_order_id = s.id and e.kind = 'CREDITED' and e.reference = 'return:' || r.id), 0))) filter (where r.closed_at is null), 0) as claimed
                          from orderflow.return_request r where sale_order_id = s.id and restocked_at is not null) r
    cross join lateral (select coalesce(sum(amount_minor) filter (where kind = 'CAPTURE' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0) as pending,
                               coalesce(sum(amount_minor) filter (where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0) as back,
                               coalesce(sum(applied_minor) filter (where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN')), 0) as back_applied,
                               coalesce(sum(applied_minor) filter (where kind = 'REFUND' and status <> 'FAILED' and ${wantedByPerson('p')}
                                 and recorded_at >= (select max(shipped_at) from orderflow.fulfilment where sale_order_id = s.id)), 0) as forgiven
                          from orderflow.payment p where sale_order_id = s.id) m
    cross join lateral (select coalesce(sum(amount_minor - coalesce((select sum(amount_minor) from orderflow.invoice_entry e where e.invoice_id = i.id and kind = 'CREDITED'), 0)), 0) as invoiced
                          from orderflow.invoice i where sale_order_id = s.id and not starts_with(reference, 'transfer:')) i
   where s.adopted_at is null and s.workflow_state in ('CLEARED', 'COMPLETED')`;

const what = `format('kept %s, to leave %s, to be given back by returns %s; applied %s, unapplied %s, under way %s, invoiced %s, a gesture %s', kept, promised, claimed,
                    applied, unapplied, pending, invoiced, forgiven) as what`;

/** What an order costs and what was paid for it come to the same in the end, or a row says why not. Amounts in minor units. */
export const balanceChecks: readonly Check[] = [
  {
    id: 'A32a',
    title: 'A sale keeps no money that nothing is owed for, but for what is on its way back',
    sql: `select instance_id, subject, ${what} from (${standing}) s
           where least(applied + case when state = 'COMPLETED' then unapplied else 0 end,
                       applied + unapplied + invoiced - kept - promised - claimed - allowed - case when state = 'COMPLETED' then 0 else unapplied end) > 0`,
  },
  {
    id: 'A32b',
    title: 'What the customers of completed sales keep is paid, invoiced or given to them',
    sql: `select instance_id, subject, ${what} from (${standing}) s
           where state = 'COMPLETED' and kept > applied + unapplied + pending + invoiced + forgiven`,
  },
];
