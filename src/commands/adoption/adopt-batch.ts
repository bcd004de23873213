import { newId } from '../../support/ids.ts';
import type { Unit } from '../unit.ts';
import { newDraft, type Batch, type Draft } from './batch.ts';
import type { Case } from './case.ts';
import { writeFulfilment } from './fulfilment-rows.ts';
import { openBatch } from './open-batch.ts';
import { writeQuotation } from './quotation-rows.ts';
import { findingOf, RecordFault, type Finding, type LegacyRecord, type LegacyRecords } from './records.ts';
import { Rows } from './rows.ts';
import { writeSale } from './sale-rows.ts';
import { hashSteps } from './step-hash.ts';
import { noteAdopted } from './write-masters.ts';

/** Writes as many of the cases as can be written; the others are findings, and nothing of them is written. */
export async function adoptBatch(
  unit: Unit & { readonly commandId: string },
  of: Parameters<typeof openBatch>[1] & { readonly records: LegacyRecords },
  cases: readonly Case[],
): Promise<{ readonly adopted: number; readonly findings: readonly Finding[] }> {
  const { tx, now } = unit;
  const batch = await openBatch(unit, of, cases);
  const rows = new Rows();
  const findings: Finding[] = [];
  const records: Parameters<typeof noteAdopted>[2][number][] = [];
  const invoicesOf: Draft['invoicesOf'][number][] = [];
  const taken = await takenNumbers(unit, cases);
  let adopted = 0;
  for (const each of cases) {
    const draft = newDraft();
    try {
      refuseTaken(each, taken, batch);
      await writeCase(batch, draft, each);
    } catch (error) {
      findings.push(findingOfCase(each, of.records, error));
      continue;
    }
    accept(batch, draft);
    rows.addAll(draft.rows);
    invoicesOf.push(...draft.invoicesOf);
    records.push(
      ...each.records.map((record) => ({ ...record, targetId: draft.targets.get(`${record.entity}/${record.key}`) ?? null })),
    );
    adopted++;
  }
  await hashSteps(unit, rows);
  await rows.insert(tx);
  for (const { saleId, ids } of invoicesOf)
    await tx.execute('update orderflow.invoice set sale_order_id = $1, revision = revision + 1 where id = any($2)', [
      saleId,
      ids,
    ]);
  await writeBack(unit, batch);
  await countSales(unit, rows);
  await noteAdopted(tx, of.source, records, now);
  return { adopted, findings };
}

async function writeCase(batch: Batch, draft: Draft, each: Case): Promise<void> {
  const { quotation, sale, fulfilments, confirmedAt } = each;
  const quotationId = quotation && (await writeQuotation(batch, draft, quotation));
  if (!sale) return;
  const written = await writeSale(batch, draft, { ...each, sale }, quotationId);
  const targets: string[] = [];
  for (const fulfilment of fulfilments) targets.push(await writeFulfilment(batch, draft, fulfilment, sale, written, confirmedAt));
  const handoff = (hook: string, sourceId: string, targetIds: readonly string[]): void =>
    draft.rows.add('phase_handoff', { id: newId(), hook, source_id: sourceId, target_ids: targetIds, at: confirmedAt });
  if (quotationId !== null) handoff('onQuotationApproved', quotationId, [written.id]);
  if (targets.length > 0) handoff('onSaleCleared', written.id, targets);
}

function accept(batch: Batch, draft: Draft): void {
  for (const [level, pieces] of draft.reserving) level.reserved += pieces;
  for (const [profile, amountMinor] of draft.holding) {
    profile.heldMinor += amountMinor;
    profile.exposureMinor += amountMinor;
  }
  batch.redecide.push(...draft.redecide);
}

