import type { JsonObject } from '../../src/support/json.ts';
import { complete } from './acts.ts';
import type { Order, Stage } from './stage.ts';

/** The shipments of a sale, in the order of their numbers. */
export const fulfilmentsOf = async (stage: Stage, sale: Order): Promise<readonly Order[]> =>
  [...(await stage.sale(sale.id)).fulfilments].sort((a, b) => a.number.localeCompare(b.number));

/** The only shipment of a sale. */
export async function shipmentOf(stage: Stage, sale: Order): Promise<Order> {
  const [only, ...more] = await fulfilmentsOf(stage, sale);
  if (!only || more.length > 0) throw new Error(`${sale.number} has ${more.length + (only ? 1 : 0)} shipments.`);
  return only;
}

/** The warehouse picks, packs and ships all of it. */
export async function ship(stage: Stage, fulfilment: Order): Promise<void> {
  await stage.as('warehouse').post(`/v1/fulfilments/${fulfilment.id}/shipments`);
  await stage.settled();
}

export async function deliver(stage: Stage, fulfilment: Order): Promise<void> {
  await stage.as('warehouse').post(`/v1/fulfilments/${fulfilment.id}/deliveries`);
  await stage.settled();
}

/** The warehouse picks what it finds; the rest of the shipment is short. */
export const pick = (stage: Stage, fulfilment: Order, picked: Readonly<Record<number, number>>): Promise<void> =>
  complete(stage, 'warehouse', fulfilment, {
    lines: Object.entries(picked).map(([lineNo, pieces]) => ({ lineNo: Number(lineNo), picked: pieces })),
  });

export interface WantedReturn {
  /** Pieces by line number. */
  readonly lines: Readonly<Record<number, number>>;
  readonly reason?: 'WRONG_ITEM' | 'DAMAGED_IN_TRANSIT' | 'DEFECT' | 'CHANGED_MIND';
}

/** The customer wants to give back a part of a shipment. */
export async function requestReturn(stage: Stage, fulfilment: Order, { lines, reason }: WantedReturn): Promise<Order> {
  const returned = await stage.as('buyer').post(`/v1/fulfilments/${fulfilment.id}/returns`, {
    lines: Object.entries(lines).map(([lineNo, quantity]) => ({ lineNo: Number(lineNo), quantity })),
    reason: reason ?? 'CHANGED_MIND',
  });
  await stage.settled();
  return returned as JsonObject & Order;
}

/** The goods arrive, and somebody looks at them. */
export async function inspect(
  stage: Stage,
  returned: Order,
  lines: Readonly<Record<number, { readonly accepted: number; readonly good: number }>>,
): Promise<void> {
  await stage.as('warehouse').post(`/v1/returns/${returned.id}/receipt`);
  await stage.settled();
  await complete(stage, 'warehouse', returned, {
    lines: Object.entries(lines).map(([lineNo, found]) => ({ lineNo: Number(lineNo), ...found })),
  });
}

/** A shipment leaves and arrives. */
export async function shipAndDeliver(stage: Stage, fulfilment: Order): Promise<void> {
  await ship(stage, fulfilment);
  await deliver(stage, fulfilment);
}
