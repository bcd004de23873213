import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** An offer to a customer: the first phase of an order. */
@Entity({ schema: 'orderflow', name: 'quotation' })
export class Quotation {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) number: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId: string;
  @Column({ type: 'text' }) currency: string;
  @Column({ type: 'text', nullable: true }) note: string | null;
  @Column({ name: 'offer_revision', type: 'integer', default: () => '1' }) offerRevision: number;
  @Column({ name: 'workflow_state', type: 'text', nullable: true }) workflowState: string | null;
  @Column({ name: 'workflow_context', type: 'jsonb', default: () => "'{}'" }) workflowContext: JsonObject;
  @Column({ name: 'transition_count', type: 'integer', default: () => '0' }) transitionCount: number;
  @Column({ name: 'process_instance_id', type: 'uuid', nullable: true }) processInstanceId: string | null;
  @Column({ name: 'total_minor', type: 'bigint', default: () => '0' }) totalMinor: number;
  @Column({ name: 'max_line_discount_bp', type: 'integer', default: () => '0' }) maxLineDiscountBp: number;
  @Column({ name: 'margin_bp', type: 'integer', nullable: true }) marginBp: number | null;
  @Column({ type: 'text', nullable: true }) fingerprint: string | null;
  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true }) validUntil: Date | null;
  @Column({ name: 'remind_at', type: 'timestamptz', nullable: true }) remindAt: Date | null;
  @Column({ name: 'reminded_at', type: 'timestamptz', nullable: true }) remindedAt: Date | null;
  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true }) sentAt: Date | null;
  @Column({ name: 'accepted_at', type: 'timestamptz', nullable: true }) acceptedAt: Date | null;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
  /** Everybody who had a hand in the lines; none of them decides on an override for them. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) authors: string[];
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'created_by', type: 'text' }) createdBy: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'legacy_status', type: 'text', nullable: true }) legacyStatus: string | null;
  @Column({ name: 'adopted_at', type: 'timestamptz', nullable: true }) adoptedAt: Date | null;
}

/** One position of a quotation. */
@Entity({ schema: 'orderflow', name: 'quotation_line' })
export class QuotationLine {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'quotation_id', type: 'uuid' }) quotationId: string;
  @Column({ name: 'line_no', type: 'integer' }) lineNo: number;
  @Column({ type: 'text' }) sku: string;
  @Column({ type: 'bigint' }) quantity: number;
  @Column({ name: 'unit_price_minor', type: 'bigint' }) unitPriceMinor: number;
  @Column({ name: 'discount_bp', type: 'integer', default: () => '0' }) discountBp: number;
  /** The unit price is the list price of the day until the offer is sent. */
  @Column({ name: 'follows_list', type: 'boolean', default: false }) followsList: boolean;
  @Column({ name: 'tax_bp', type: 'integer', default: () => '0' }) taxBp: number;
}

/** An earlier offer as it stood, kept when the quotation went on to the next. Append-only. */
@Entity({ schema: 'orderflow', name: 'quotation_revision' })
export class QuotationRevision {
  @PrimaryColumn({ name: 'quotation_id', type: 'uuid' }) quotationId: string;
  @PrimaryColumn({ name: 'offer_revision', type: 'integer' }) offerRevision: number;
  @Column({ type: 'jsonb' }) lines: object[];
  @Column({ name: 'total_minor', type: 'bigint' }) totalMinor: number;
  @Column({ name: 'max_line_discount_bp', type: 'integer' }) maxLineDiscountBp: number;
  @Column({ name: 'margin_bp', type: 'integer', nullable: true }) marginBp: number | null;
  @Column({ type: 'text' }) fingerprint: string;
  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true }) sentAt: Date | null;
  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true }) validUntil: Date | null;
  @Column({ name: 'superseded_at', type: 'timestamptz' }) supersededAt: Date;
}
