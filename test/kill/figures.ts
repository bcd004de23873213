import type { Database } from '../../src/persistence/database.ts';
import type { ChaosFigures } from './chaos.ts';
import type { Client, ClientFigures } from './client.ts';
import type { Outside } from './outside.ts';

/** What a round has seen. */
export interface Figures {
  readonly chaos: ChaosFigures;
  readonly client: ClientFigures & { readonly acknowledged: number };
  /** Stories played to their end, and the orders that were promised to them. */
  readonly stories: number;
  readonly orders: number;
  readonly jobs: JobFigures;
  readonly outside: { readonly effects: number; readonly requests: number; readonly events: number; readonly deliveries: number };
  readonly incidents: number;
  /** From the last kill until nothing was left to do, ms. */
  readonly drainMs: number;
}

interface JobFigures {
  readonly done: number;
  /** Times that a worker began one. */
  readonly deliveries: number;
  readonly failures: number;
  /** From the moment it was written down to its result, for the slowest that needed no operator, ms. */
  readonly slowestMs: number;
}

export async function readFigures(
  database: Database,
  seen: { chaos: ChaosFigures; client: Client; outside: Outside; played: number; orders: number; drainMs: number },
): Promise<Figures> {
  const [jobs] = await database.query<JobFigures>(`
    select count(*) as done, coalesce(sum(deliveries), 0)::bigint as deliveries, coalesce(sum(failures), 0)::bigint as failures,
           coalesce(round(extract(epoch from max(done_at - created_at) filter (where not exists (
             select from orderflow.incident i where i.wait_id = outbox.wait_id))) * 1000), 0)::bigint as "slowestMs"
      from orderflow.outbox where done_at is not null`);
  const [incidents] = await database.query<{ count: number }>('select count(*) as count from orderflow.incident');
  const effects = await seen.outside.ledger();
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    chaos: seen.chaos,
    client: { ...seen.client.figures, acknowledged: seen.client.ledger.length },
    stories: seen.played,
    orders: seen.orders,
    jobs: jobs ?? { done: 0, deliveries: 0, failures: 0, slowestMs: 0 },
    outside: {
      effects: effects.length,
      requests: sum(effects.map(({ requests }) => requests)),
      events: effects.filter(({ webhook }) => webhook !== null).length,
      deliveries: sum(effects.map(({ webhook }) => webhook?.deliveries ?? 0)),
    },
    incidents: incidents?.count ?? 0,
    drainMs: seen.drainMs,
  };
}

/** The figures as lines for people. */
export function tellFigures({ chaos, client, stories, orders, jobs, outside, incidents, drainMs }: Figures): string[] {
  const { kills, wipes, queueKills, silences } = chaos;
  const sorted = [...silences].sort((a, b) => a - b);
  const seconds = (ms: number | undefined): string => `${((ms ?? 0) / 1_000).toFixed(1)} s`;
  return [
    `kills      ${kills.api + kills.worker + kills.sandbox}: api ${kills.api}, worker ${kills.worker}, sandbox ${kills.sandbox}; the queue's data lost ${wipes + queueKills} times`,
    `orders     ${orders} acknowledged in ${stories} stories, with ${client.acknowledged} commands`,
    `requests   ${client.lost} without an answer, ${client.busy} told to come back, ${client.copies} sent in copies, ${client.races} races for a task`,
    `jobs       ${jobs.done} done, begun ${jobs.deliveries} times, ${jobs.failures} failures; the slowest took ${seconds(jobs.slowestMs)}`,
    `outside    ${outside.effects} effects for ${outside.requests} requests; ${outside.events} events, delivered ${outside.deliveries} times`,
    `progress   after a kill the next step came within ${seconds(sorted.at(-1))}, half of the time within ${seconds(sorted[sorted.length >> 1])}`,
    `rest       ${seconds(drainMs)} after the last kill; ${incidents} incidents on the way`,
  ];
}