/** The rows of levels and profiles are locked; they get what the cases have taken. */
async function writeBack({ tx }: Unit, { levels, profiles }: Batch): Promise<void> {
  await tx.execute(
    `update orderflow.stock_level l set reserved = r.reserved, revision = l.revision + 1
       from jsonb_to_recordset($1::jsonb) as r (id uuid, reserved bigint) where l.id = r.id and l.reserved <> r.reserved`,
    [JSON.stringify([...levels.values()])],
  );
  const held = [...profiles.values()].filter(({ heldMinor }) => heldMinor > 0);
  await tx.execute(
    `update orderflow.credit_profile p set open_orders_minor = p.open_orders_minor + r."heldMinor", revision = p.revision + 1
       from jsonb_to_recordset($1::jsonb) as r (id uuid, "heldMinor" bigint) where p.id = r.id`,
    [JSON.stringify(held)],
  );
}

/** What was sold counts in the customers' aggregates. */
async function countSales({ tx, now }: Unit, rows: Rows): Promise<void> {
  const sold = rows
    .of('sale_order')
    .filter((sale) => sale['workflow_state'] === 'CLEARED' || sale['workflow_state'] === 'COMPLETED');
  await tx.execute(
    `insert into orderflow.sales_aggregate as a (customer_id, currency, as_of, orders, sales_minor, first_order_at, last_order_at, computed_at)
     select s.customer_id, s.currency, ($2::timestamptz at time zone 'UTC')::date, coalesce(max(last.orders), 0) + count(*),
            coalesce(max(last.sales_minor), 0) + sum(s.total_minor), least(max(last.first_order_at), min(s.cleared_at)), greatest(max(last.last_order_at), max(s.cleared_at)), $2
       from jsonb_to_recordset($1::jsonb) as s (customer_id uuid, currency text, total_minor bigint, cleared_at timestamptz)
       left join lateral (select * from orderflow.sales_aggregate where customer_id = s.customer_id and currency = s.currency order by as_of desc limit 1) last on true
      group by s.customer_id, s.currency
     on conflict (customer_id, currency, as_of) do update
        set orders = excluded.orders, sales_minor = excluded.sales_minor, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
            computed_at = excluded.computed_at`,
    [JSON.stringify(sold), now],
  );
}

/** Numbers that orders of ours have. */
async function takenNumbers({ tx }: Unit, cases: readonly Case[]): Promise<ReadonlySet<string>> {
  const numbers = cases.flatMap(numbersOf);
  const rows = await tx.query<{ number: string }>(
    `select number from orderflow.quotation where number = any($1) union all select number from orderflow.sale_order where number = any($1)
     union all select number from orderflow.fulfilment where number = any($1) union all select number from orderflow.return_request where number = any($1)`,
    [numbers],
  );
  return new Set(rows.map((row) => row.number));
}

const numbersOf = ({ quotation, sale, fulfilments }: Case): string[] => [
  ...[quotation, sale].filter((order) => order !== null).map(({ number }) => number),
  ...fulfilments.flatMap(({ number, returns }) => [number, ...returns.map((request) => request.number)]),
];

/** Numbers of our own series belong to our own orders, of which the old system can only have those that were handed over to it. */
function refuseTaken(each: Case, taken: ReadonlySet<string>, { handedOver }: Batch): void {
  for (const number of numbersOf(each)) {
    const own = handedOver.get(number);
    if (own) {
      const { sale } = each;
      if (
        sale?.number === number &&
        (sale.customer !== own.customerCode || sale.currency !== own.currency || sale.totalMinor !== own.totalMinor)
      )
        throw new RecordFault('contradictory', `${number} was handed over with other terms`);
      continue;
    }
    if (taken.has(number)) throw new RecordFault('exists', `there is an order ${number} here already`);
    if (/^[QSFR]-\d{6,}$/.test(number))
      throw new RecordFault('exists', `${number} is of the series of this service, which has not given it to anybody`);
  }
}

/** What could not be written, as the review list has it. */
function findingOfCase({ sale, quotation }: Case, records: LegacyRecords, error: unknown): Finding {
  const [entity, number] = sale ? (['sale_orders', sale.number] as const) : (['quotations', quotation?.number] as const);
  const record: LegacyRecord = records[entity].find((each) => (each['number'] ?? '').trim() === number) ?? {};
  return findingOf(entity, record, error);
}
