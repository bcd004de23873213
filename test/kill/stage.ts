import { setTimeout as sleep } from 'node:timers/promises';
import { Fulfilment } from '../../src/contract/fulfilment.ts';
import { Quotation } from '../../src/contract/quotation.ts';
import { SaleOrder } from '../../src/contract/sale-order.ts';
import type { Client } from './client.ts';
import type { Outside } from './outside.ts';
import type { Random } from './random.ts';

/** What a story is played on. One lane plays one story after the other, so nobody else touches the lane's own customer and product. */
export interface Stage {
  readonly lane: number;
  readonly client: Client;
  readonly outside: Outside;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Notes where an order that was promised to us has to be in the end; the last word counts. */
  readonly expect: (noun: Noun, order: { readonly id: string }, state: string) => void;
}

export type Noun = 'quotations' | 'sale-orders' | 'fulfilments';

const readers = {
  quotations: { person: 'sales', schema: Quotation },
  'sale-orders': { person: 'sales', schema: SaleOrder },
  fulfilments: { person: 'warehouse', schema: Fulfilment },
} as const;

/** Any order, as its contract has it. */
export interface Orders {
  readonly quotations: ReturnType<typeof Quotation.parse>;
  readonly 'sale-orders': ReturnType<typeof SaleOrder.parse>;
  readonly fulfilments: ReturnType<typeof Fulfilment.parse>;
}

const pollMs = 120;
/** Longer than recovering from any number of kills may take, ms. */
const patienceMs = 120_000;

export async function read<N extends Noun>({ client }: Stage, noun: N, id: string): Promise<Orders[N]> {
  const { person, schema } = readers[noun];
  return schema.parse(await client.get(person, `/v1/${noun}/${id}`)) as Orders[N];
}

/** Waits until an order is as it should be. @throws Error when it has ended otherwise, or takes too long */
export async function until<N extends Noun>(
  stage: Stage,
  noun: N,
  id: string,
  isThere: (order: Orders[N]) => boolean,
  where: string,
): Promise<Orders[N]> {
  for (const giveUpAt = Date.now() + patienceMs; ; await sleep(pollMs, undefined, { signal: stage.signal })) {
    const order = await read(stage, noun, id);
    if (isThere(order)) return order;
    const { number, workflowState, closedAt, waits } = order;
    const at = waits.map((wait) => wait.elementId).join(', ') || 'nothing';
    if (closedAt !== null || Date.now() > giveUpAt)
      throw new Error(`${number} is ${workflowState}, not ${where}; it waits at ${at}`);
  }
}

export const inState = <N extends Noun>(stage: Stage, noun: N, id: string, state: string): Promise<Orders[N]> =>
  until(stage, noun, id, (order) => order.workflowState === state, state);
