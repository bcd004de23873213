import type { z } from 'zod';
import { Fulfilment } from '../../../contract/fulfilment.ts';
import { untilState, type Stage } from '../stage.ts';

type FulfilmentBody = z.output<typeof Fulfilment>;

export const fulfilmentIn = (stage: Stage, id: string, state: string): Promise<FulfilmentBody> =>
  untilState(stage, () => stage.as('warehouse').get(Fulfilment, `/v1/fulfilments/${id}`), state);

/** The warehouse picks, packs and ships, the goods arrive, and the time for returns (seconds, in the demo world) runs out. */
export async function shipAndDeliver(stage: Stage, id: string): Promise<void> {
  const { number } = await fulfilmentIn(stage, id, 'PICKING');
  stage.say(`${number} warehouse: pick, pack, ship`);
  await stage.as('warehouse').post(Fulfilment, `/v1/fulfilments/${id}/shipments`);
  await fulfilmentIn(stage, id, 'SHIPPED');
  stage.say(`${number} warehouse: delivered`);
  await stage.as('warehouse').post(Fulfilment, `/v1/fulfilments/${id}/deliveries`);
  await fulfilmentIn(stage, id, 'COMPLETED');
}
