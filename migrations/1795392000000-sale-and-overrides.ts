import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prices and taxes as data, earlier offers, stock at several locations, and overrides whose four eyes count the principal (docs/domain.md). */
export class SaleAndOverrides1795392000000 implements MigrationInterface {
  name = 'SaleAndOverrides1795392000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.product
        add column restricted boolean not null default false,
        add column goods_class text not null default 'STANDARD' check (goods_class in ('STANDARD', 'CUSTOM_MADE', 'PERISHABLE')),
        alter column tax_class set default 'NONE';
      create table orderflow.tax_rate (
        tax_class text not null,
        valid_from date not null,
        rate_bp integer not null check (rate_bp between 0 and 10000),
        primary key (tax_class, valid_from)
      );
      create table orderflow.price (
        id uuid primary key,
        sku text not null references orderflow.product (sku),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        tier text check (tier in ('STANDARD', 'GOLD')),
        min_quantity bigint not null default 1 check (min_quantity > 0),
        unit_price_minor bigint not null check (unit_price_minor >= 0),
        valid_from date not null,
        valid_to date,
        check (valid_to >= valid_from)
      );
      create index price_sku on orderflow.price (sku, currency);

      alter table orderflow.quotation_line
        add column tax_bp integer not null default 0 check (tax_bp between 0 and 10000),
        add column follows_list boolean not null default false;
      alter table orderflow.sale_line add column tax_bp integer not null default 0 check (tax_bp between 0 and 10000);
      alter table orderflow.quotation
        add column remind_at timestamptz,
        add column reminded_at timestamptz,
        add column authors text[] not null default '{}';
      create table orderflow.quotation_revision (
        quotation_id uuid not null references orderflow.quotation on delete cascade,
        offer_revision integer not null check (offer_revision >= 1),
        lines jsonb not null,
        total_minor bigint not null,
        max_line_discount_bp integer not null,
        margin_bp integer,
        fingerprint text not null,
        sent_at timestamptz,
        valid_until timestamptz,
        superseded_at timestamptz not null,
        primary key (quotation_id, offer_revision)
      );
      create trigger quotation_revision_append_only before update or delete on orderflow.quotation_revision
        for each row execute function orderflow.append_only();

      alter table orderflow.sale_order
        add column authorized_minor bigint not null default 0 check (authorized_minor >= 0),
        add column overcapture_allowed_minor bigint not null default 0 check (overcapture_allowed_minor >= 0),
        add column authors text[] not null default '{}',
        drop constraint capture_cap,
        add constraint capture_cap check (captured_minor - refunded_minor <= total_minor + overcapture_allowed_minor);

      alter table orderflow.stock_reservation
        add column override_request_id uuid references orderflow.override_request,
        drop constraint stock_reservation_job_key_sale_line_id_key,
        add constraint stock_reservation_job_key_line_level_key unique (job_key, sale_line_id, stock_level_id);
      create unique index stock_reservation_one_active on orderflow.stock_reservation (sale_line_id, stock_level_id)
        where status in ('SOFT', 'FIRM') and fulfilment_id is null;
    `);

    await db.query(`
      create table orderflow.person (
        id text primary key,
        roles text[] not null,
        revision integer not null default 1
      );
      create table orderflow.delegation (
        id uuid primary key,
        principal text not null,
        delegate text not null,
        valid_from timestamptz not null,
        valid_until timestamptz not null,
        created_by text not null,
        created_at timestamptz not null,
        revoked_by text,
        revoked_at timestamptz,
        check (principal <> delegate),
        check (valid_until > valid_from),
        check ((revoked_by is null) = (revoked_at is null))
      );
      create index delegation_delegate on orderflow.delegation (delegate, principal);

