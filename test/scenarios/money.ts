import { randomUUID } from 'node:crypto';
import { demoWebhookSecret } from '../../src/sandbox/config.ts';
import { signWebhook } from '../../src/support/webhook-signature.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { Answer } from './client.ts';
import type { Order, Stage } from './stage.ts';

/** Finance sees money at the bank. */
export async function capture(stage: Stage, sale: Order, amountMinor: number, reference: string = randomUUID()): Promise<void> {
  await stage.as('finance').post(`/v1/sale-orders/${sale.id}/captures`, { amountMinor, currency: 'EUR', reference });
  await stage.settled();
}

/** The customer pays at the provider, who tells the service. Answers the provider's capture. */
export async function payAtProvider(stage: Stage, sale: Order, amountMinor: number): Promise<JsonObject> {
  const taken = await stage.outside.pay(sale.number, amountMinor);
  await stage.settled();
  return taken;
}

/** An event of a provider as it comes in. */
export function providerEvent(
  stage: Stage,
  eventId: string,
  type: string,
  data: object,
  provider: 'payments' | 'carrier' = 'payments',
): Promise<Answer> {
  const raw = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  const headers = { ...signWebhook({ id: eventId, sentAt: new Date(), body: raw, secrets: [demoWebhookSecret] }) };
  return stage.as('nobody').ask('POST', `/v1/provider-events/${provider}`, { raw, headers });
}

/** What a sale has taken, in minor units. */
export async function moneyOf(stage: Stage, { id }: Order): Promise<Record<'captured' | 'unapplied' | 'refunded', number>> {
  const { captured, unapplied, refunded } = await stage.sale(id);
  return { captured: captured.amountMinor, unapplied: unapplied.amountMinor, refunded: refunded.amountMinor };
}

/** What was done at the provider in the name of a sale: `payment.request done`. */
export const doneOutside = async (stage: Stage, { number }: Order): Promise<string[]> =>
  (await stage.outside.ledger(number)).map(({ operation, outcome }) => `${operation} ${outcome}`);
