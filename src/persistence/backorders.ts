import { newId } from '../support/ids.ts';
import type { FulfilmentLineRow } from './fulfilments.ts';
import { leaveMessage } from './messages.ts';
import type { Transaction } from './transaction.ts';

/** Queues what a shipment is missing; a demand that was filled once and is missing again is open again, at its old place. */
export async function queueDemand(
  tx: Transaction,
  fulfilmentId: string,
  missing: readonly Pick<FulfilmentLineRow, 'saleLineId' | 'sku' | 'quantity' | 'allocated'>[],
  committedAt: Date,
): Promise<void> {
  for (const line of missing) {
    await tx.execute(
      `insert into orderflow.backorder_demand (id, fulfilment_id, sale_line_id, sku, quantity, committed_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (fulfilment_id, sale_line_id) do update set status = 'OPEN', quantity = excluded.quantity`,
      [newId(), fulfilmentId, line.saleLineId, line.sku, line.quantity - line.allocated, committedAt],
    );
  }
}

/** Nothing is missing any more (FILLED), or nobody waits for it any more (CANCELLED). */
export const closeDemand = (tx: Transaction, fulfilmentId: string, status: 'FILLED' | 'CANCELLED'): Promise<number> =>
  tx.execute(`update orderflow.backorder_demand set status = $2, rests = false where fulfilment_id = $1 and status = 'OPEN'`, [
    fulfilmentId,
    status,
  ]);

/** What was not found where the books say it lies is not looked for again until goods arrive. */
export const restDemand = (tx: Transaction, fulfilmentId: string): Promise<number> =>
  tx.execute(`update orderflow.backorder_demand set rests = true where fulfilment_id = $1 and status = 'OPEN'`, [fulfilmentId]);

/** A shipment that waits, with everything that it waits for. */
interface Waiting {
  readonly fulfilmentId: string;
  readonly demands: readonly { readonly sku: string; readonly quantity: number }[];
}

/**
 * Who can be served from the free stock, first come first served. A shipment is served when all that it waits for is there; who waits for more than is
 * left keeps those behind from overtaking, who only waits for another product as well does not. Everybody whom a shared product ties to these products
 * is looked at, so that any two of them that ask get the same answer.
 */
async function servable(tx: Transaction, skus: readonly string[]): Promise<Waiting[]> {
  const waiting = await tx.query<Waiting>(
    `with recursive tied (sku) as (
       select unnest($1::text[])
       union
       select other.sku from tied
         join orderflow.backorder_demand mine on mine.sku = tied.sku and mine.status = 'OPEN'
         join orderflow.backorder_demand other on other.fulfilment_id = mine.fulfilment_id and other.status = 'OPEN'
     )
     select d.fulfilment_id as "fulfilmentId", jsonb_agg(jsonb_build_object('sku', d.sku, 'quantity', d.quantity)) as demands
       from orderflow.backorder_demand d join orderflow.fulfilment f on f.id = d.fulfilment_id
      where d.status = 'OPEN' and d.sku in (select sku from tied) and f.closed_at is null and f.cancel_requested_at is null
      group by d.fulfilment_id having not bool_or(d.rests)
      order by min(d.priority), min(d.committed_at), min(d.id::text)`,
    [skus],
  );
  const free = await freeBySku(tx, [...new Set(waiting.flatMap((each) => each.demands.map((demand) => demand.sku)))]);
  const served: Waiting[] = [];
  for (const each of waiting) {
    const wanted = totals(each.demands);
    const short = [...wanted].filter(([sku, quantity]) => quantity > (free.get(sku) ?? 0));
    if (short.length === 0) {
      served.push(each);
      for (const [sku, quantity] of wanted) free.set(sku, (free.get(sku) ?? 0) - quantity);
    }
    for (const [sku] of short) free.set(sku, 0);
  }
  return served;
}

async function freeBySku(tx: Transaction, skus: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ sku: string; free: number }>(
    `select sku, sum(greatest(0, on_hand - reserved - safety))::bigint as free from orderflow.stock_level where sku = any($1) group by sku`,
    [skus],
  );
  return new Map(rows.map(({ sku, free }) => [sku, free]));
}

function totals(demands: Waiting['demands']): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of demands) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

/** Is it this shipment's turn? Its demand has been queued and the levels of these products are locked. */
export const isServed = async (tx: Transaction, fulfilmentId: string, skus: readonly string[]): Promise<boolean> =>
  (await servable(tx, skus)).some((each) => each.fulfilmentId === fulfilmentId);

/** How much of each product's free stock is spoken for by shipments that wait for it and can be served. */
export const claimedStock = async (tx: Transaction, skus: readonly string[]): Promise<Map<string, number>> =>
  totals((await servable(tx, skus)).flatMap((each) => each.demands));

/** How long a wake-up is kept for a shipment that does not wait at this moment, ms: as long as a review may take. */
const wakeUpTtl = 30 * 86_400_000;

/**
 * Tells those who wait for these products, first come first served, as far as the free stock reaches. The levels are locked, and read anew. It is only a
 * poke: each of them tries to allocate for itself. `arrived`: goods have come, so that those whose picker had found nothing try again as well.
 */
export async function wakeBackorders(
  tx: Transaction,
  levels: readonly { readonly sku: string }[],
  { arrived = false } = {},
): Promise<void> {
  const skus = [...new Set(levels.map((level) => level.sku))];
  if (skus.length === 0) return;
  if (arrived)
    await tx.execute(`update orderflow.backorder_demand set rests = false where sku = any($1) and status = 'OPEN' and rests`, [
      skus,
    ]);
  await seeEachOther(tx, skus);
  for (const { fulfilmentId } of await servable(tx, skus)) {
    const pending = await tx.maybeOne(
      `select 1 from orderflow.message
        where name = 'inventory.available' and correlation_key = $1 and consumed_at is null and expires_at > orderflow.now() limit 1`,
      [fulfilmentId],
    );
    if (pending) continue;
    await leaveMessage(tx, {
      name: 'inventory.available',
      correlationKey: fulfilmentId,
      variables: {},
      source: 'stock',
      timeToLiveMs: wakeUpTtl,
    });
  }
}

/**
 * Who waits for several products is woken by whoever brings the last of them. Two who bring one each at the same moment, on levels of their own, would both find
 * the other one missing: here the second waits until the first has committed, and looks after that. The last of all locks.
 */
async function seeEachOther(tx: Transaction, skus: readonly string[]): Promise<void> {
  const [other] = await tx.query(
    `select 1 from orderflow.backorder_demand mine join orderflow.backorder_demand other on other.fulfilment_id = mine.fulfilment_id
      where mine.sku = any($1) and mine.status = 'OPEN' and other.status = 'OPEN' and other.sku <> all($1) limit 1`,
    [skus],
  );
  if (other) await tx.query(`select pg_advisory_xact_lock(hashtext('orderflow.backorders'))`);
}