      alter table orderflow.override_request
        add column requested_on_behalf_of text,
        add column parties text[] not null default '{}',
        add column revoked_by text,
        add column revocation_reason text,
        add check ((status = 'REVOKED') = (revoked_by is not null)),
        drop constraint override_request_status_check,
        add constraint override_request_status_check check (status in
          ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'CONSUMED', 'REVOKED'));
      alter table orderflow.override_decision add column on_behalf_of text;
      create unique index override_decision_principal on orderflow.override_decision (override_request_id, coalesce(on_behalf_of, actor));

      create or replace function orderflow.four_eyes() returns trigger language plpgsql as $$
        declare
          eyes text[] := array_remove(array[new.actor, new.on_behalf_of], null);
        begin
          if exists (select 1 from orderflow.override_request o
                      where o.id = new.override_request_id and (o.requested_by = any(eyes) or o.requested_on_behalf_of = any(eyes) or o.parties && eyes)) then
            raise exception 'FOUR_EYES: % had a hand in what this override is for and may not decide it', array_to_string(eyes, ' for ') using errcode = '23514';
          end if;
          if exists (select 1 from orderflow.override_decision d
                      where d.override_request_id = new.override_request_id and d.id <> new.id and (d.actor = any(eyes) or d.on_behalf_of = any(eyes))) then
            raise exception 'FOUR_EYES: % has decided on this override already', array_to_string(eyes, ' for ') using errcode = '23514';
          end if;
          return new;
        end $$;

      create function orderflow.override_request_flow() returns trigger language plpgsql as $$
        begin
          if (new.kind, new.subject_id, new.subject_fingerprint, new.scope, new.scope_amount_minor, new.requested_by, new.requested_on_behalf_of, new.parties,
              new.required_role, new.required_approvals)
             is distinct from
             (old.kind, old.subject_id, old.subject_fingerprint, old.scope, old.scope_amount_minor, old.requested_by, old.requested_on_behalf_of, old.parties,
              old.required_role, old.required_approvals) then
            raise exception 'OVERRIDE: what was asked for in % does not change any more', old.id using errcode = '23514';
          end if;
          if new.status <> old.status and not (
               old.status = 'PENDING' and new.status in ('APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'REVOKED')
            or old.status = 'APPROVED' and new.status in ('CONSUMED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'REVOKED')) then
            raise exception 'OVERRIDE: % is %, and cannot become %', old.id, old.status, new.status using errcode = '23514';
          end if;
          if new.status = 'APPROVED' and old.status = 'PENDING' and new.required_approvals > (
               select count(distinct coalesce(d.on_behalf_of, d.actor)) from orderflow.override_decision d
                where d.override_request_id = new.id and d.decision = 'APPROVE') then
            raise exception 'OVERRIDE: % takes % people to approve it', old.id, new.required_approvals using errcode = '23514';
          end if;
          if new.status = 'CONSUMED' and new.consumed_at > new.use_by then
            raise exception 'OVERRIDE: % had to be used by %', old.id, new.use_by using errcode = '23514';
          end if;
          return new;
        end $$;
      create trigger override_request_flow before update on orderflow.override_request
        for each row execute function orderflow.override_request_flow();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger override_request_flow on orderflow.override_request;
      drop function orderflow.override_request_flow;
      create or replace function orderflow.four_eyes() returns trigger language plpgsql as $$
        begin
          if exists (select 1 from orderflow.override_request o where o.id = new.override_request_id and o.requested_by = new.actor) then
            raise exception 'FOUR_EYES: % requested this override and may not decide it', new.actor using errcode = '23514';
          end if;
          return new;
        end $$;
      drop index orderflow.override_decision_principal;
      alter table orderflow.override_decision drop column on_behalf_of;
      alter table orderflow.override_request
        drop column requested_on_behalf_of,
        drop column parties,
        drop column revoked_by,
        drop column revocation_reason,
        drop constraint override_request_status_check,
        add constraint override_request_status_check check (status in
          ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'CONSUMED'));
      drop table orderflow.delegation, orderflow.person;

      drop index orderflow.stock_reservation_one_active;
      alter table orderflow.stock_reservation
        drop constraint stock_reservation_job_key_line_level_key,
        drop column override_request_id,
        add constraint stock_reservation_job_key_sale_line_id_key unique (job_key, sale_line_id);
      alter table orderflow.sale_order
        drop constraint capture_cap,
        drop column authorized_minor,
        drop column overcapture_allowed_minor,
        drop column authors,
        add constraint capture_cap check (captured_minor - refunded_minor <= total_minor);
      drop table orderflow.quotation_revision;
      alter table orderflow.quotation drop column remind_at, drop column reminded_at, drop column authors;
      alter table orderflow.sale_line drop column tax_bp;
      alter table orderflow.quotation_line drop column tax_bp, drop column follows_list;
      drop table orderflow.price, orderflow.tax_rate;
      alter table orderflow.product drop column restricted, drop column goods_class, alter column tax_class set default 'STANDARD';
    `);
  }
}
