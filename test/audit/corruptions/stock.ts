import { id } from '../life.ts';
import { order, type Corruption } from './corruption.ts';

const line = (number: string): string => `sale_order_id = '${id(`order ${number}`)}'`;
const movement = (kind: string, quantity: number): string =>
  `insert into orderflow.stock_movement (id, stock_level_id, kind, quantity, reference, at) values (gen_random_uuid(), '${id('level')}', '${kind}', ${quantity}, 'made up', orderflow.now())`;

export const stockCorruptions: readonly Corruption[] = [
  {
    check: 'A20a',
    also: ['A20b'],
    because: 'a level has more reserved than anybody reserved',
    sql: 'update orderflow.stock_level set reserved = 1',
  },
  {
    check: 'A20a',
    also: ['A20e', 'A20i', 'A20j'],
    because: 'a reservation that has shipped counts as active',
    sql: `update orderflow.stock_reservation set status = 'FIRM' where id = '${id('reservation 1')}'`,
  },
  { check: 'A20b', because: 'a reservation was booked twice', sql: movement('RESERVED', 2) },
  { check: 'A20c', because: 'a receipt was booked twice', sql: movement('RECEIVED', 2) },
  { check: 'A20c', because: 'a count was booked that found nothing new', sql: movement('COUNTED', 1) },
  { check: 'A20c', because: 'goods vanished', sql: 'update orderflow.stock_level set on_hand = on_hand - 1' },
  {
    check: 'A20d',
    also: ['A20a', 'A20b'],
    because: 'more is reserved than is on hand',
    sql: 'update orderflow.stock_level set reserved = on_hand + 1',
  },
  {
    check: 'A20e',
    because: 'a sale line shows a reservation that does not exist',
    sql: `update orderflow.sale_line set reserved = 1 where ${line('S-000003')}`,
  },
  {
    check: 'A20f',
    also: ['A20h'],
    because: 'a sale line gives away more than was ordered',
    sql: `update orderflow.sale_line set cancelled = 1 where ${line('S-000001')}`,
  },
  {
    check: 'A20f',
    also: ['A20l'],
    because: 'more was delivered than shipped',
    sql: `update orderflow.sale_line set delivered = 7 where ${line('S-000001')}`,
  },
  {
    check: 'A20g',
    because: 'a cleared sale has pieces that nobody promised',
    sql: `update orderflow.sale_line set backordered = 3 where ${line('S-000001')}`,
  },
  {
    check: 'A20h',
    because: 'fulfilments carry more than was ordered',
    sql: `update orderflow.fulfilment_line set quantity = 5 where fulfilment_id = '${id('order F-000002')}'`,
  },
  {
    check: 'A20i',
    because: 'a reservation counts as released, but its goods have shipped',
    also: ['A20e', 'A20j'],
    sql: `update orderflow.stock_reservation set status = 'RELEASED' where id = '${id('reservation 1')}'`,
  },
  {
    check: 'A20i',
    because: 'a reservation was released twice',
    also: ['A20b'],
    sql: movement('RELEASED', -5).replace('made up', `made up:${id('reservation 2')}`),
  },
  {
    check: 'A20j',
    because: 'a shipment left with fewer goods than it says',
    sql: `update orderflow.stock_reservation set fulfilment_id = '${id('order F-000009')}' where id = '${id('reservation 1')}'`,
  },
  {
    check: 'A20k',
    also: ['A29b'],
    because: 'a fulfilment that is over still asks for goods',
    sql: `update orderflow.fulfilment set closed_at = orderflow.now() where ${order('F-000002')}`,
  },
];
