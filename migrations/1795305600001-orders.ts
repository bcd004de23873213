import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The business side: who buys what, the orders, and the ledgers of stock, credit and money (docs/domain.md). Money is in minor units. */
export class Orders1795305600001 implements MigrationInterface {
  name = 'Orders1795305600001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.customer (
        id uuid primary key,
        code text not null unique,
        name text not null,
        tier text not null default 'STANDARD' check (tier in ('STANDARD', 'GOLD')),
        status text not null default 'ACTIVE' check (status in ('ACTIVE', 'BLOCKED', 'CLOSED')),
        payment_method text check (payment_method in ('TERMS', 'PREPAY', 'CARD', 'DEPOSIT')),
        shipping_policy text not null default 'ALLOW_SPLIT' check (shipping_policy in ('COMPLETE_ONLY', 'ALLOW_SPLIT', 'ASK')),
        revision integer not null default 1
      );
      create table orderflow.product (
        id uuid primary key,
        sku text not null unique,
        name text not null,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        list_price_minor bigint not null check (list_price_minor >= 0),
        cost_minor bigint not null check (cost_minor >= 0),
        tax_class text not null default 'STANDARD',
        line_policy text not null default 'BACKORDER' check (line_policy in ('BACKORDER', 'NO_BACKORDER', 'DISCONTINUED')),
        replenish_days integer not null default 7 check (replenish_days >= 0),
        return_window_seconds integer not null default 2592000 check (return_window_seconds >= 0),
        revision integer not null default 1
      );

      create table orderflow.credit_profile (
        id uuid primary key,
        customer_id uuid not null references orderflow.customer,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        limit_minor bigint not null default 0 check (limit_minor >= 0),
        open_orders_minor bigint not null default 0 check (open_orders_minor >= 0),
        unpaid_invoices_minor bigint not null default 0 check (unpaid_invoices_minor >= 0),
        unapplied_cash_minor bigint not null default 0 check (unapplied_cash_minor >= 0),
        overdue_minor bigint not null default 0 check (overdue_minor >= 0 and overdue_minor <= unpaid_invoices_minor),
        max_overdue_days integer not null default 0 check (max_overdue_days >= 0),
        hold text not null default 'NONE' check (hold in ('NONE', 'WATCH', 'HOLD', 'STOP')),
        hold_reason text,
        risk_class text not null default 'C' check (risk_class in ('A', 'B', 'C', 'D')),
        terms_days integer not null default 30 check (terms_days between 0 and 365),
        limit_reduced_at timestamptz,
        revision integer not null default 1,
        exposure_minor bigint not null generated always as (open_orders_minor + unpaid_invoices_minor - unapplied_cash_minor) stored,
        unique (customer_id, currency),
        check (hold = 'NONE' or hold_reason is not null)
      );
      create table orderflow.sales_aggregate (
        customer_id uuid not null references orderflow.customer,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        as_of date not null,
        orders integer not null default 0 check (orders >= 0),
        sales_minor bigint not null default 0 check (sales_minor >= 0),
        first_order_at timestamptz,
        last_order_at timestamptz,
        computed_at timestamptz not null,
        primary key (customer_id, currency, as_of)
      );
    `);

    await db.query(`
      create sequence orderflow.quotation_number;
      create sequence orderflow.sale_order_number;
      create sequence orderflow.fulfilment_number;

      create table orderflow.quotation (
        id uuid primary key,
        number text not null unique,
        customer_id uuid not null references orderflow.customer,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        note text,
        offer_revision integer not null default 1 check (offer_revision >= 1),
        workflow_state text,
        workflow_context jsonb not null default '{}',
        transition_count integer not null default 0,
        process_instance_id uuid unique references orderflow.process_instance,
        total_minor bigint not null default 0 check (total_minor >= 0),
        max_line_discount_bp integer not null default 0 check (max_line_discount_bp between 0 and 10000),
        margin_bp integer,
        fingerprint text,
        valid_until timestamptz,
        sent_at timestamptz,
        accepted_at timestamptz,
        closed_at timestamptz,
        revision integer not null default 1,
        created_by text not null,
        created_at timestamptz not null,
        check (workflow_state <> 'SENT' or (valid_until is not null and fingerprint is not null)),
        check (workflow_state <> 'APPROVED' or accepted_at is not null)
      );
      create index quotation_customer on orderflow.quotation (customer_id, created_at desc);
      create table orderflow.quotation_line (
        id uuid primary key,
        quotation_id uuid not null references orderflow.quotation on delete cascade,
        line_no integer not null,
        sku text not null references orderflow.product (sku),
        quantity bigint not null check (quantity > 0),
        unit_price_minor bigint not null check (unit_price_minor >= 0),
        discount_bp integer not null default 0 check (discount_bp between 0 and 10000),
        unique (quotation_id, line_no)
      );

      create table orderflow.sale_order (
        id uuid primary key,
        number text not null unique,
        quotation_id uuid unique references orderflow.quotation,
        customer_id uuid not null references orderflow.customer,
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        workflow_state text,
        workflow_context jsonb not null default '{}',
        transition_count integer not null default 0,
        process_instance_id uuid unique references orderflow.process_instance,
        fingerprint text not null,
        total_minor bigint not null check (total_minor >= 0),
        on_terms_minor bigint not null default 0 check (on_terms_minor >= 0),
        prepay_minor bigint not null default 0 check (prepay_minor >= 0),
        captured_minor bigint not null default 0 check (captured_minor >= 0),
        refunded_minor bigint not null default 0 check (refunded_minor >= 0),
        unapplied_minor bigint not null default 0 check (unapplied_minor >= 0),
        payment_method text check (payment_method in ('TERMS', 'PREPAY', 'CARD', 'DEPOSIT')),
        cancel_reason text,
        cancel_requested_at timestamptz,
        cleared_at timestamptz,
        closed_at timestamptz,
        revision integer not null default 1,
        created_by text not null,
        created_at timestamptz not null,
        constraint capture_cap check (captured_minor - refunded_minor <= total_minor),
        constraint refund_cap check (refunded_minor <= captured_minor),
        constraint payable_split check (on_terms_minor + prepay_minor <= total_minor),
        constraint terminal_closed check (workflow_state not in ('COMPLETED', 'CANCELLED', 'REJECTED') or closed_at is not null)
      );
      create index sale_order_customer on orderflow.sale_order (customer_id, created_at desc);
      create index sale_order_state on orderflow.sale_order (workflow_state, created_at)
        where workflow_state not in ('COMPLETED', 'CANCELLED', 'REJECTED');
      create table orderflow.sale_line (
        id uuid primary key,
        sale_order_id uuid not null references orderflow.sale_order on delete cascade,
        line_no integer not null,
        sku text not null references orderflow.product (sku),
        unit_price_minor bigint not null check (unit_price_minor >= 0),
        discount_bp integer not null default 0 check (discount_bp between 0 and 10000),
        ordered bigint not null check (ordered > 0),
        cancelled bigint not null default 0 check (cancelled >= 0),
        reserved bigint not null default 0 check (reserved >= 0),
        backordered bigint not null default 0 check (backordered >= 0),
        shipped bigint not null default 0 check (shipped >= 0),
        delivered bigint not null default 0 check (delivered >= 0),
        unique (sale_order_id, line_no),
        constraint line_budget check (cancelled + reserved + backordered + shipped <= ordered),
        constraint line_delivery check (delivered <= shipped)
      );

      create table orderflow.fulfilment (
        id uuid primary key,
        number text not null unique,
        sale_order_id uuid not null references orderflow.sale_order,
        location text not null,
        workflow_state text,
        workflow_context jsonb not null default '{}',
        transition_count integer not null default 0,
        process_instance_id uuid unique references orderflow.process_instance,
        backorder_of_id uuid references orderflow.fulfilment,
        carrier text,
        tracking text,
        shipped_at timestamptz,
        delivered_at timestamptz,
        return_window_ends_at timestamptz,
        closed_at timestamptz,
        revision integer not null default 1,
        created_at timestamptz not null,
        check (delivered_at is null or shipped_at is not null),
        check (shipped_at is not null or workflow_state not in ('SHIPPED', 'DELIVERED', 'COMPLETED'))
      );
      create index fulfilment_sale on orderflow.fulfilment (sale_order_id);
      create table orderflow.fulfilment_line (
        id uuid primary key,
        fulfilment_id uuid not null references orderflow.fulfilment on delete cascade,
        sale_line_id uuid not null references orderflow.sale_line,
        quantity bigint not null check (quantity > 0),
        unique (fulfilment_id, sale_line_id)
      );
    `);

    await db.query(`
      create table orderflow.stock_level (
        id uuid primary key,
        sku text not null references orderflow.product (sku),
        location text not null,
        on_hand bigint not null default 0 check (on_hand >= 0),
        reserved bigint not null default 0 check (reserved >= 0),
        safety bigint not null default 0 check (safety >= 0),
        revision integer not null default 1,
        unique (sku, location),
        constraint reserved_le_on_hand check (reserved <= on_hand)
      );
      create table orderflow.stock_reservation (
        id uuid primary key,
        stock_level_id uuid not null references orderflow.stock_level,
        sale_line_id uuid not null references orderflow.sale_line,
        fulfilment_id uuid references orderflow.fulfilment,
        quantity bigint not null check (quantity > 0),
        status text not null check (status in ('SOFT', 'FIRM', 'SHIPPED', 'RELEASED', 'EXPIRED')),
        expires_at timestamptz,
        job_key text not null,
        created_at timestamptz not null,
        unique (job_key, sale_line_id),
        check ((status = 'SOFT') = (expires_at is not null))
      );
      create index stock_reservation_line on orderflow.stock_reservation (sale_line_id);
      create table orderflow.stock_movement (
        id uuid primary key,
        stock_level_id uuid not null references orderflow.stock_level,
        kind text not null check (kind in ('RECEIVED', 'RESERVED', 'RELEASED', 'SHIPPED')),
        quantity bigint not null check (quantity <> 0),
        reference text not null,
        at timestamptz not null,
        unique (stock_level_id, kind, reference)
      );
      create trigger stock_movement_append_only before update or delete on orderflow.stock_movement
        for each row execute function orderflow.append_only();
      create table orderflow.backorder_demand (
        id uuid primary key,
        fulfilment_id uuid not null references orderflow.fulfilment,
        sale_line_id uuid not null references orderflow.sale_line,
        sku text not null,
        quantity bigint not null check (quantity > 0),
        priority integer not null default 100,
        committed_at timestamptz not null,
        status text not null default 'OPEN' check (status in ('OPEN', 'FILLED', 'CANCELLED')),
        unique (fulfilment_id, sale_line_id)
      );
      create index backorder_demand_queue on orderflow.backorder_demand (sku, priority, committed_at, id) where status = 'OPEN';

      create table orderflow.credit_snapshot (
        id uuid primary key,
        credit_profile_id uuid not null references orderflow.credit_profile,
        sale_order_id uuid not null references orderflow.sale_order,
        decision_record_id uuid not null references orderflow.decision_record,
        outcome text not null check (outcome in ('APPROVE', 'APPROVE_WITH_OVERRIDE', 'REVIEW', 'HOLD', 'PREPAY', 'REFUSE')),
        limit_minor bigint not null,
        exposure_minor bigint not null,
        order_minor bigint not null,
        override_request_id uuid,
        actor text not null,
        at timestamptz not null
      );
      create index credit_snapshot_sale on orderflow.credit_snapshot (sale_order_id, at desc);
      create trigger credit_snapshot_append_only before update or delete on orderflow.credit_snapshot
        for each row execute function orderflow.append_only();
      create table orderflow.credit_hold (
        id uuid primary key,
        credit_profile_id uuid not null references orderflow.credit_profile,
        sale_order_id uuid not null references orderflow.sale_order,
        amount_minor bigint not null check (amount_minor >= 0),
        status text not null check (status in ('HELD', 'COMMITTED', 'INVOICED', 'RELEASED')),
        override_request_id uuid,
        credit_snapshot_id uuid not null references orderflow.credit_snapshot,
        created_at timestamptz not null
      );
      create unique index credit_hold_active on orderflow.credit_hold (sale_order_id) where status in ('HELD', 'COMMITTED');
      create table orderflow.credit_movement (
        id uuid primary key,
        credit_profile_id uuid not null references orderflow.credit_profile,
        kind text not null check (kind in ('HELD', 'RELEASED', 'INVOICED')),
        amount_minor bigint not null check (amount_minor >= 0),
        credit_hold_id uuid not null references orderflow.credit_hold,
        reference text not null,
        at timestamptz not null,
        unique (credit_hold_id, kind, reference)
      );
      create trigger credit_movement_append_only before update or delete on orderflow.credit_movement
        for each row execute function orderflow.append_only();

      create table orderflow.payment (
        id uuid primary key,
        sale_order_id uuid not null references orderflow.sale_order,
        kind text not null check (kind in ('INTENT', 'CAPTURE', 'REFUND', 'VOID')),
        provider text not null,
        reference text not null,
        provider_reference text,
        refund_of uuid references orderflow.payment,
        amount_minor bigint not null check (amount_minor > 0),
        applied_minor bigint not null default 0 check (applied_minor between 0 and amount_minor),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        status text not null check (status in ('REQUESTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
        failure_code text,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null,
        unique (provider, kind, reference)
      );
      create unique index payment_refund_once on orderflow.payment (refund_of) where refund_of is not null;
      create index payment_sale on orderflow.payment (sale_order_id, recorded_at);

      create table orderflow.override_request (
        id uuid primary key,
        kind text not null check (kind in ('ADMIN', 'CREDIT', 'PRICE', 'STOCK')),
        subject_type text not null check (subject_type in ('quotation', 'sale_order', 'fulfilment')),
        subject_id uuid not null,
        subject_number text not null,
        subject_fingerprint text not null,
        scope jsonb not null,
        scope_amount_minor bigint,
        reason_code text not null,
        reason text not null check (length(btrim(reason)) >= 10),
        status text not null default 'PENDING'
          check (status in ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'CONSUMED')),
        requested_by text not null,
        requested_at timestamptz not null,
        required_role text not null,
        required_approvals integer not null default 1 check (required_approvals between 1 and 3),
        approvals_count integer not null default 0,
        decide_by timestamptz not null,
        use_days integer not null check (use_days > 0),
        use_by timestamptz,
        decided_at timestamptz,
        consumed_at timestamptz,
        decision_record_id uuid references orderflow.decision_record,
        revision integer not null default 1,
        check (decide_by > requested_at),
        check (status not in ('APPROVED', 'CONSUMED') or (approvals_count >= required_approvals and use_by is not null)),
        check ((status = 'CONSUMED') = (consumed_at is not null))
      );
      create unique index override_request_one_pending on orderflow.override_request (subject_id, kind) where status = 'PENDING';
      alter table orderflow.wait add foreign key (override_request_id) references orderflow.override_request;
      create table orderflow.override_decision (
        id uuid primary key,
        override_request_id uuid not null references orderflow.override_request,
        actor text not null,
        actor_roles text[] not null,
        decision text not null check (decision in ('APPROVE', 'REJECT')),
        reason text not null,
        at timestamptz not null,
        unique (override_request_id, actor)
      );
      create function orderflow.four_eyes() returns trigger language plpgsql as $$
        begin
          if exists (select 1 from orderflow.override_request o where o.id = new.override_request_id and o.requested_by = new.actor) then
            raise exception 'FOUR_EYES: % requested this override and may not decide it', new.actor using errcode = '23514';
          end if;
          return new;
        end $$;
      create trigger override_decision_four_eyes before insert or update on orderflow.override_decision
        for each row execute function orderflow.four_eyes();

      create table orderflow.phase_handoff (
        id uuid primary key,
        hook text not null check (hook in ('onQuotationApproved', 'onSaleCleared')),
        source_id uuid not null,
        target_ids uuid[] not null check (cardinality(target_ids) > 0),
        at timestamptz not null,
        unique (source_id, hook)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.wait drop constraint wait_override_request_id_fkey;
      drop table orderflow.phase_handoff, orderflow.override_decision, orderflow.override_request, orderflow.payment, orderflow.credit_movement,
        orderflow.credit_hold, orderflow.credit_snapshot, orderflow.backorder_demand, orderflow.stock_movement, orderflow.stock_reservation,
        orderflow.stock_level, orderflow.fulfilment_line, orderflow.fulfilment, orderflow.sale_line, orderflow.sale_order,
        orderflow.quotation_line, orderflow.quotation, orderflow.sales_aggregate, orderflow.credit_profile, orderflow.product, orderflow.customer;
      drop function orderflow.four_eyes;
      drop sequence orderflow.quotation_number, orderflow.sale_order_number, orderflow.fulfilment_number;
    `);
  }
}
