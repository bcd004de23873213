import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** Goods of a shipment that their buyer sends back: the fourth phase of an order. Several may be open on one shipment. */
@Entity({ schema: 'orderflow', name: 'return_request' })
export class ReturnRequest {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) number: string;
  @Column({ name: 'fulfilment_id', type: 'uuid' }) fulfilmentId: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ name: 'workflow_state', type: 'text', nullable: true }) workflowState: string | null;
  @Column({ name: 'workflow_context', type: 'jsonb', default: () => "'{}'" }) workflowContext: JsonObject;
  @Column({ name: 'transition_count', type: 'integer', default: () => '0' }) transitionCount: number;
  @Column({ name: 'process_instance_id', type: 'uuid', nullable: true }) processInstanceId: string | null;
  @Column({ type: 'text' }) reason: 'WRONG_ITEM' | 'DAMAGED_IN_TRANSIT' | 'DEFECT' | 'CHANGED_MIND';
  @Column({ name: 'requested_by', type: 'text' }) requestedBy: string;
  @Column({ name: 'requested_at', type: 'timestamptz' }) requestedAt: Date;
  @Column({ name: 'rma_number', type: 'text', nullable: true }) rmaNumber: string | null;
  @Column({ name: 'rma_expires_at', type: 'timestamptz', nullable: true }) rmaExpiresAt: Date | null;
  @Column({ name: 'received_at', type: 'timestamptz', nullable: true }) receivedAt: Date | null;
  /** When what was accepted left the sale line's requested returns and became returned; null when nothing was accepted. */
  @Column({ name: 'restocked_at', type: 'timestamptz', nullable: true }) restockedAt: Date | null;
  @Column({ name: 'refund_minor', type: 'bigint', default: () => '0' }) refundMinor: number;
  /** What we keep of what the accepted goods were sold for. */
  @Column({ name: 'fee_minor', type: 'bigint', default: () => '0' }) feeMinor: number;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'legacy_status', type: 'text', nullable: true }) legacyStatus: string | null;
  @Column({ name: 'adopted_at', type: 'timestamptz', nullable: true }) adoptedAt: Date | null;
}

/** What of a sale line is to come back, what of it was accepted, and what can be sold again. */
@Entity({ schema: 'orderflow', name: 'return_line' })
export class ReturnLine {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'return_request_id', type: 'uuid' }) returnRequestId: string;
  @Column({ name: 'sale_line_id', type: 'uuid' }) saleLineId: string;
  @Column({ type: 'bigint' }) requested: number;
  @Column({ type: 'bigint', default: () => '0' }) accepted: number;
  @Column({ type: 'bigint', default: () => '0' }) good: number;
}
