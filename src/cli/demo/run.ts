import type { z } from 'zod';
import { Fulfilment } from '../../contract/fulfilment.ts';
import { Quotation } from '../../contract/quotation.ts';
import { SaleOrder } from '../../contract/sale-order.ts';
import { messageOf } from '../../support/errors.ts';
import type { Api } from './client.ts';
import type { Stage } from './stage.ts';
import type { Story } from './story.ts';
import { readTimeline, type TimelineLine } from './timeline.ts';

/** How a story went. */
export interface StoryResult {
  readonly name: string;
  readonly title: string;
  readonly expected: readonly string[];
  /** Where its orders have ended, in the order of `expected`. */
  readonly actual: readonly string[];
  /** Numbers of these orders. */
  readonly orders: readonly string[];
  readonly ok: boolean;
  readonly error?: string;
  readonly seconds: number;
  readonly timeline: readonly TimelineLine[];
}

type Root = Parameters<Stage['follow']>[0];

/** Plays a story to its end, and reads where its orders then are; never rejects. */
export async function runStory(story: Story, backdrop: Omit<Stage, 'follow'>): Promise<StoryResult> {
  const { name, title, expected } = story;
  const begun = performance.now();
  let root: Root | undefined;
  let failure: unknown;
  try {
    await story.play({ ...backdrop, follow: (order) => void (root = order) });
  } catch (error) {
    failure = error;
  }
  const end =
    root === undefined
      ? nothing
      : await readEnd(backdrop.as('auditor'), root).catch((error: unknown) => ((failure ??= error), nothing));
  const actual = end.orders.map((order) => order.state);
  return {
    name,
    title,
    expected,
    actual,
    orders: end.orders.map((order) => order.number),
    ok: failure === undefined && expected.join() === actual.join(),
    ...(failure !== undefined && { error: messageOf(failure) }),
    seconds: (performance.now() - begun) / 1000,
    timeline: end.timeline,
  };
}

interface End {
  readonly orders: readonly { readonly number: string; readonly state: string }[];
  readonly timeline: readonly TimelineLine[];
}

const nothing: End = { orders: [], timeline: [] };

/** The orders that came of one, phase by phase, and what happened to them. */
async function readEnd(api: Api, { noun, id }: Root): Promise<End> {
  const quotation = noun === 'quotations' ? await api.get(Quotation, `/v1/quotations/${id}`) : undefined;
  const saleId = quotation ? quotation.saleOrder?.id : id;
  const sale = saleId === undefined ? undefined : await api.get(SaleOrder, `/v1/sale-orders/${saleId}`);
  const fulfilments = await Promise.all(
    (sale?.fulfilments ?? []).map((fulfilment) => api.get(Fulfilment, `/v1/fulfilments/${fulfilment.id}`)),
  );
  const orders: readonly Pick<z.output<typeof SaleOrder>, 'number' | 'workflowState'>[] = [
    ...(quotation ? [quotation] : []),
    ...(sale ? [sale] : []),
    ...fulfilments,
  ];
  return {
    orders: orders.map(({ number, workflowState }) => ({ number, state: workflowState ?? 'new' })),
    timeline: await readTimeline(api, sale, quotation),
  };
}
