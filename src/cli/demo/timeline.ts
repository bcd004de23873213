import type { z } from 'zod';
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

/** What happened to a sale and the orders around it; to a quotation that became none, step by step. */
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
  return items.map(({ at, elementId, actor, trigger }, index) => ({
    at,
    number: quotation.number,
    phase: 'quotation',
    from: elementId ?? '',
    to: index === items.length - 1 ? (quotation.workflowState ?? '') : (items[index + 1]?.elementId ?? ''),
    actor,
    trigger,
  }));
}
