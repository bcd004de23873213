import { id } from '../life.ts';
import { keyOf } from '../world/index.ts';
import { order, type Corruption } from './corruption.ts';

const line = `id = '${id('S-000004 line')}'`;
const ofReturn = (number: string): string => `return_request_id = '${id(`order ${number}`)}'`;

export const returnCorruptions: readonly Corruption[] = [
  {
    check: 'A20l',
    because: 'a lost shipment was not written off',
    sql: `update orderflow.sale_line set lost = 0 where ${line}`,
  },
  {
    check: 'A20l',
    because: 'a delivery was counted that no shipment made',
    sql: `update orderflow.fulfilment set delivered_at = orderflow.now() where ${order('F-000004')}`,
  },
  {
    check: 'A20m',
    because: 'a return that is over still claims its pieces',
    sql: `update orderflow.sale_line set return_requested = 2, returned = 2 where ${line}`,
  },
  {
    check: 'A20m',
    also: ['A20n', 'A20o'],
    because: 'more came back than was counted',
    sql: `update orderflow.return_line set accepted = 3, requested = 3 where ${ofReturn('R-000001')}`,
  },
  {
    check: 'A20n',
    because: 'damaged pieces can be sold again',
    sql: `update orderflow.return_line set good = 2 where ${ofReturn('R-000001')}`,
  },
  {
    check: 'A20n',
    also: ['A20c'],
    because: 'what came back never reached the stock',
    sql: `delete from orderflow.stock_movement where kind = 'RETURNED' and starts_with(reference, '${keyOf('R-000001', 'r_restock')}')`,
  },
  {
    check: 'A20o',
    also: ['A20m'],
    because: 'returns claim more than travelled',
    sql: `update orderflow.return_line set requested = 2 where ${ofReturn('R-000002')}`,
  },
  {
    check: 'A20p',
    also: ['A20c'],
    because: 'a shipment that came back to its sender is not in stock',
    sql: `delete from orderflow.stock_movement where kind = 'RETURNED' and starts_with(reference, '${keyOf('F-000005', 'f_done')}')`,
  },
  {
    check: 'A30f',
    also: ['A20o'],
    because: 'a return is of another shipment than what arrived',
    sql: `update orderflow.return_request set fulfilment_id = '${id('order F-000001')}' where ${order('R-000002')}`,
  },
];
