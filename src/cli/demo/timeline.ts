import { z } from 'zod';
import { Step } from '../../contract/process-instance.ts';
import type { Quotation } from '../../contract/quotation.ts';
import { Timeline, type SaleOrder } from '../../contract/sale-order.ts';
import { listOf } from '../../contract/search.ts';
import type { Api } from './client.ts';

/** Something that happened to an order. */
export interface TimelineLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly number: string;
  readonly phase: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly trigger: string;
}

/** What a step shows of the states that it has entered. */
const Trail = z.array(z.looseObject({ event: z.string(), workflowState: z.string().optional() }));

/** The changes of state of a sale and the orders around it; of a quotation that became none, as its steps show them. */
export async function readTimeline(
  api: Api,
  sale: z.output<typeof SaleOrder> | undefined,
  quotation: z.output<typeof Quotation> | undefined,
): Promise<TimelineLine[]> {
  if (sale) {
    const { items } = await api.get(Timeline, `/v1/sale-orders/${sale.id}/timeline`);
    return items.map(({ at, number, phase, from, to, actor, trigger }) => ({
      at,
      number,
      phase: phase.replace('_', ' '),
      from: from ?? '',
      to,
      actor,
      trigger,
    }));
  }
  if (!quotation?.processInstanceId) return [];
  const { items } = await api.get(listOf(Step), `/v1/process-instances/${quotation.processInstanceId}/transitions`);
  let from = '';
  return items.flatMap(({ at, trail, actor, trigger }) => {
    const entered = Trail.parse(trail).flatMap(({ event, workflowState = from }) => (event === 'enter' ? [workflowState] : []));
    const to = entered.findLast((state) => state !== from);
    if (to === undefined) return [];
    const line = { at, number: quotation.number, phase: 'quotation', from, to, actor, trigger };
    from = to;
    return [line];
  });
}
