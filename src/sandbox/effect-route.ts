import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { newId, sha256 } from '../support/ids.ts';
import { canonicalJson } from '../support/json.ts';
import type { CarrierDecision } from './carrier.ts';
import type { Control } from './control.ts';
import type { Effect, Operation, Webhook } from './effect.ts';
import type { Ledger } from './ledger.ts';
import type { PaymentDecision } from './payments.ts';
import { noAnswer, problem, Refused, valid, type Answer, type Request, type Route } from './router.ts';
import type { Webhooks } from './webhooks.ts';

/** What the operations work on. */
export interface World {
  readonly ledger: Ledger;
  readonly webhooks: Webhooks;
  readonly control: Control;
  /** Aborted when the sandbox closes: nothing may be done after that. */
  readonly stopping: AbortSignal;
}

/** One request to an operation. */
export interface Asked<Body> {
  readonly body: Body;
  /** The `:id` of the path, empty where it has none. */
  readonly id: string;
}

/** A POST that does something. */
export interface EffectRoute<Body> {
  readonly path: string;
  readonly operation: Operation;
  readonly body: z.ZodType<Body>;
  /** What the request is about. @throws Refused when there is no such thing */
  readonly reference: (asked: Asked<Body>) => string;
  /** Called at most once for each key; must not wait. `decline` asks the control, so call it only where declining is possible. */
  readonly decide: (asked: Asked<Body>, at: string, decline: () => boolean) => PaymentDecision & CarrierDecision;
}

/** Makes it a route that happens once for each `Idempotency-Key` and misbehaves as the control says. */
export function effectRoute<Body>({ ledger, webhooks, control, stopping }: World, route: EffectRoute<Body>): Route {
  const { path, operation } = route;

  async function handle(request: Request): Promise<Answer | typeof noAnswer> {
    const idempotencyKey = keyOf(request);
    const asked = { body: valid(route.body, request.body), id: request.params['id'] ?? '' };
    const subject = { ...asked.body, operation, reference: route.reference(asked) };
    const requestHash = sha256(canonicalJson({ method: request.method, path: request.path, body: asked.body }));

    const delayMs = control.setting('delayMs', subject);
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return noAnswer;
    if (control.take('failBeforeNext', subject)) return problem(503, 'unavailable', 'Told to fail; nothing was done');

    // From here on nothing waits, so two requests with one key cannot both find it unused.
    const known = ledger.withKey(idempotencyKey);
    if (known) repeat(known, requestHash);
    const copies = 1 + control.setting('repeatWebhooks', subject);
    const effect = known ?? perform(asked, { idempotencyKey, requestHash }, copies, () => control.take('declineNext', subject));

    if (control.take('timeoutNext', subject)) return noAnswer;
    if (control.take('failNext', subject)) return problem(503, 'unavailable', 'Told to fail; whether it was done is not said');
    return effect.answer;
  }

  function repeat(known: Effect, requestHash: string): void {
    if (known.requestHash !== requestHash) {
      const detail = `The key ${known.idempotencyKey} was used at ${known.at} for another request (${known.operation}); take a new key`;
      throw new Refused(422, 'key-reused', detail);
    }
    ledger.recordRepetition(known);
  }

  function perform(
    asked: Asked<Body>,
    key: Pick<Effect, 'idempotencyKey' | 'requestHash'>,
    copies: number,
    decline: () => boolean,
  ): Effect {
    const at = new Date().toISOString();
    const { event, ...decision } = route.decide(asked, at, decline);
    const effect: Effect = {
      id: newId(),
      at,
      operation,
      ...key,
      ...decision,
      ...(event ? { webhook: webhookOf(withKey(event, key.idempotencyKey), at, copies) } : {}),
    };
    ledger.record(effect);
    webhooks.deliverPending();
    return effect;
  }

  return { method: 'POST', path, handle };
}

/** An event about money names the request that it came from, so that whoever made that knows it again. */
const withKey = (event: NonNullable<PaymentDecision['event']>, idempotencyKey: string): NonNullable<PaymentDecision['event']> =>
  event.type.startsWith('payment.') ? { ...event, data: { ...event.data, idempotencyKey } } : event;

const webhookOf = (event: NonNullable<PaymentDecision['event']>, at: string, copies: number): Webhook => ({
  id: `evt_${newId()}`,
  provider: event.type.startsWith('carrier.') ? 'carrier' : 'payments',
  type: event.type,
  body: JSON.stringify({ type: event.type, timestamp: at, data: event.data }),
  copies,
});

function keyOf({ headers, path }: Request): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return key;
  throw new Refused(
    400,
    'key-missing',
    `POST ${path} has an effect, so it needs a header Idempotency-Key of 1 to 255 characters`,
  );
}
