import { Fulfilment } from '../../contract/fulfilment.ts';
import { Quotation } from '../../contract/quotation.ts';
import { Return } from '../../contract/return.ts';
import { SaleOrder } from '../../contract/sale-order.ts';
import type { Api } from './client.ts';
import type { Root } from './stage.ts';
import { readTimeline, type TimelineLine } from './timeline.ts';

/** Where the orders of a story are, and how they got there. */
export interface End {
  readonly orders: readonly { readonly number: string; readonly state: string; readonly path: string }[];
  readonly timeline: readonly TimelineLine[];
}

/** Reads the orders that came of some, phase by phase. */
export async function readEnd(api: Api, roots: readonly Root[]): Promise<End> {
  const orders: End['orders'][number][] = [];
  const timeline: TimelineLine[] = [];
  for (const root of roots) {
    const end = await endOf(api, root);
    orders.push(...end.orders);
    timeline.push(...end.timeline);
  }
  return { orders, timeline: timeline.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
}

async function endOf(api: Api, { noun, id }: Root): Promise<End> {
  const quotation = noun === 'quotations' ? await api.get(Quotation, `/v1/quotations/${id}`) : undefined;
  const saleId = quotation ? quotation.saleOrder?.id : id;
  const sale = saleId === undefined ? undefined : await api.get(SaleOrder, `/v1/sale-orders/${saleId}`);
  const fulfilments = [];
  for (const link of sale?.fulfilments ?? []) fulfilments.push(await api.get(Fulfilment, `/v1/fulfilments/${link.id}`));
  const returns = [];
  for (const link of fulfilments.flatMap((each) => each.returns)) returns.push(await api.get(Return, `/v1/returns/${link.id}`));
  const timeline = await readTimeline(api, sale, quotation);
  const orders = [...(quotation ? [quotation] : []), ...(sale ? [sale] : []), ...byNumber(fulfilments), ...byNumber(returns)];
  return {
    orders: orders.map(({ number, workflowState }) => ({
      number,
      state: workflowState ?? 'new',
      path: timeline.flatMap((line) => (line.number === number && line.to !== line.from ? [line.to] : [])).join('>'),
    })),
    timeline,
  };
}

const byNumber = <T extends { readonly number: string }>(orders: readonly T[]): T[] =>
  orders.toSorted((a, b) => (a.number < b.number ? -1 : 1));
