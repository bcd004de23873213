import { z } from 'zod';
import { Clock } from '../../src/contract/clock.ts';
import { Person } from '../../src/contract/person.ts';
import { listOf } from '../../src/contract/search.ts';
import { Stock } from '../../src/contract/stock.ts';
import type { Stage } from './stage.ts';

// What no person could do over HTTP, or nobody should: the conditions of an experiment.

/** Locks rows until the answer is called: whoever needs them waits. */
export async function hold({ service }: Stage, sql: string, params: readonly unknown[]): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let over: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    over = service.database.transaction(async (tx) => {
      await tx.query(sql, params);
      resolve();
      await gate;
    });
    over.catch(reject);
  });
  return async () => {
    letGo();
    await over;
  };
}

/** The service's clock. */
export async function now(stage: Stage): Promise<Date> {
  const clock = Clock.parse(await stage.as('operator').post('/v1/clock', { forwardMs: 0 }));
  return new Date(clock.now);
}

/** So many pieces of a product's stock are kept for what nobody foresees. */
export const keepSafe = ({ service }: Stage, sku: string, pieces: number): Promise<unknown> =>
  service.database.query('update orderflow.stock_level set safety = $2, revision = revision + 1 where sku = $1', [sku, pieces]);

export async function onHand(stage: Stage, sku: string): Promise<number> {
  const { levels } = await stage.as('warehouse').get(Stock, `/v1/stock/${sku}`);
  return levels.reduce((sum, level) => sum + level.onHand, 0);
}

const Batch = z.array(z.looseObject({ type: z.string(), subject: z.string(), position: z.string() }));

/** What was told to the world about an order, a customer's credit, or an override, once it has been published. */
export async function eventsOf(stage: Stage, type: string, data: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let after = '0'; ;) {
    const { body } = await stage.as('auditor').ask('GET', `/v1/events?after=${after}&limit=1000`);
    const batch = Batch.parse(body);
    for (const event of batch) {
      const told = event['data'] as Readonly<Record<string, unknown>>;
      if (event.type.includes(type) && Object.entries(data).every(([name, value]) => told[name] === value)) found.push(event);
    }
    const last = batch.at(-1);
    if (!last) return found;
    after = last.position;
  }
}

/** A person has other roles for a while. */
export async function withRoles(stage: Stage, person: string, roles: readonly string[], act: () => Promise<void>): Promise<void> {
  const before = (await stage.as('auditor').get(listOf(Person), '/v1/people')).items.find(({ id }) => id === person);
  await stage.as('admin').put(`/v1/people/${person}`, { roles });
  try {
    await act();
  } finally {
    await stage.as('admin').put(`/v1/people/${person}`, { roles: before?.roles ?? [] });
  }
}

/** A person lets another act for them for an hour. */
export async function delegate(stage: Stage, principal: string, to: string): Promise<void> {
  const validUntil = new Date((await now(stage)).getTime() + 3_600_000).toISOString();
  await stage.as(principal).post('/v1/delegations', { delegate: to, validUntil });
}

/** The company does not work on the days that come. */
export async function addHolidays(stage: Stage, days: number): Promise<void> {
  const today = await now(stage);
  for (let day = 1; day <= days; day++) {
    const date = new Date(today.getTime() + day * 86_400_000).toISOString().slice(0, 10);
    await stage.as('admin').post('/v1/calendars/company/holidays', { date, name: 'Works outing' });
  }
}
