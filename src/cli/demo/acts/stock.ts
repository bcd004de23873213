import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { Stock } from '../../../contract/stock.ts';
import type { Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';

/** Pieces of a product over all places. */
export interface StockFigures {
  readonly onHand: number;
  /** Neither promised nor kept for emergencies. */
  readonly free: number;
  readonly reserved: number;
  /** Promised to orders that wait for it. */
  readonly backordered: number;
}

export async function stockOf(stage: Stage, sku: string): Promise<StockFigures> {
  const { levels, backordered }: z.output<typeof Stock> = await stage.as('warehouse').get(Stock, `/v1/stock/${sku}`);
  const sum = (figure: 'onHand' | 'free' | 'reserved'): number => levels.reduce((total, level) => total + level[figure], 0);
  return { onHand: sum('onHand'), free: sum('free'), reserved: sum('reserved'), backordered };
}

/** A delivery arrives; who waits for the product is served first. */
export async function receive(stage: Stage, sku: string, quantity: number, location = 'MAIN'): Promise<void> {
  stage.say(`${quantity} x ${sku} arrive${location === 'MAIN' ? '' : ` at ${location}`}`);
  const receipt = { quantity, location, reference: stage.reference(`delivery of ${sku}`) };
  await stage.as('warehouse').post(Stock, `/v1/stock/${sku}/receipts`, receipt);
}

/** At least so many pieces that nobody else waits for. A demo that was broken off may have left orders that take what comes first. */
export async function ensureFree(stage: Stage, sku: string, quantity: number): Promise<StockFigures> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const stock = await stockOf(stage, sku);
    if (stock.backordered === 0 && stock.free >= quantity) return stock;
    const missing = quantity + stock.backordered - stock.free;
    if (missing > 0) await receive(stage, sku, missing);
    else await sleep(500, undefined, { signal: stage.signal });
  }
  throw new StoryFailed(`${sku} does not become free: orders of an earlier run take it and do not finish.`);
}
