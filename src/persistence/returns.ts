import type { LineTerms } from '../domain/money.ts';
import { ImpossibleState } from '../support/errors.ts';
import { ReturnRequest } from './entities/index.ts';
import { leaveMessage } from './messages.ts';
import type { Transaction } from './transaction.ts';

/** A return is written by its own instance's commands only, so the instance's lock covers it. */
export async function readReturn(tx: Transaction, id: string): Promise<ReturnRequest> {
  const found = await tx.manager.findOneBy(ReturnRequest, { id });
  if (!found) throw new ImpossibleState(`there is no return ${id}`);
  return found;
}

/** A line of a return, with what its sale line says. */
export interface ReturnLineRow extends LineTerms {
  readonly id: string;
  readonly saleLineId: string;
  readonly lineNo: number;
  readonly sku: string;
  readonly requested: number;
  readonly accepted: number;
  readonly good: number;
  readonly lost: number;
  readonly returned: number;
}

export const returnLines = (tx: Transaction, returnRequestId: string): Promise<ReturnLineRow[]> =>
  tx.query<ReturnLineRow>(
    `select r.id, l.id as "saleLineId", l.line_no as "lineNo", l.sku, r.requested, r.accepted, r.good, l.lost, l.returned,
            l.unit_price_minor as "unitPriceMinor", l.discount_bp as "discountBp", l.tax_bp as "taxBp"
       from orderflow.return_line r join orderflow.sale_line l on l.id = r.sale_line_id
      where r.return_request_id = $1 order by l.line_no`,
    [returnRequestId],
  );

/** A line of a delivered shipment with how much of it may still come back: what no open return claims, and what has not come back. */
export interface ReturnableLine extends LineTerms {
  readonly saleLineId: string;
  readonly lineNo: number;
  readonly sku: string;
  readonly left: number;
  readonly lost: number;
  readonly returned: number;
}

export const returnableLines = (tx: Transaction, fulfilmentId: string): Promise<ReturnableLine[]> =>
  tx.query<ReturnableLine>(
    `select l.id as "saleLineId", l.line_no as "lineNo", l.sku, l.lost, l.returned, l.unit_price_minor as "unitPriceMinor", l.discount_bp as "discountBp",
            l.tax_bp as "taxBp",
            f.quantity - coalesce((select sum(case when r.restocked_at is not null then x.accepted when r.closed_at is null then x.requested else 0 end)
                                     from orderflow.return_line x join orderflow.return_request r on r.id = x.return_request_id
                                    where r.fulfilment_id = f.fulfilment_id and x.sale_line_id = l.id), 0)::bigint as left
       from orderflow.fulfilment_line f join orderflow.sale_line l on l.id = f.sale_line_id
      where f.fulfilment_id = $1 order by l.line_no`,
    [fulfilmentId],
  );

/** How many returns of a shipment are open, and whether every piece of it has come back. */
export const returnsOf = (tx: Transaction, fulfilmentId: string): Promise<{ open: number; allReturned: boolean }> =>
  tx.one(
    `select (select count(*) from orderflow.return_request where fulfilment_id = $1 and closed_at is null) as open,
            (select sum(quantity) from orderflow.fulfilment_line where fulfilment_id = $1)
              = (select coalesce(sum(x.accepted), 0) from orderflow.return_line x join orderflow.return_request r on r.id = x.return_request_id
                  where r.fulfilment_id = $1 and r.restocked_at is not null) as "allReturned"`,
    [fulfilmentId],
  );

/** How much of what reached a customer in a year came back, percent rounded down; 0 where nothing was delivered. */
export async function returnRatePct(tx: Transaction, customerId: string, at: Date): Promise<number> {
  const year = `$2::timestamptz - interval '365 days'`;
  const { delivered, returned } = await tx.one<{ delivered: number; returned: number }>(
    `select coalesce((select sum(x.quantity) from orderflow.fulfilment_line x join orderflow.fulfilment f on f.id = x.fulfilment_id
                        join orderflow.sale_order s on s.id = f.sale_order_id where s.customer_id = $1 and f.delivered_at > ${year}), 0)::bigint as delivered,
            coalesce((select sum(x.accepted) from orderflow.return_line x join orderflow.return_request r on r.id = x.return_request_id
                        join orderflow.sale_order s on s.id = r.sale_order_id where s.customer_id = $1 and r.restocked_at > ${year}), 0)::bigint as returned`,
    [customerId, at],
  );
  return delivered === 0 ? 0 : Math.floor((returned * 100) / delivered);
}

/** Frees what a return had claimed of its lines, unless it was settled by a restock. The sale's row is locked. */
export const freeClaims = (tx: Transaction, returnRequestId: string): Promise<number> =>
  tx.execute(
    `update orderflow.sale_line l set return_requested = l.return_requested - x.requested
       from orderflow.return_line x join orderflow.return_request r on r.id = x.return_request_id
      where r.id = $1 and r.restocked_at is null and x.sale_line_id = l.id`,
    [returnRequestId],
  );

/** How long a shipment that is not looking has to notice, ms. */
const noticeMs = 90 * 86_400_000;

/** Tells a shipment that runs that its returns are to be counted anew. */
export async function tellFulfilment(
  tx: Transaction,
  request: Pick<ReturnRequest, 'id' | 'fulfilmentId'>,
  name: 'return.requested' | 'return.closed',
): Promise<void> {
  const running = await tx.maybeOne('select 1 from orderflow.fulfilment where id = $1 and closed_at is null', [
    request.fulfilmentId,
  ]);
  if (!running) return;
  await leaveMessage(tx, {
    name,
    correlationKey: request.fulfilmentId,
    variables: {},
    source: `return:${request.id}`,
    messageId: name,
    timeToLiveMs: noticeMs,
  });
}
