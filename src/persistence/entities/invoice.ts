import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a customer owes: for a shipment on terms, or because money that should have come did not come (RECEIVABLE) or was taken back (CHARGEBACK). */
@Entity({ schema: 'orderflow', name: 'invoice' })
export class Invoice {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) number: string;
  @Column({ type: 'text' }) kind: 'SHIPMENT' | 'RECEIVABLE' | 'CHARGEBACK' | 'OPENING';
  @Column({ name: 'credit_profile_id', type: 'uuid' }) creditProfileId: string;
  @Column({ name: 'sale_order_id', type: 'uuid', nullable: true }) saleOrderId: string | null;
  @Column({ name: 'fulfilment_id', type: 'uuid', nullable: true }) fulfilmentId: string | null;
  /** What it was issued for: a second issue under it is the same invoice. */
  @Column({ type: 'text' }) reference: string;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  @Column({ name: 'open_minor', type: 'bigint' }) openMinor: number;
  @Column({ type: 'text' }) currency: string;
  @Column({ name: 'issued_at', type: 'timestamptz' }) issuedAt: Date;
  @Column({ name: 'due_at', type: 'timestamptz' }) dueAt: Date;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}

/** The ledger of an invoice; append-only. Open is ISSUED + FREED - PAID - CREDITED - WRITTEN_OFF. */
@Entity({ schema: 'orderflow', name: 'invoice_entry' })
export class InvoiceEntry {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'invoice_id', type: 'uuid' }) invoiceId: string;
  /** FREED: money that was paid on it and is the customer's again, because that part was credited. */
  @Column({ type: 'text' }) kind: 'ISSUED' | 'PAID' | 'FREED' | 'CREDITED' | 'WRITTEN_OFF';
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: number;
  @Column({ type: 'text' }) reference: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
