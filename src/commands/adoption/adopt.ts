import { systemActor } from '../../policies/actor.ts';
import { newId } from '../../support/ids.ts';
import { perform } from '../perform.ts';
import type { Deps, Unit } from '../unit.ts';
import { adoptBatch } from './adopt-batch.ts';
import { adoptShipments, shipmentsHandedOver } from './adopt-shipments.ts';
import { migrationActor } from './batch.ts';
import { assembleCases } from './cases.ts';
import { planMasters } from './masters.ts';
import { digestOf, keyOf, type Entity, type Finding, type LegacyRecord, type LegacyRecords } from './records.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';
import { noteFindings } from './review.ts';
import type { StatusMap } from './status-map.ts';
import { readExisting, writeMasters } from './write-masters.ts';

/** How many customers, or orders with all that belongs to them, are one transaction. */
const batchSize = 200;

export interface AdoptInput {
  /** Name of the old system: the same record of the same source is the same thing. */
  readonly source: string;
  readonly records: LegacyRecords;
  readonly map: StatusMap;
  /** Do everything, report, and take it all back. */
  readonly dryRun: boolean;
  /** Findings, in percent of the orders, beyond which nothing is written. */
  readonly thresholdPct: number;
  readonly progress?: (text: string) => void;
}

export interface Adopted {
  readonly dryRun: boolean;
  /** Orders with all that belongs to them, in this run. */
  readonly orders: number;
  /** Customers, products, stock levels and credit profiles, in this run. */
  readonly masters: number;
  /** There were more findings than the threshold allows: nothing more was written. */
  readonly isStopped: boolean;
  readonly findings: readonly Finding[];
  readonly reconciliation: Reconciliation;
}

/** Does one batch; `work` answers how much it has written. */
type Step = (work: (unit: Unit & { readonly commandId: string }) => Promise<number>, records: number) => Promise<void>;

/** Takes back a batch of which nothing could be written, so that a run without news leaves no trace. */
class NothingAdopted extends Error {}

/**
 * Adopts the customers, credit, stock and orders of an old system. Each batch is a transaction of its own; a run that was interrupted is gone on with by the next one, and a run
 * that finds nothing new writes nothing.
 */
export async function adoptLegacy(deps: Deps, input: AdoptInput): Promise<Adopted> {
  const actor = systemActor(migrationActor);
  if (!input.dryRun) {
    const step: Step = async (work, records) => {
      const request = { name: 'adopt a batch', actor, key: newId(), payload: { source: input.source } };
      await perform(deps, request, async (unit) => {
        if ((await work(withCommand(unit))) === 0) throw new NothingAdopted();
        return { status: 200, body: { records } };
      }).catch((error: unknown) => {
        if (!(error instanceof NothingAdopted)) throw error;
      });
    };
    return adopt(deps, input, step);
  }
  let report: Adopted | undefined;
  await perform(deps, { name: 'adopt a batch', actor, key: newId(), payload: {}, dryRun: true }, async (unit) => {
    report = await adopt(deps, input, async (work) => void (await work(withCommand(unit))), unit);
    return { status: 200, body: {} };
  });
  return report as Adopted;
}

const withCommand = (unit: Unit): Unit & { readonly commandId: string } => ({ ...unit, commandId: unit.commandId ?? newId() });

async function adopt(deps: Deps, input: AdoptInput, step: Step, dryRun?: Unit): Promise<Adopted> {
  const { source, records, map, progress = () => undefined } = input;
  const read = <T>(work: (tx: Unit['tx']) => Promise<T>): Promise<T> => (dryRun ? work(dryRun.tx) : deps.database.read(work));
  const { existing, settled, shipments, now } = await read(async (tx) => ({
    existing: await readExisting(tx),
    settled: await readSettled(tx, source),
    shipments: await shipmentsHandedOver(tx),
    now: await tx.now(),
  }));
  const isSettled = (entity: Entity, record: LegacyRecord): boolean => settled.has(`${entity}/${keyOf(entity, record)}`);
  const masters = planMasters(records, existing, now, isSettled);
  const known = { customers: masters.customers, skus: masters.skus, credit: masters.credit, shipments };
  const { cases, findings: contradictions } = assembleCases(records, map, known, now, isSettled);
  const findings = [...masters.findings, ...contradictions, ...changedSince(records, settled)];
  const most = (input.thresholdPct / 100) * (records.sale_orders.length + records.quotations.length);
  const isTooMany = (): boolean => findings.length > most;

  let [orders, units] = [0, 0];
  for (let from = 0; from < masters.units.length && !isTooMany(); from += batchSize) {
    const batch = masters.units.slice(from, from + batchSize);
    await step(async ({ tx }) => {
      await writeMasters(tx, source, batch, now);
      return batch.length;
    }, batch.length);
    units += batch.length;
    progress(`${units} of ${masters.units.length} customers, products, stock levels and credit profiles`);
  }
  for (let from = 0; from < cases.length && !isTooMany(); from += batchSize) {
    const batch = cases.slice(from, from + batchSize);
    let wrote: Awaited<ReturnType<typeof adoptBatch>> = { adopted: 0, findings: [] };
    await step(async (unit) => {
      wrote = await adoptBatch(unit, { source, map, known, records }, batch);
      return wrote.adopted;
    }, batch.length);
    orders += wrote.adopted;
    findings.push(...wrote.findings);
    progress(`${from + batch.length} of ${cases.length} orders`);
  }
  const back = ownShipments(records, shipments).filter((record) => !isSettled('fulfilments', record));
  if (back.length > 0 && !isTooMany()) {
    await step(async (unit) => {
      const wrote = await adoptShipments(unit, { source, map, known, records }, back);
      findings.push(...wrote.findings);
      orders += wrote.adopted;
      return wrote.adopted;
    }, back.length);
  }
  const isStopped = isTooMany();
  await noteFindings(input.dryRun ? undefined : deps, source, findings);
  const reconciliation = await read((tx) => reconcile(tx, source, records));
  return { dryRun: input.dryRun, orders, masters: units, isStopped, findings, reconciliation };
}

/** Shipments of sales that only we have. */
function ownShipments(records: LegacyRecords, handedOver: ReadonlySet<string>): LegacyRecord[] {
  const sales = new Set(records.sale_orders.map((record) => keyOf('sale_orders', record)));
  return records.fulfilments.filter(
    (record) => handedOver.has(keyOf('fulfilments', record)) && !sales.has((record['sale_order'] ?? '').trim()),
  );
}

/** Digest of every record that was adopted before, by `entity/key`. */
async function readSettled(tx: Unit['tx'], source: string): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ name: string; digest: string }>(
    `select entity || '/' || key as name, digest from orderflow.adoption where source = $1`,
    [source],
  );
  return new Map(rows.map(({ name, digest }) => [name, digest]));
}

/** Records that the old system has changed after they were adopted: somebody still works there. */
function changedSince(records: LegacyRecords, settled: ReadonlyMap<string, string>): Finding[] {
  return (Object.entries(records) as [Entity, readonly LegacyRecord[]][]).flatMap(([entity, list]) =>
    list.flatMap((record): Finding[] => {
      const key = keyOf(entity, record);
      const digest = settled.get(`${entity}/${key}`);
      if (digest === undefined || digest === digestOf(record)) return [];
      return [
        { entity, key, code: 'changed', message: 'the old system has changed it since it was adopted', record: { ...record } },
      ];
    }),
  );
}
