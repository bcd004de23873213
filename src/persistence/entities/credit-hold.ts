import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Credit that is taken by a sale. */
@Entity({ schema: 'orderflow', name: 'credit_hold' })
export class CreditHold {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'credit_profile_id', type: 'uuid' }) creditProfileId: string;
  @Column({ name: 'sale_order_id', type: 'uuid' }) saleOrderId: string;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  @Column({ type: 'text' }) status: 'HELD' | 'COMMITTED' | 'INVOICED' | 'RELEASED';
  @Column({ name: 'override_request_id', type: 'uuid', nullable: true }) overrideRequestId: string | null;
  @Column({ name: 'credit_snapshot_id', type: 'uuid' }) creditSnapshotId: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
