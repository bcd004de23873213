import type { z } from 'zod';
import { Return } from '../../../contract/return.ts';
import { untilState, type Stage } from '../stage.ts';
import { complete } from './tasks.ts';

type ReturnBody = z.output<typeof Return>;

export const returnIn = (stage: Stage, id: string, state: string): Promise<ReturnBody> =>
  untilState(stage, () => stage.as('warehouse').get(Return, `/v1/returns/${id}`), state);

/**
 * The customer wants to give back pieces of a line; answers the return in the state that it then comes to rest in. Whoever changes their mind too often is
 * looked at by an agent, so nobody does, unless a story is about that.
 */
export async function askToReturn(
  stage: Stage,
  fulfilmentId: string,
  { quantity, reason = 'WRONG_ITEM' }: { readonly quantity: number; readonly reason?: ReturnBody['reason'] },
  state = 'RETURN_AUTHORIZED',
): Promise<ReturnBody> {
  const path = `/v1/fulfilments/${fulfilmentId}/returns`;
  const asked = await stage.as('buyer').post(Return, path, { lines: [{ lineNo: 1, quantity }], reason });
  stage.say(`${asked.number} buyer: ${quantity} back, ${reason}`);
  return returnIn(stage, asked.id, state);
}

export async function cancelReturn(stage: Stage, { id, number }: ReturnBody, reason: string): Promise<void> {
  stage.say(`${number} buyer: cancel`);
  await stage.as('buyer').post(Return, `/v1/returns/${id}/cancellation`, { reason });
  await returnIn(stage, id, 'RETURN_CANCELLED');
}

/** The goods are back. */
export async function takeBack(stage: Stage, { id, number }: ReturnBody): Promise<ReturnBody> {
  stage.say(`${number} warehouse: arrived`);
  await stage.as('warehouse').post(Return, `/v1/returns/${id}/receipt`);
  return returnIn(stage, id, 'RETURN_INSPECTION');
}

/** The warehouse looks at what came back; answers the return in the state that it then comes to rest in. */
export async function inspect(
  stage: Stage,
  returned: ReturnBody,
  found: { readonly accepted: number; readonly good: number },
  state = 'RETURN_COMPLETED',
): Promise<ReturnBody> {
  await complete(stage, 'warehouse', returned, { lines: [{ lineNo: 1, ...found }] });
  return returnIn(stage, returned.id, state);
}
