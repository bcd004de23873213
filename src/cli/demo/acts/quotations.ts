import type { z } from 'zod';
import { Quotation } from '../../../contract/quotation.ts';
import { untilState, type Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';
import { complete } from './tasks.ts';

type QuotationBody = z.output<typeof Quotation>;

export interface BasketLine {
  readonly sku: string;
  readonly quantity: number;
  readonly discountBp?: number;
}

/** What somebody wants to buy. */
export interface Basket {
  readonly customerId: string;
  readonly lines: readonly BasketLine[];
}

/** Sales writes a quotation. */
export async function draft(stage: Stage, basket: Basket): Promise<QuotationBody> {
  const quotation = await stage.as('sales').post(Quotation, '/v1/quotations', { ...basket, currency: 'EUR' });
  stage.follow({ noun: 'quotations', id: quotation.id });
  return quotationIn(stage, quotation.id, 'DRAFT');
}

/** Sales has finished with the draft; answers the quotation in the state that it then comes to rest in. */
export async function send(stage: Stage, id: string, state: 'SENT' | 'AWAITING_PRICE_OVERRIDE'): Promise<QuotationBody> {
  await complete(stage, 'sales', await quotationIn(stage, id, 'DRAFT'));
  return quotationIn(stage, id, state);
}

/** Sales writes a quotation and sends it to the customer. */
export async function offer(stage: Stage, basket: Basket): Promise<QuotationBody> {
  const { id } = await draft(stage, basket);
  return send(stage, id, 'SENT');
}

const after = { ACCEPT: 'APPROVED', DECLINE: 'REJECTED', CHANGES: 'DRAFT' } as const;

/** The customer answers; the quotation as it then is. */
export async function answer(
  stage: Stage,
  id: string,
  word: keyof typeof after,
  reason: string | null = null,
): Promise<QuotationBody> {
  await complete(stage, 'buyer', await quotationIn(stage, id, 'SENT'), { customer: { answer: word, reason } });
  return quotationIn(stage, id, after[word]);
}

/** The customer accepts. Answers the sale order that came of it. */
export async function accept(stage: Stage, id: string): Promise<string> {
  const { number, saleOrder } = await answer(stage, id, 'ACCEPT');
  if (!saleOrder) throw new StoryFailed(`${number} was accepted and has no sale order.`);
  return saleOrder.id;
}

/** Sales rewrites a draft. */
export async function rewrite(stage: Stage, { id, number }: QuotationBody, lines: readonly BasketLine[]): Promise<void> {
  stage.say(`${number} sales: another offer`);
  await stage.as('sales').patch(Quotation, `/v1/quotations/${id}`, { lines });
}

export async function withdraw(stage: Stage, { id, number }: QuotationBody, reason: string): Promise<void> {
  stage.say(`${number} sales: withdraw`);
  await stage.as('sales').post(Quotation, `/v1/quotations/${id}/withdrawal`, { reason });
  await quotationIn(stage, id, 'WITHDRAWN');
}

export const quotationIn = (stage: Stage, id: string, state: string): Promise<QuotationBody> =>
  untilState(stage, () => stage.as('sales').get(Quotation, `/v1/quotations/${id}`), state);
