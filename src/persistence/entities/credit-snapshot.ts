import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The figures that a credit decision was made on; append-only. */
@Entity({ schema: 'orderflow', name: 'credit_snapshot' })
export class CreditSnapshot {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'credit_profile_id', type: 'uuid' }) creditProfileId: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ name: 'decision_record_id', type: 'uuid' }) decisionRecordId: string;
  @Column({ type: 'text' }) outcome: 'APPROVE' | 'APPROVE_WITH_OVERRIDE' | 'REVIEW' | 'HOLD' | 'PREPAY' | 'REFUSE';
  @Column({ name: 'limit_minor', type: 'bigint' }) limitMinor: number;
  @Column({ name: 'exposure_minor', type: 'bigint' }) exposureMinor: number;
  @Column({ name: 'order_minor', type: 'bigint' }) orderMinor: number;
  @Column({ name: 'override_request_id', type: 'uuid', nullable: true }) overrideRequestId: string | null;
  @Column({ type: 'text' }) actor: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
