import { systemActor } from '../policies/actor.ts';
import type { JsonObject } from '../support/json.ts';
import { text } from './event-data.ts';
import { carrierEventTypes, takeCarrierEvent } from './carrier-event.ts';
import { perform } from './perform.ts';
import { moneyEventTypes, takeMoneyEvent } from './money-event.ts';
import type { Deps, Performed, Unit } from './unit.ts';

/** Something a provider tells us, with the provider's own id for it; the signature has been checked. */
export interface ProviderEvent {
  readonly provider: 'payments' | 'carrier';
  /** The same id is the same event, however often it is delivered. */
  readonly eventId: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** Takes in a provider's event, once. An event of an unknown type is acknowledged and ignored. @throws Problem not-found, malformed-request */
export const takeProviderEvent = (deps: Deps, event: ProviderEvent): Promise<Performed> =>
  perform(
    deps,
    {
      name: 'take a provider event',
      actor: systemActor(`provider:${event.provider}`),
      key: event.eventId,
      payload: { type: event.type, data: event.data },
      ...(typeof event.data['reference'] === 'string' && { about: event.data['reference'] }),
    },
    async (unit) => {
      const result = await handle(unit, event);
      return { status: 200, body: { result } };
    },
  );

/** What each provider may tell us of; anything else of it is acknowledged and ignored. */
const typesOf: Readonly<Record<ProviderEvent['provider'], readonly string[]>> = {
  payments: moneyEventTypes,
  carrier: carrierEventTypes,
};

async function handle(unit: Unit, { provider, eventId, type, data }: ProviderEvent): Promise<string> {
  if (!typesOf[provider].includes(type)) return 'ignored';
  if (provider === 'payments') return takeMoneyEvent(unit, { type, eventId, data });
  if (carrierEventTypes.includes(type)) {
    const reason = typeof data['reason'] === 'string' ? data['reason'].slice(0, 255) : undefined;
    return takeCarrierEvent(unit, { id: eventId, type, reference: text(data, 'reference'), reason });
  }
  return 'ignored';
}
