import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One movement of money, or the wish for one. INTENT asks the payer to pay, AUTH reserves on a card, CAPTURE is money taken, REFUND money given back, VOID ends
 * an intent or an authorisation (its reference is theirs), REVERSAL is a chargeback, SETTLEMENT moves unapplied money to the customer's account.
 */
@Entity({ schema: 'orderflow', name: 'payment' })
export class Payment {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ type: 'text' }) kind: 'INTENT' | 'AUTH' | 'CAPTURE' | 'REFUND' | 'VOID' | 'REVERSAL' | 'SETTLEMENT';
  @Column({ type: 'text' }) provider: string;
  /** Ours for what we ask for, and then the idempotency key too; the provider's for what it tells us. */
  @Column({ type: 'text' }) reference: string;
  @Column({ name: 'provider_reference', type: 'text', nullable: true }) providerReference: string | null;
  /** The intent or authorisation of a capture; the capture of a refund or chargeback. */
  @Column({ name: 'parent_id', type: 'uuid', nullable: true }) parentId: string | null;
  /** The shipment that it pays for. */
  @Column({ name: 'fulfilment_id', type: 'uuid', nullable: true }) fulfilmentId: string | null;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  /** The part that counts for the order. */
  @Column({ name: 'applied_minor', type: 'bigint', default: () => '0' }) appliedMinor: number;
  @Column({ type: 'text' }) currency: string;
  @Column({ type: 'text' }) status: 'REQUESTED' | 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN' | 'REVERSED';
  @Column({ name: 'failure_code', type: 'text', nullable: true }) failureCode: string | null;
  /** How the payer was asked to pay. */
  @Column({ type: 'text', nullable: true }) method: string | null;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'integer', default: () => '0' }) attempts: number;
  /** When the reconciler looks after it; null when there is nothing that it could do. */
  @Column({ name: 'next_at', type: 'timestamptz', nullable: true }) nextAt: Date | null;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) occurredAt: Date;
  @Column({ name: 'recorded_at', type: 'timestamptz' }) recordedAt: Date;
}
