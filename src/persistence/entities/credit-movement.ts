import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The ledger of a credit profile: what holds took and gave back, and money on account (CASH_IN, CASH_OUT); append-only. */
@Entity({ schema: 'orderflow', name: 'credit_movement' })
export class CreditMovement {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'credit_profile_id', type: 'uuid' }) creditProfileId: string;
  @Column({ type: 'text' }) kind: 'HELD' | 'RELEASED' | 'INVOICED' | 'CASH_IN' | 'CASH_OUT';
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  @Column({ name: 'credit_hold_id', type: 'uuid', nullable: true }) creditHoldId: string | null;
  @Column({ type: 'text' }) reference: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
