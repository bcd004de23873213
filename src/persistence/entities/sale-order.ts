import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A sale: the second phase of an order. Its amounts are derived from the payment ledger and never typed in. */
@Entity({ schema: 'orderflow', name: 'sale_order' })
export class SaleOrder {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) number: string;
  @Column({ name: 'quotation_id', type: 'uuid', nullable: true }) quotationId: string | null;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId: string;
  @Column({ type: 'text' }) currency: string;
  @Column({ name: 'workflow_state', type: 'text', nullable: true }) workflowState: string | null;
  @Column({ name: 'workflow_context', type: 'jsonb', default: () => "'{}'" }) workflowContext: JsonObject;
  @Column({ name: 'transition_count', type: 'integer', default: () => '0' }) transitionCount: number;
  @Column({ name: 'process_instance_id', type: 'uuid', nullable: true }) processInstanceId: string | null;
  @Column({ type: 'text' }) fingerprint: string;
  @Column({ name: 'total_minor', type: 'bigint' }) totalMinor: number;
  @Column({ name: 'on_terms_minor', type: 'bigint', default: () => '0' }) onTermsMinor: number;
  @Column({ name: 'prepay_minor', type: 'bigint', default: () => '0' }) prepayMinor: number;
  @Column({ name: 'authorized_minor', type: 'bigint', default: () => '0' }) authorizedMinor: number;
  @Column({ name: 'captured_minor', type: 'bigint', default: () => '0' }) capturedMinor: number;
  @Column({ name: 'refunded_minor', type: 'bigint', default: () => '0' }) refundedMinor: number;
  @Column({ name: 'unapplied_minor', type: 'bigint', default: () => '0' }) unappliedMinor: number;
  @Column({ name: 'overcapture_allowed_minor', type: 'bigint', default: () => '0' }) overcaptureAllowedMinor: number;
  @Column({ name: 'payment_method', type: 'text', nullable: true }) paymentMethod: 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT' | null;
  @Column({ name: 'cancel_reason', type: 'text', nullable: true }) cancelReason: string | null;
  @Column({ name: 'cancel_requested_at', type: 'timestamptz', nullable: true }) cancelRequestedAt: Date | null;
  @Column({ name: 'cleared_at', type: 'timestamptz', nullable: true }) clearedAt: Date | null;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
  /** Everybody who had a hand in the lines; none of them decides on an override for them. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) authors: string[];
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'created_by', type: 'text' }) createdBy: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'legacy_status', type: 'text', nullable: true }) legacyStatus: string | null;
  @Column({ name: 'adopted_at', type: 'timestamptz', nullable: true }) adoptedAt: Date | null;
}

/** One position of a sale with where its quantity is: reserved, backordered, shipped, then delivered or lost, and what came back. */
@Entity({ schema: 'orderflow', name: 'sale_line' })
export class SaleLine {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ name: 'line_no', type: 'integer' }) lineNo: number;
  @Column({ type: 'text' }) sku: string;
  @Column({ name: 'unit_price_minor', type: 'bigint' }) unitPriceMinor: number;
  @Column({ name: 'discount_bp', type: 'integer', default: () => '0' }) discountBp: number;
  @Column({ name: 'tax_bp', type: 'integer', default: () => '0' }) taxBp: number;
  @Column({ type: 'bigint' }) ordered: number;
  @Column({ type: 'bigint', default: () => '0' }) cancelled: number;
  @Column({ type: 'bigint', default: () => '0' }) reserved: number;
  @Column({ type: 'bigint', default: () => '0' }) backordered: number;
  @Column({ type: 'bigint', default: () => '0' }) shipped: number;
  @Column({ type: 'bigint', default: () => '0' }) delivered: number;
  @Column({ type: 'bigint', default: () => '0' }) lost: number;
  @Column({ name: 'return_requested', type: 'bigint', default: () => '0' }) returnRequested: number;
  @Column({ type: 'bigint', default: () => '0' }) returned: number;
}
