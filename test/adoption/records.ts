import { entities, type Entity, type LegacyRecord, type LegacyRecords } from '../../src/commands/adoption/records.ts';

const dayMs = 86_400_000;
export const ago = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();

type Columns = Readonly<Record<string, string>>;

/** An old system with one customer (limit 1,000.00 EUR) and one product (10.00 EUR, 100 pieces at MAIN); what a test does not say is left out. */
export class OldSystem {
  readonly records = Object.fromEntries(entities.map((entity) => [entity, [] as LegacyRecord[]])) as Record<
    Entity,
    LegacyRecord[]
  > satisfies LegacyRecords;

  constructor({ limit = '1000.00' } = {}) {
    this.add('customers', { code: 'ACME', name: 'Acme', payment_method: 'TERMS' });
    this.add('credit_limits', { customer: 'ACME', currency: 'EUR', limit, terms_days: '30', risk_class: 'B' });
    this.add('products', { sku: 'BOLT', name: 'Bolt', currency: 'EUR', list_price: '10.00', cost: '6.00' });
    this.add('stock', { sku: 'BOLT', location: 'MAIN', on_hand: '100' });
  }

  add(entity: Entity, record: Columns): this {
    this.records[entity].push(record);
    return this;
  }

  /** An order of one line of bolts. */
  sale(number: string, pieces: number, columns: Columns = {}, line: Columns = {}): this {
    const price = { currency: 'EUR', total: `${pieces * 10}.00` };
    this.add('sale_orders', { number, customer: 'ACME', created_at: ago(5), payment_method: 'TERMS', ...price, ...columns });
    return this.add('sale_lines', {
      sale_order: number,
      line_no: '1',
      sku: 'BOLT',
      quantity: String(pieces),
      unit_price: '10.00',
      ...line,
    });
  }

  /** A shipment of the order's one line. */
  shipment(number: string, sale: string, pieces: number, columns: Columns, reserved = 0): this {
    this.add('fulfilments', { number, sale_order: sale, location: 'MAIN', created_at: ago(4), ...columns });
    return this.add('fulfilment_lines', {
      fulfilment: number,
      line_no: '1',
      quantity: String(pieces),
      reserved: String(reserved),
    });
  }
}
