import { id } from '../life.ts';
import { order, type Corruption } from './corruption.ts';

export const priceCorruptions: readonly Corruption[] = [
  {
    check: 'A31a',
    because: 'an offer says another total than its lines',
    sql: [`update orderflow.quotation set total_minor = 9000 where ${order('Q-000001')}`],
    also: ['A30c'],
  },
  {
    check: 'A31a',
    also: ['A30c'],
    because: 'a tax was put on lines that were sent without',
    sql: `update orderflow.quotation_line set tax_bp = 1900 where quotation_id = '${id('order Q-000001')}'`,
  },
  {
    check: 'A31b',
    because: 'an open sale is worth more than its lines',
    sql: `update orderflow.sale_order set total_minor = 1001 where ${order('S-000003')}`,
  },
  {
    check: 'A31b',
    because: 'a line of an open sale was cancelled and the total stayed',
    sql: `update orderflow.sale_line set ordered = 2, cancelled = 0 where sale_order_id = '${id('order S-000003')}'`,
  },
  {
    check: 'A31c',
    because: 'an earlier offer is gone',
    sql: `update orderflow.quotation set offer_revision = 2 where ${order('Q-000001')}`,
  },
  {
    check: 'A31c',
    because: 'an offer was kept as an earlier one that is none',
    sql: `insert into orderflow.quotation_revision (quotation_id, offer_revision, lines, total_minor, max_line_discount_bp, fingerprint, superseded_at)
          values ('${id('order Q-000001')}', 1, '[]', 0, 0, '', orderflow.now())`,
  },
];
