import { z } from 'zod';
import type { JsonObject } from '../support/json.ts';
import type { Shipment } from './carrier.ts';
import type { Effect, Webhook } from './effect.ts';
import { memoryJournal, openJournal, type Journal } from './journal.ts';
import type { Intent } from './payments.ts';

/** One line of the journal. An effect, what it changed and what it will tell are one line, so that a kill never parts them. */
type Line =
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'repetition'; readonly effectId: string }
  | { readonly kind: 'delivery'; readonly effectId: string; readonly accepted: boolean };

/** An effect and what happened to it since. */
interface Entry {
  readonly effect: Effect;
  /** How often it was asked for: 1, and 1 more for each repetition with the same key. */
  requests: number;
  deliveries: number;
  accepted: number;
}

/** A webhook that was not accepted as often as it should be. */
export interface PendingWebhook {
  readonly effectId: string;
  readonly webhook: Webhook;
  readonly missing: number;
}

/** The query of `GET /ledger`. */
export const ledgerFilter = z
  .strictObject({
    operation: z.string(),
    outcome: z.string(),
    idempotencyKey: z.string(),
    reference: z.string(),
    providerReference: z.string(),
  })
  .partial();

type LedgerFilter = z.infer<typeof ledgerFilter>;

/**
 * Everything the sandbox ever did, and the intents and shipments that come out of it. This is the world outside that the audit compares
 * Orderflow's own books with.
 */
export interface Ledger {
  readonly intents: ReadonlyMap<string, Intent>;
  readonly shipments: ReadonlyMap<string, Shipment>;
  /** The effect with this key, if it was ever done. */
  withKey(idempotencyKey: string): Effect | undefined;
  record(effect: Effect): void;
  recordRepetition(effect: Effect): void;
  recordDelivery(effectId: string, accepted: boolean): void;
  pendingWebhooks(): PendingWebhook[];
  /** Every effect, oldest first, whose members equal the filter's: the body of `GET /ledger`. */
  report(filter: LedgerFilter): JsonObject;
  close(): void;
}

/** Opens the ledger: from the file, or empty and forgetful without one. */
export function openLedger(dataFile: string | undefined): Ledger {
  const intents = new Map<string, Intent>();
  const shipments = new Map<string, Shipment>();
  const entries = new Map<string, Entry>();
  const byKey = new Map<string, Effect>();
  const byReference = new Map<string, Entry[]>();
  const undelivered = new Map<string, Entry>();

  function apply(line: Line): void {
    if (line.kind === 'effect') {
      const { effect } = line;
      const entry: Entry = { effect, requests: 1, deliveries: 0, accepted: 0 };
      entries.set(effect.id, entry);
      if (effect.webhook) undelivered.set(effect.id, entry);
      byKey.set(effect.idempotencyKey, effect);
      const ofReference = byReference.get(effect.reference) ?? [];
      byReference.set(effect.reference, ofReference);
      ofReference.push(entry);
      for (const intent of effect.intents ?? []) intents.set(intent.id, intent);
      for (const shipment of effect.shipments ?? []) shipments.set(shipment.tracking, shipment);
      return;
    }
    const entry = entries.get(line.effectId);
    if (!entry) throw new Error(`The ledger speaks of an effect ${line.effectId} that it does not have`);
    if (line.kind === 'repetition') entry.requests += 1;
    else {
      entry.deliveries += 1;
      if (line.accepted) entry.accepted += 1;
      if (entry.accepted === entry.effect.webhook?.copies) undelivered.delete(line.effectId);
    }
  }

  const journal: Journal<Line> = dataFile === undefined ? memoryJournal : openJournal<Line>(dataFile, apply);
  const commit = (line: Line): void => {
    journal.append(line);
    apply(line);
  };

  return {
    intents,
    shipments,
    withKey: (idempotencyKey) => byKey.get(idempotencyKey),
    record: (effect) => commit({ kind: 'effect', effect }),
    recordRepetition: (effect) => commit({ kind: 'repetition', effectId: effect.id }),
    recordDelivery: (effectId, accepted) => commit({ kind: 'delivery', effectId, accepted }),
    pendingWebhooks: () =>
      [...undelivered.values()].flatMap(({ effect: { id, webhook }, accepted }) =>
        webhook ? [{ effectId: id, webhook, missing: webhook.copies - accepted }] : [],
      ),
    report: ({ reference, ...others }) => {
      const candidates = reference === undefined ? [...entries.values()] : (byReference.get(reference) ?? []);
      const asked = Object.entries(others);
      const found = candidates.filter(({ effect }) => asked.every(([name, value]) => effect[name as keyof Effect] === value));
      return { effects: found.map(reportRow) };
    },
    close: () => journal.close(),
  };
}

function reportRow({ effect, requests, deliveries, accepted }: Entry): JsonObject {
  const {
    id,
    at,
    operation,
    outcome,
    idempotencyKey,
    reference,
    providerReference,
    amountMinor = null,
    currency = null,
    webhook,
  } = effect;
  const what = { id, at, operation, outcome, idempotencyKey, reference, providerReference, amountMinor, currency };
  return {
    ...what,
    requests,
    webhook: webhook ? { id: webhook.id, type: webhook.type, copies: webhook.copies, deliveries, accepted } : null,
  };
}
