import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Authorisations, partial refunds, chargebacks and settlements in the payment ledger; invoices with a ledger of their own; money on account. */
export class Money1795392000002 implements MigrationInterface {
  name = 'Money1795392000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index orderflow.payment_refund_once;
      alter table orderflow.payment rename column refund_of to parent_id;
      alter table orderflow.payment rename constraint payment_refund_of_fkey to payment_parent_id_fkey;
      alter table orderflow.payment
        add column fulfilment_id uuid references orderflow.fulfilment,
        add column method text,
        add column reason text,
        add column attempts integer not null default 0 check (attempts >= 0),
        add column next_at timestamptz,
        drop constraint payment_kind_check,
        add constraint payment_kind_check check (kind in ('INTENT', 'AUTH', 'CAPTURE', 'REFUND', 'VOID', 'REVERSAL', 'SETTLEMENT')),
        drop constraint payment_status_check,
        add constraint payment_status_check check (status in ('REQUESTED', 'PENDING', 'SUCCEEDED', 'FAILED', 'UNKNOWN', 'REVERSED')),
        add constraint payment_parent_check check (kind not in ('REFUND', 'REVERSAL') or parent_id is not null),
        add constraint payment_reversed_check check (status <> 'REVERSED' or kind = 'CAPTURE'),
        add constraint payment_settled_check check (next_at is null or status in ('REQUESTED', 'PENDING', 'UNKNOWN'));
      create index payment_parent on orderflow.payment (parent_id) where parent_id is not null;
      create index payment_provider_reference on orderflow.payment (provider, provider_reference) where provider_reference is not null;
      create index payment_unsettled on orderflow.payment (next_at, id) where next_at is not null;

      alter table orderflow.incident add column payment_id uuid references orderflow.payment;
      create unique index incident_open_payment on orderflow.incident (payment_id) where resolved_at is null and payment_id is not null;

      create sequence orderflow.invoice_number;
      create table orderflow.invoice (
        id uuid primary key,
        number text not null unique,
        kind text not null check (kind in ('SHIPMENT', 'RECEIVABLE', 'CHARGEBACK')),
        credit_profile_id uuid not null references orderflow.credit_profile,
        sale_order_id uuid not null references orderflow.sale_order,
        fulfilment_id uuid references orderflow.fulfilment,
        reference text not null unique,
        amount_minor bigint not null check (amount_minor > 0),
        open_minor bigint not null check (open_minor between 0 and amount_minor),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        issued_at timestamptz not null,
        due_at timestamptz not null,
        revision integer not null default 1,
        check (due_at >= issued_at)
      );
      create index invoice_sale on orderflow.invoice (sale_order_id, issued_at);
      create index invoice_open on orderflow.invoice (credit_profile_id, due_at) where open_minor > 0;
      create table orderflow.invoice_entry (
        id uuid primary key,
        invoice_id uuid not null references orderflow.invoice,
        kind text not null check (kind in ('ISSUED', 'PAID', 'FREED', 'CREDITED', 'WRITTEN_OFF')),
        amount_minor bigint not null check (amount_minor > 0),
        reference text not null,
        at timestamptz not null,
        unique (invoice_id, kind, reference)
      );
      create trigger invoice_entry_append_only before update or delete on orderflow.invoice_entry
        for each row execute function orderflow.append_only();

      alter table orderflow.credit_movement
        alter column credit_hold_id drop not null,
        drop constraint credit_movement_kind_check,
        add constraint credit_movement_kind_check check (kind in ('HELD', 'RELEASED', 'INVOICED', 'CASH_IN', 'CASH_OUT')),
        add constraint credit_movement_hold_check check ((kind in ('HELD', 'RELEASED', 'INVOICED')) = (credit_hold_id is not null));
      create unique index credit_movement_cash on orderflow.credit_movement (credit_profile_id, kind, reference) where credit_hold_id is null;
    `);
    // what was invoiced before there were invoices becomes one for each shipment, so that the profiles keep adding up
    await db.query(`
      insert into orderflow.invoice (id, number, kind, credit_profile_id, sale_order_id, fulfilment_id, reference, amount_minor, open_minor, currency, issued_at, due_at)
      select gen_random_uuid(), 'I-' || lpad(nextval('orderflow.invoice_number')::text, 6, '0'), 'SHIPMENT', m.credit_profile_id, h.sale_order_id, f.id,
             m.reference, m.amount_minor, m.amount_minor, p.currency, m.at, m.at + p.terms_days * interval '1 day'
        from (select * from orderflow.credit_movement where kind = 'INVOICED' and amount_minor > 0 order by at, id) m
        join orderflow.credit_hold h on h.id = m.credit_hold_id
        join orderflow.credit_profile p on p.id = m.credit_profile_id
        left join orderflow.process_instance i on i.id::text = split_part(m.reference, ':', 1) and i.subject_type = 'fulfilment'
        left join orderflow.fulfilment f on f.id = i.subject_id;
      insert into orderflow.invoice_entry (id, invoice_id, kind, amount_minor, reference, at)
      select gen_random_uuid(), id, 'ISSUED', amount_minor, reference, issued_at from orderflow.invoice;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index orderflow.credit_movement_cash;
      alter table orderflow.credit_movement disable trigger credit_movement_append_only;
      delete from orderflow.credit_movement where credit_hold_id is null;
      alter table orderflow.credit_movement enable trigger credit_movement_append_only;
      alter table orderflow.credit_movement
        drop constraint credit_movement_hold_check,
        drop constraint credit_movement_kind_check,
        add constraint credit_movement_kind_check check (kind in ('HELD', 'RELEASED', 'INVOICED')),
        alter column credit_hold_id set not null;
      drop table orderflow.invoice_entry;
      drop table orderflow.invoice;
      drop sequence orderflow.invoice_number;
      drop index orderflow.incident_open_payment;
      alter table orderflow.incident drop column payment_id;
      drop index orderflow.payment_unsettled;
      drop index orderflow.payment_provider_reference;
      drop index orderflow.payment_parent;
      alter table orderflow.payment
        drop constraint payment_settled_check,
        drop constraint payment_reversed_check,
        drop constraint payment_parent_check,
        drop constraint payment_status_check,
        drop constraint payment_kind_check,
        drop column next_at,
        drop column attempts,
        drop column reason,
        drop column method,
        drop column fulfilment_id;
      -- a capture had no parent and one refund at most
      update orderflow.payment set parent_id = null
       where kind <> 'REFUND' or id not in (select distinct on (parent_id) id from orderflow.payment where kind = 'REFUND' order by parent_id, recorded_at, id);
      update orderflow.payment set status = 'SUCCEEDED' where status = 'REVERSED';
      delete from orderflow.payment where kind in ('AUTH', 'REVERSAL', 'SETTLEMENT') or status = 'PENDING';
      alter table orderflow.payment
        add constraint payment_kind_check check (kind in ('INTENT', 'CAPTURE', 'REFUND', 'VOID')),
        add constraint payment_status_check check (status in ('REQUESTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'));
      alter table orderflow.payment rename constraint payment_parent_id_fkey to payment_refund_of_fkey;
      alter table orderflow.payment rename column parent_id to refund_of;
      create unique index payment_refund_once on orderflow.payment (refund_of) where refund_of is not null;
    `);
  }
}
