import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shipments that are short, cancelled, lost or sent back; returns; and stock that is counted (docs/domain.md). */
export class FulfilmentsAndReturns1795392000001 implements MigrationInterface {
  name = 'FulfilmentsAndReturns1795392000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.sale_line
        add column lost bigint not null default 0 check (lost >= 0),
        add column return_requested bigint not null default 0 check (return_requested >= 0),
        add column returned bigint not null default 0 check (returned >= 0),
        drop constraint line_delivery,
        add constraint line_delivery check (delivered + lost <= shipped),
        add constraint line_return check (return_requested + returned <= delivered);

      alter table orderflow.fulfilment
        add column cancel_requested_at timestamptz,
        add column cancel_reason text,
        drop constraint fulfilment_check1,
        add constraint fulfilment_shipped check (shipped_at is not null or workflow_state not in
          ('SHIPPED', 'DELIVERY_EXCEPTION', 'DELIVERED', 'RETURN_REQUESTED', 'COMPLETED', 'RETURNED', 'LOST'));
      create index fulfilment_open on orderflow.fulfilment (workflow_state, created_at) where closed_at is null;
      alter table orderflow.fulfilment_line
        add column picked bigint check (picked between 0 and quantity);
      alter table orderflow.backorder_demand
        add column rests boolean not null default false;
      create index stock_reservation_fulfilment on orderflow.stock_reservation (fulfilment_id) where fulfilment_id is not null;
      create index stock_reservation_level on orderflow.stock_reservation (stock_level_id) where status in ('SOFT', 'FIRM');

      create table orderflow.carrier_booking (
        key text primary key,
        fulfilment_id uuid not null references orderflow.fulfilment,
        lines jsonb not null,
        status text not null check (status in ('REQUESTED', 'BOOKED', 'REJECTED', 'VOIDED')),
        carrier text,
        tracking text,
        requested_at timestamptz not null,
        check (status <> 'BOOKED' or tracking is not null)
      );
      create index carrier_booking_fulfilment on orderflow.carrier_booking (fulfilment_id);

      alter table orderflow.stock_movement
        drop constraint stock_movement_kind_check,
        add constraint stock_movement_kind_check check (kind in ('RECEIVED', 'RESERVED', 'RELEASED', 'SHIPPED', 'RETURNED', 'SCRAPPED', 'COUNTED'));
    `);

    await db.query(`
      create sequence orderflow.return_request_number;
      create table orderflow.return_request (
        id uuid primary key,
        number text not null unique,
        fulfilment_id uuid not null references orderflow.fulfilment,
        sale_order_id uuid not null references orderflow.sale_order,
        workflow_state text,
        workflow_context jsonb not null default '{}',
        transition_count integer not null default 0,
        process_instance_id uuid unique references orderflow.process_instance,
        reason text not null check (reason in ('WRONG_ITEM', 'DAMAGED_IN_TRANSIT', 'DEFECT', 'CHANGED_MIND')),
        requested_by text not null,
        requested_at timestamptz not null,
        rma_number text unique,
        rma_expires_at timestamptz,
        received_at timestamptz,
        restocked_at timestamptz,
        refund_minor bigint not null default 0 check (refund_minor >= 0),
        fee_minor bigint not null default 0 check (fee_minor >= 0),
        closed_at timestamptz,
        revision integer not null default 1,
        check ((rma_number is null) = (rma_expires_at is null)),
        check (restocked_at is null or received_at is not null)
      );
      create index return_request_fulfilment on orderflow.return_request (fulfilment_id);
      create index return_request_sale on orderflow.return_request (sale_order_id);
      create table orderflow.return_line (
        id uuid primary key,
        return_request_id uuid not null references orderflow.return_request on delete cascade,
        sale_line_id uuid not null references orderflow.sale_line,
        requested bigint not null check (requested > 0),
        accepted bigint not null default 0 check (accepted >= 0),
        good bigint not null default 0 check (good >= 0),
        unique (return_request_id, sale_line_id),
        check (accepted <= requested),
        check (good <= accepted)
      );
      create index return_line_sale_line on orderflow.return_line (sale_line_id);

      alter table orderflow.process_instance
        drop constraint process_instance_subject_type_check,
        add constraint process_instance_subject_type_check check (subject_type in ('quotation', 'sale_order', 'fulfilment', 'return_request'));
      alter table orderflow.transition
        drop constraint transition_entity_type_check,
        add constraint transition_entity_type_check check (entity_type in ('quotation', 'sale_order', 'fulfilment', 'return_request'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.transition
        drop constraint transition_entity_type_check,
        add constraint transition_entity_type_check check (entity_type in ('quotation', 'sale_order', 'fulfilment'));
      alter table orderflow.process_instance
        drop constraint process_instance_subject_type_check,
        add constraint process_instance_subject_type_check check (subject_type in ('quotation', 'sale_order', 'fulfilment'));
      drop table orderflow.return_line, orderflow.return_request, orderflow.carrier_booking;
      drop sequence orderflow.return_request_number;
      alter table orderflow.stock_movement
        drop constraint stock_movement_kind_check,
        add constraint stock_movement_kind_check check (kind in ('RECEIVED', 'RESERVED', 'RELEASED', 'SHIPPED'));
      drop index orderflow.stock_reservation_level, orderflow.stock_reservation_fulfilment, orderflow.fulfilment_open;
      alter table orderflow.backorder_demand drop column rests;
      alter table orderflow.fulfilment_line drop column picked;
      alter table orderflow.fulfilment
        drop constraint fulfilment_shipped,
        drop column cancel_requested_at,
        drop column cancel_reason,
        add constraint fulfilment_check1 check (shipped_at is not null or workflow_state not in ('SHIPPED', 'DELIVERED', 'COMPLETED'));
      alter table orderflow.sale_line
        drop constraint line_return,
        drop constraint line_delivery,
        drop column lost,
        drop column return_requested,
        drop column returned,
        add constraint line_delivery check (delivered <= shipped);
    `);
  }
}
