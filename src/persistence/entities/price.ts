import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A list price: for whom, from how many pieces, and when. The most specific row that fits wins over the product's own list price. */
@Entity({ schema: 'orderflow', name: 'price' })
export class Price {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) sku: string;
  @Column({ type: 'text' }) currency: string;
  /** Null: for every customer. */
  @Column({ type: 'text', nullable: true }) tier: 'STANDARD' | 'GOLD' | null;
  @Column({ name: 'min_quantity', type: 'bigint', default: () => '1' }) minQuantity: number;
  @Column({ name: 'unit_price_minor', type: 'bigint' }) unitPriceMinor: number;
  /** First and last day, UTC; no last day: until a later row takes over. */
  @Column({ name: 'valid_from', type: 'date' }) validFrom: string;
  @Column({ name: 'valid_to', type: 'date', nullable: true }) validTo: string | null;
}

/** The rate of a tax class from a day on, until the next row of the class. */
@Entity({ schema: 'orderflow', name: 'tax_rate' })
export class TaxRate {
  @PrimaryColumn({ name: 'tax_class', type: 'text' }) taxClass: string;
  @PrimaryColumn({ name: 'valid_from', type: 'date' }) validFrom: string;
  @Column({ name: 'rate_bp', type: 'integer' }) rateBp: number;
}
