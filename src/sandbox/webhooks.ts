import { setTimeout as sleep } from 'node:timers/promises';
import { signWebhook } from '../support/webhook-signature.ts';
import { messageOf } from '../support/errors.ts';
import type { Logger } from '../support/logger.ts';
import type { Webhook } from './effect.ts';
import type { Ledger, PendingWebhook } from './ledger.ts';

/** When a delivery that was not accepted is tried again: after `firstMs`, then twice as long each time up to `maxMs`, `attempts` in all. */
export interface Retry {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly attempts: number;
}

/** Half an hour of trying: longer than a service that is killed again and again is away. */
export const defaultRetry: Retry = { firstMs: 200, maxMs: 5_000, attempts: 360 };

/** Deliveries under way at the same time, so that a customer who comes back is not run over. */
const maxConcurrent = 16;
const deliveryTimeoutMs = 10_000;

export interface Webhooks {
  /** Where events go from now on: `<url>/payments` and `<url>/carrier`. Starts what waited for it. */
  setEndpoint(url: string): void;
  /** Starts to deliver whatever the ledger says is pending and not under way. */
  deliverPending(): void;
  /** Resolves when nothing is under way any more: soon after `stopping`. What was not accepted stays pending in the ledger. */
  idle(): Promise<void>;
}

/** Delivers the ledger's events until they are accepted, each on its own: like any provider's, they may arrive late, twice or out of order. */
export function createWebhooks(options: {
  ledger: Ledger;
  secret: string;
  retry: Retry;
  logger: Logger;
  stopping: AbortSignal;
}): Webhooks {
  const { ledger, secret, retry, logger, stopping } = options;
  const underWay = new Map<string, Promise<void>>();
  /** Tried often enough; only a new endpoint changes that. */
  const abandoned = new Set<string>();
  const waiting: (() => void)[] = [];
  let free = maxConcurrent;
  let endpoint: string | undefined;

  async function deliver({ effectId, webhook, missing }: PendingWebhook): Promise<void> {
    for (let copy = 0; copy < missing; copy += 1) {
      if (await deliverCopy(effectId, webhook)) continue;
      abandoned.add(effectId);
      logger.warn({ webhook: webhook.id, type: webhook.type }, `gave up after ${retry.attempts} attempts`);
      return;
    }
  }

  async function deliverCopy(effectId: string, webhook: Webhook): Promise<boolean> {
    for (let attempt = 0; attempt < retry.attempts; attempt += 1) {
      const accepted = await inTurn(() => post(webhook));
      if (accepted || !stopping.aborted) ledger.recordDelivery(effectId, accepted);
      if (accepted) return true;
      await sleep(Math.min(retry.maxMs, retry.firstMs * 2 ** attempt), undefined, { signal: stopping });
    }
    return false;
  }

  async function post(webhook: Webhook): Promise<boolean> {
    const address = `${endpoint}/${webhook.provider}`;
    const headers = signWebhook({ id: webhook.id, sentAt: new Date(), body: webhook.body, secrets: [secret] });
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: webhook.body,
        redirect: 'manual',
        signal: AbortSignal.any([stopping, AbortSignal.timeout(deliveryTimeoutMs)]),
      });
      const text = await response.text();
      if (!response.ok)
        logger.warn({ webhook: webhook.id, address, status: response.status, text: text.slice(0, 300) }, 'webhook refused');
      return response.ok;
    } catch (error) {
      logger.debug({ webhook: webhook.id, address, reason: messageOf(error) }, 'webhook not delivered');
      return false;
    }
  }

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  function deliverPending(): void {
    if (endpoint === undefined) return;
    for (const pending of ledger.pendingWebhooks()) {
      if (underWay.has(pending.effectId) || abandoned.has(pending.effectId)) continue;
      const work = deliver(pending)
        .catch((error: unknown) => stopping.aborted || logger.error({ err: error }, 'delivery broke'))
        .then(() => void underWay.delete(pending.effectId));
      underWay.set(pending.effectId, work);
    }
  }

  return {
    setEndpoint: (url) => {
      endpoint = url.replace(/\/+$/, '');
      abandoned.clear();
      deliverPending();
    },
    deliverPending,
    idle: async () => {
      await Promise.all(underWay.values());
    },
  };
}
