import type { z } from 'zod';
import { Fulfilment } from '../../../contract/fulfilment.ts';
import { untilState, type Stage } from '../stage.ts';
import { complete } from './tasks.ts';

type FulfilmentBody = z.output<typeof Fulfilment>;

export const fulfilmentIn = (stage: Stage, id: string, state: string): Promise<FulfilmentBody> =>
  untilState(stage, () => stage.as('warehouse').get(Fulfilment, `/v1/fulfilments/${id}`), state);

/** The warehouse picks: what it finds, by line number, or everything. */
export async function pick(stage: Stage, id: string, found?: Readonly<Record<number, number>>): Promise<void> {
  const lines = Object.entries(found ?? {}).map(([lineNo, picked]) => ({ lineNo: Number(lineNo), picked }));
  await complete(stage, 'warehouse', await fulfilmentIn(stage, id, 'PICKING'), found && { lines });
  await fulfilmentIn(stage, id, 'PACKING');
}

/** The warehouse picks and packs everything; answers the shipment in the state that it then comes to rest in. */
export async function ship(
  stage: Stage,
  id: string,
  state: 'SHIPPED' | 'SHIPPING_EXCEPTION' = 'SHIPPED',
): Promise<FulfilmentBody> {
  const { number } = await fulfilmentIn(stage, id, 'PICKING');
  stage.say(`${number} warehouse: pick, pack, ship`);
  await stage.as('warehouse').post(Fulfilment, `/v1/fulfilments/${id}/shipments`);
  return fulfilmentIn(stage, id, state);
}

/** The goods arrive. */
export async function deliver(stage: Stage, id: string, state: 'DELIVERED' | 'COMPLETED' = 'DELIVERED'): Promise<FulfilmentBody> {
  const { number } = await fulfilmentIn(stage, id, 'SHIPPED');
  stage.say(`${number} warehouse: delivered`);
  await stage.as('warehouse').post(Fulfilment, `/v1/fulfilments/${id}/deliveries`);
  return fulfilmentIn(stage, id, state);
}

/** It leaves and arrives, and the time for returns (seconds, for many products of the demo world) runs out. */
export async function shipAndDeliver(stage: Stage, id: string): Promise<void> {
  await ship(stage, id);
  await deliver(stage, id, 'COMPLETED');
}

export async function cancelShipment(stage: Stage, id: string, reason: string): Promise<void> {
  const { number } = await stage.as('sales').post(Fulfilment, `/v1/fulfilments/${id}/cancellation`, { reason });
  stage.say(`${number} sales: cancel`);
  await fulfilmentIn(stage, id, 'CANCELLED');
}

/** The carrier could not hand it over; logistics decides what becomes of it. */
export async function loseOnTheWay(stage: Stage, { id, number }: FulfilmentBody, reason: string): Promise<FulfilmentBody> {
  stage.say(`${number} carrier: ${reason}`);
  await stage.sandbox.failToDeliver(number, reason);
  return fulfilmentIn(stage, id, 'DELIVERY_EXCEPTION');
}
