import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a customer has bought, as of a day: dated snapshots, one row a day with sales. */
@Entity({ schema: 'orderflow', name: 'sales_aggregate' })
export class SalesAggregate {
  @PrimaryColumn({ name: 'customer_id', type: 'uuid' }) customerId: string;
  @PrimaryColumn({ type: 'text' }) currency: string;
  @PrimaryColumn({ name: 'as_of', type: 'date' }) asOf: string;
  @Column({ type: 'integer', default: () => '0' }) orders: number;
  @Column({ name: 'sales_minor', type: 'bigint', default: () => '0' }) salesMinor: number;
  @Column({ name: 'first_order_at', type: 'timestamptz', nullable: true }) firstOrderAt: Date | null;
  @Column({ name: 'last_order_at', type: 'timestamptz', nullable: true }) lastOrderAt: Date | null;
  @Column({ name: 'computed_at', type: 'timestamptz' }) computedAt: Date;
}
