import { systemActor } from '../policies/actor.ts';
import { leaveMessage } from '../persistence/messages.ts';
import { Problem } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import { perform } from './perform.ts';
import { applyCapture } from './record-capture.ts';
import type { Deps, Performed, Unit } from './unit.ts';

/** Something a provider tells us, with the provider's own id for it; the signature has been checked. */
export interface ProviderEvent {
  readonly provider: 'payments' | 'carrier';
  /** The same id is the same event, however often it is delivered. */
  readonly eventId: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** How long a delivery that comes before our own goods issue is kept, ms. */
const earlyEventTtl = 7 * 86_400_000;

/** Takes in a provider's event, once. An event of an unknown type is acknowledged and ignored. @throws Problem not-found, malformed-request */
export const takeProviderEvent = (deps: Deps, event: ProviderEvent): Promise<Performed> =>
  perform(
    deps,
    {
      name: 'take a provider event',
      actor: systemActor(`provider:${event.provider}`),
      key: event.eventId,
      payload: { type: event.type, data: event.data },
    },
    async (unit) => {
      const result = await handle(unit, event);
      return { status: 200, body: { result } };
    },
  );

/** What each provider may tell us of; anything else of it is acknowledged and ignored. */
const typesOf: Readonly<Record<ProviderEvent['provider'], readonly string[]>> = {
  payments: ['payment.captured'],
  carrier: ['carrier.delivered'],
};

async function handle(unit: Unit, { provider, eventId, type, data }: ProviderEvent): Promise<string> {
  if (!typesOf[provider].includes(type)) return 'ignored';
  if (type === 'payment.captured') {
    const { isNew } = await applyCapture(unit, provider, {
      saleOrderId: text(data, 'reference'),
      amountMinor: amount(data, 'amountMinor'),
      currency: text(data, 'currency'),
      reference: text(data, 'captureReference'),
    });
    return isNew ? 'recorded' : 'known';
  }
  if (type === 'carrier.delivered') {
    const order = await lockOrder(unit.tx, 'fulfilment', text(data, 'reference'));
    const subscription = await lockSubscription(unit.tx, type, order.id);
    if (subscription) {
      await correlate(unit, subscription, type, {});
      return 'delivered';
    }
    if (order.instance.status !== 'running') return 'ignored';
    await leaveMessage(unit.tx, {
      name: type,
      correlationKey: order.id,
      variables: {},
      source: `provider:${provider}`,
      messageId: eventId,
      timeToLiveMs: earlyEventTtl,
    });
    return 'buffered';
  }
  return 'ignored';
}

function text(data: JsonObject, name: string): string {
  const value = isJsonObject(data) ? data[name] : undefined;
  if (typeof value === 'string' && value !== '' && value.length <= 255) return value;
  throw new Problem('malformed-request', `The event has no data.${name} of 1 to 255 characters.`);
}

function amount(data: JsonObject, name: string): number {
  const value = data[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new Problem('malformed-request', `The event's data.${name} is not a whole number of minor units above 0.`);
}
