import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** One shipment of a sale: the third phase of an order. */
@Entity({ schema: 'orderflow', name: 'fulfilment' })
export class Fulfilment {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) number: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ type: 'text' }) location: string;
  @Column({ name: 'workflow_state', type: 'text', nullable: true }) workflowState: string | null;
  @Column({ name: 'workflow_context', type: 'jsonb', default: () => "'{}'" }) workflowContext: JsonObject;
  @Column({ name: 'transition_count', type: 'integer', default: () => '0' }) transitionCount: number;
  @Column({ name: 'process_instance_id', type: 'uuid', nullable: true }) processInstanceId: string | null;
  @Column({ name: 'backorder_of_id', type: 'uuid', nullable: true }) backorderOfId: string | null;
  @Column({ type: 'text', nullable: true }) carrier: string | null;
  @Column({ type: 'text', nullable: true }) tracking: string | null;
  @Column({ name: 'shipped_at', type: 'timestamptz', nullable: true }) shippedAt: Date | null;
  @Column({ name: 'delivered_at', type: 'timestamptz', nullable: true }) deliveredAt: Date | null;
  @Column({ name: 'return_window_ends_at', type: 'timestamptz', nullable: true }) returnWindowEndsAt: Date | null;
  @Column({ name: 'cancel_requested_at', type: 'timestamptz', nullable: true }) cancelRequestedAt: Date | null;
  @Column({ name: 'cancel_reason', type: 'text', nullable: true }) cancelReason: string | null;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'legacy_status', type: 'text', nullable: true }) legacyStatus: string | null;
  @Column({ name: 'adopted_at', type: 'timestamptz', nullable: true }) adoptedAt: Date | null;
}

/** What of a sale line travels with a fulfilment. */
@Entity({ schema: 'orderflow', name: 'fulfilment_line' })
export class FulfilmentLine {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'fulfilment_id', type: 'uuid' }) fulfilmentId: string;
  @Column({ name: 'sale_line_id', type: 'uuid' }) saleLineId: string;
  @Column({ type: 'bigint' }) quantity: number;
  /** What the picker found; null until then. */
  @Column({ type: 'bigint', nullable: true }) picked: number | null;
}
