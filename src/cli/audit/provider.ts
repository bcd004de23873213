import type { Check } from './check.ts';

/**
 * The provider's own ledger (`GET /ledger`), read before or after the picture of our data was taken, as rows; and the job that each effect's key names. A key is `instance:wait`, with a suffix where one job
 * has several effects.
 */
const effects = (when: 'before' | 'after'): string => `
  with effect as (
    select e.*, w.id as wait_id, w.instance_id, w.job_type, w.status as wait_status
      from asked
      cross join lateral jsonb_to_recordset(asked.ledger_${when} -> 'effects')
        as e (operation text, outcome text, "idempotencyKey" text, reference text, "providerReference" text, "amountMinor" bigint, currency text, webhook jsonb)
      left join orderflow.wait w on split_part(e."idempotencyKey", ':', 1) = w.instance_id::text and split_part(e."idempotencyKey", ':', 2) = w.id::text
  )`;

/** A label that the carrier has taken back, or whose goods it brings back; the row of the booking is `e`. */
const isVoided = `exists (select from effect v where v.operation in ('carrier.void', 'carrier.return') and v.outcome = 'done' and v."providerReference" = e."providerReference")`;

/** What the world outside did, held against what we say that it did. Only where the provider's ledger can be read. */
export const providerChecks: readonly Check[] = [
  {
    id: 'A11a',
    title: 'Each payment request, capture of an authorisation and booking that is done reached the provider',
    sql: `${effects('after')}
      select w.instance_id, i.business_key as subject, format('%s %s is done, but the provider has no effect with its key', w.job_type, w.id) as what
        from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
        left join effect e on e.wait_id = w.id and e.operation = w.job_type
       where w.kind = 'job' and w.status = 'completed' and w.job_type = 'carrier.book' and e.wait_id is null
      union all
      select s.process_instance_id, s.number, format('%s %s of %s %s is %s, but the provider has %s with its key', p.kind, p.reference, p.amount_minor, p.currency, p.status,
             coalesce(e."amountMinor" || ' ' || e.currency, 'nothing'))
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join effect e on e."idempotencyKey" = p.reference and e.outcome = 'done'
              and e.operation = case p.kind when 'CAPTURE' then 'payment.capture' else 'payment.request' end
       where p.provider = 'payments' and p.status in ('SUCCEEDED', 'REVERSED')
         and (p.kind in ('INTENT', 'AUTH') or (p.kind = 'CAPTURE' and p.provider_reference is not null))
         and (e."amountMinor", e.currency, e.reference) is distinct from (p.amount_minor, p.currency, s.number)`,
  },
  {
    id: 'A11b',
    title: 'Each refund, void and chargeback that we wrote down was made, with its amount',
    sql: `${effects('after')}
      select s.process_instance_id as instance_id, s.number as subject,
             format('%s %s of %s %s: the provider did %s', p.kind, p.reference, p.amount_minor, p.currency, coalesce(e."amountMinor" || ' ' || e.currency, 'nothing')) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join effect e on e.operation = case p.kind when 'REVERSAL' then 'payment.reverse' else 'payment.refund' end and e.outcome = 'done'
              and (e."idempotencyKey" = p.reference or e."providerReference" = split_part(p.reference, ':', 1))
       where p.kind in ('REFUND', 'REVERSAL') and p.provider = 'payments' and p.status = 'SUCCEEDED'
         and (e."amountMinor", e.currency, e.reference) is distinct from (p.amount_minor, p.currency, s.number)
      union all
      select s.process_instance_id, s.number, format('%s was voided, but the provider was not told', p.reference)
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join effect e on e.operation = 'payment.void' and e."idempotencyKey" = p.reference || ':void'
       where p.kind = 'VOID' and p.provider = 'payments' and p.status = 'SUCCEEDED' and p.provider_reference <> '-' and e.operation is null`,
  },
  {
    id: 'A11c',
    title: 'Each capture that the provider told us of is written down, with its amount',
    sql: `${effects('before')}
      select s.process_instance_id as instance_id, e.reference as subject,
             format('capture %s of %s %s: %s is written down', e."providerReference", e."amountMinor", e.currency, coalesce(p.amount_minor || ' ' || p.currency, 'nothing')) as what
        from effect e left join orderflow.sale_order s on s.number = e.reference
        left join orderflow.payment p on p.provider = 'payments' and p.kind = 'CAPTURE' and coalesce(p.provider_reference, p.reference) = e."providerReference"
       where e.operation = 'payment.capture' and e.outcome = 'done' and (e.webhook ->> 'accepted')::int > 0
         and (p.amount_minor, p.currency, p.sale_order_id) is distinct from (e."amountMinor", e.currency, s.id)`,
  },
  {
    id: 'A12a',
    title: 'The provider did nothing that nobody here asked for, or was told of',
    sql: `${effects('before')}
      select e.instance_id, e.reference as subject,
             format('%s with the key %s: its job is %s', e.operation, e."idempotencyKey", coalesce(e.job_type || ', ' || e.wait_status, 'unknown')) as what
        from effect e
       where e.outcome = 'done' and e.operation = 'carrier.book'
         and (e.job_type is distinct from e.operation or (e.wait_status = 'cancelled' and not ${isVoided}))
      union all
      select s.process_instance_id, e.reference, format('%s with the key %s, of which nothing is written down', e.operation, e."idempotencyKey")
        from effect e left join orderflow.sale_order s on s.number = e.reference
       where e.outcome = 'done' and e.operation in ('payment.request', 'payment.void', 'payment.refund', 'payment.reverse')
         and (e.webhook is null or (e.webhook ->> 'accepted')::int > 0)
         and not exists (select from orderflow.payment p
                          where p.sale_order_id = s.id
                            and case e.operation when 'payment.request' then p.kind in ('INTENT', 'AUTH') and p.reference = e."idempotencyKey"
                                                 when 'payment.void' then p.kind = 'VOID' and p.reference || ':void' = e."idempotencyKey"
                                                 else p.kind in ('REFUND', 'REVERSAL')
                                                      and (p.reference = e."idempotencyKey" or split_part(p.reference, ':', 1) = e."providerReference") end)`,
  },
  {
    id: 'A12b',
    title: 'We wrote down no capture that the provider does not know',
    sql: `${effects('after')}
      select s.process_instance_id as instance_id, s.number as subject, format('capture %s of %s %s is unknown to the provider', p.reference, p.amount_minor, p.currency) as what
        from orderflow.payment p join orderflow.sale_order s on s.id = p.sale_order_id
        left join effect e on e.operation = 'payment.capture' and e.outcome = 'done'
              and e."providerReference" = coalesce(p.provider_reference, p.reference)
       where p.kind = 'CAPTURE' and p.provider = 'payments' and p.status in ('SUCCEEDED', 'REVERSED') and e.operation is null`,
  },
  {
    id: 'A12c',
    title: 'The provider asks nobody for money for a sale that came to nothing',
    sql: `${effects('after')}
      select s.process_instance_id as instance_id, s.number as subject,
             format('it is %s, but the payment %s of %s %s was never voided', s.workflow_state, e."providerReference", e."amountMinor", e.currency) as what
        from effect e join orderflow.sale_order s on s.number = e.reference
        left join effect v on v.operation = 'payment.void' and v."providerReference" = e."providerReference"
        left join orderflow.payment p on p.sale_order_id = s.id and p.kind in ('INTENT', 'AUTH') and p.reference = e."idempotencyKey"
        left join orderflow.payment w on w.kind = 'VOID' and w.parent_id = p.id
       where e.operation = 'payment.request' and e.outcome = 'done' and s.workflow_state in ('CANCELLED', 'REJECTED') and v.operation is null
         -- what the bank declined needs no void, and what is on its way to be voided will be
         and (p.status is distinct from 'FAILED' or p.failure_code = 'voided') and coalesce(w.status, 'SUCCEEDED') = 'SUCCEEDED'`,
  },
  {
    id: 'A12d',
    title: 'The carrier has no label for a shipment that will not leave',
    sql: `${effects('after')}
      select f.process_instance_id as instance_id, f.number as subject, format('it is %s, but its label %s was never voided', f.workflow_state, e."providerReference") as what
        from effect e join orderflow.fulfilment f on f.number = e.reference
       where e.operation = 'carrier.book' and e.outcome = 'done' and f.workflow_state = 'CANCELLED' and not ${isVoided}`,
  },
  {
    id: 'A13',
    title: 'The provider did nothing twice',
    sql: `${effects('before')}
      select (array_agg(e.instance_id))[1] as instance_id, e.reference as subject, format('%s was done %s times, with the keys %s', e.operation, count(*),
             string_agg(e."idempotencyKey", ', ' order by e."idempotencyKey")) as what
        from effect e
       where e.outcome = 'done' and e.operation in ('payment.request', 'payment.void', 'carrier.book')
         and not (e.operation = 'carrier.book' and ${isVoided})
       group by e.operation, e.reference,
                case e.operation when 'carrier.book' then '' else coalesce(e.wait_id::text, split_part(e."idempotencyKey", ':', 2)) end,
                case when e.operation = 'payment.void' then e."providerReference" end
      having count(*) > 1
      union all
      select s.process_instance_id, s.number, format('%s came and %s went back at the provider', e.came, e.back)
        from (select reference, coalesce(sum("amountMinor") filter (where operation = 'payment.capture'), 0) as came,
                     coalesce(sum("amountMinor") filter (where operation in ('payment.refund', 'payment.reverse')), 0) as back
                from effect where outcome = 'done' group by 1) e join orderflow.sale_order s on s.number = e.reference
       where e.back > e.came`,
  },
];

/** What must be finished with the world outside once everything had time to catch up. */
export const drainedProviderChecks: readonly Check[] = [
  {
    id: 'A10d',
    title: 'No capture is left over that the provider could not tell us of',
    sql: `${effects('before')}
      select s.process_instance_id as instance_id, e.reference as subject,
             format('capture %s of %s %s: %s deliveries, none accepted', e."providerReference", e."amountMinor", e.currency, e.webhook ->> 'deliveries') as what
        from effect e left join orderflow.sale_order s on s.number = e.reference
       where e.operation = 'payment.capture' and e.outcome = 'done' and (e.webhook ->> 'accepted')::int = 0
         and not exists (select from orderflow.payment p where p.provider = 'payments' and p.kind = 'CAPTURE'
                            and coalesce(p.provider_reference, p.reference) = e."providerReference")`,
  },
];
