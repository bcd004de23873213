import { z } from 'zod';
import { pageOf } from '../../src/contract/search.ts';
import type { Api } from '../scenarios/client.ts';
import type { Outside } from '../scenarios/outside.ts';
import { startScenarioService, type ScenarioService } from '../scenarios/service.ts';
import { createStage, type Stage } from '../scenarios/stage.ts';

/** Choices of one operation: the same numbers choose the same. */
export interface Dice {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Rolls the given numbers, over and over. */
export function diceOf(numbers: readonly number[]): Dice {
  let turn = 0;
  const next = (): number => numbers[turn++ % numbers.length] ?? 0;
  const between = (from: number, to: number): number => from + (next() % (to - from + 1));
  return {
    between,
    chance: (percent) => next() % 100 < percent,
    pick: <T>(items: readonly T[]): T => {
      const picked = items[between(0, items.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
  };
}

/** A few customers who fight for little credit and a few products of which there is little stock. */
export interface PropertyWorld {
  readonly service: ScenarioService;
  readonly stage: Stage;
  readonly as: (person: string) => Api;
  readonly outside: Outside;
  readonly customers: readonly string[];
  readonly skus: readonly string[];
  /** Shipments that the carrier has said something about. */
  readonly told: Set<string>;
  /** The newest of a kind that fit. */
  find(noun: string, filter: object, limit?: number): Promise<readonly { readonly id: string }[]>;
  close(): Promise<void>;
}

const Found = pageOf(z.looseObject({ id: z.string() }));

export async function openPropertyWorld(): Promise<PropertyWorld> {
  const service = await startScenarioService();
  const stage = createStage(service);
  const customers: string[] = [];
  for (const limitMinor of [20_000, 60_000, 100_000, 1_000_000]) {
    customers.push((await stage.customer({ limitMinor, tier: limitMinor > 50_000 ? 'GOLD' : 'STANDARD' })).id);
  }
  customers.push((await stage.customer({ paymentMethod: null, shippingPolicy: 'COMPLETE_ONLY' })).id);
  const skus: string[] = [];
  for (const linePolicy of ['BACKORDER', 'BACKORDER', 'NO_BACKORDER'] as const) {
    for (const returnWindowSeconds of [3_600, 40 * 86_400])
      skus.push(await stage.product({ stock: 30, linePolicy, returnWindowSeconds }));
  }
  const { as, outside } = service;
  return {
    service,
    stage,
    as,
    outside,
    customers,
    skus,
    told: new Set(),
    find: async (noun, filter, limit = 40) =>
      Found.parse(
        await as('auditor').post(`/v1/${noun}/search`, { filter, sort: [{ field: 'number', order: 'desc' }], page: { limit } }),
      ).items,
    close: () => service.close(),
  };
}
