import type { z } from 'zod';
import { ProcessInstance } from '../../../contract/process-instance.ts';
import { Quotation } from '../../../contract/quotation.ts';
import { untilState, type Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';

type QuotationBody = z.output<typeof Quotation>;

/** What somebody wants to buy. */
export interface Basket {
  readonly customerId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly discountBp?: number }[];
}

/** Sales writes a quotation and sends it to the customer. */
export async function offer(stage: Stage, basket: Basket): Promise<QuotationBody> {
  const quotation = await stage.as('sales').post(Quotation, '/v1/quotations', { ...basket, currency: 'EUR' });
  stage.follow({ noun: 'quotations', id: quotation.id });
  await complete(stage, 'sales', await inState(stage, quotation.id, 'DRAFT'), {});
  return inState(stage, quotation.id, 'SENT');
}

/** The customer answers; the quotation as it then ends. */
export async function answer(
  stage: Stage,
  id: string,
  word: 'ACCEPT' | 'DECLINE',
  reason: string | null,
): Promise<QuotationBody> {
  await complete(stage, 'buyer', await inState(stage, id, 'SENT'), { customer: { answer: word, reason } });
  return inState(stage, id, word === 'ACCEPT' ? 'APPROVED' : 'REJECTED');
}

const inState = (stage: Stage, id: string, state: string): Promise<QuotationBody> =>
  untilState(stage, () => stage.as('sales').get(Quotation, `/v1/quotations/${id}`), state);

async function complete(stage: Stage, person: string, { number, waits }: QuotationBody, variables: object): Promise<void> {
  const task = waits.find((wait) => wait.kind === 'user');
  if (!task) throw new StoryFailed(`${number} waits for nobody.`);
  stage.say(`${number} ${person}: ${task.name ?? task.elementId}`);
  await stage.as(person).post(ProcessInstance, `/v1/user-tasks/${task.id}/completion`, { variables });
}
