import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A booking that a carrier was asked for, written before the call, so that every label can be voided that may exist. */
@Entity({ schema: 'orderflow', name: 'carrier_booking' })
export class CarrierBooking {
  /** The key that it was asked for with: the job's. */
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ name: 'fulfilment_id', type: 'uuid' }) fulfilmentId: string;
  @Column({ type: 'jsonb' }) lines: object;
  @Column({ type: 'text' }) status: 'REQUESTED' | 'BOOKED' | 'REJECTED' | 'VOIDED';
  @Column({ type: 'text', nullable: true }) carrier: string | null;
  @Column({ type: 'text', nullable: true }) tracking: string | null;
  @Column({ name: 'requested_at', type: 'timestamptz' }) requestedAt: Date;
}
