import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much a customer may owe in one currency, and how much of that is taken. */
@Entity({ schema: 'orderflow', name: 'credit_profile' })
export class CreditProfile {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId: string;
  @Column({ type: 'text' }) currency: string;
  @Column({ name: 'limit_minor', type: 'bigint', default: () => '0' }) limitMinor: number;
  @Column({ name: 'open_orders_minor', type: 'bigint', default: () => '0' }) openOrdersMinor: number;
  @Column({ name: 'unpaid_invoices_minor', type: 'bigint', default: () => '0' }) unpaidInvoicesMinor: number;
  @Column({ name: 'unapplied_cash_minor', type: 'bigint', default: () => '0' }) unappliedCashMinor: number;
  @Column({ name: 'overdue_minor', type: 'bigint', default: () => '0' }) overdueMinor: number;
  @Column({ name: 'max_overdue_days', type: 'integer', default: () => '0' }) maxOverdueDays: number;
  @Column({ type: 'text', default: () => "'NONE'" }) hold: 'NONE' | 'WATCH' | 'HOLD' | 'STOP';
  @Column({ name: 'hold_reason', type: 'text', nullable: true }) holdReason: string | null;
  @Column({ name: 'risk_class', type: 'text', default: () => "'C'" }) riskClass: 'A' | 'B' | 'C' | 'D';
  @Column({ name: 'terms_days', type: 'integer', default: () => '30' }) termsDays: number;
  @Column({ name: 'limit_reduced_at', type: 'timestamptz', nullable: true }) limitReducedAt: Date | null;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'exposure_minor', type: 'bigint', insert: false, update: false }) exposureMinor: number;
}
