import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One movement of money with a provider: intent, capture, refund or void. */
@Entity({ schema: 'orderflow', name: 'payment' })
export class Payment {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ type: 'text' }) kind: 'INTENT' | 'CAPTURE' | 'REFUND' | 'VOID';
  @Column({ type: 'text' }) provider: string;
  @Column({ type: 'text' }) reference: string;
  @Column({ name: 'provider_reference', type: 'text', nullable: true }) providerReference: string | null;
  @Column({ name: 'refund_of', type: 'uuid', nullable: true }) refundOf: string | null;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  @Column({ name: 'applied_minor', type: 'bigint', default: () => '0' }) appliedMinor: number;
  @Column({ type: 'text' }) currency: string;
  @Column({ type: 'text' }) status: 'REQUESTED' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';
  @Column({ name: 'failure_code', type: 'text', nullable: true }) failureCode: string | null;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) occurredAt: Date;
  @Column({ name: 'recorded_at', type: 'timestamptz' }) recordedAt: Date;
}
