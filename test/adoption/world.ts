import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sampleRecords } from '../../src/cli/legacy/sample.ts';
import { adoptLegacy, type Adopted, type AdoptInput } from '../../src/commands/adoption/adopt.ts';
import type { LegacyRecords } from '../../src/commands/adoption/records.ts';
import { readStatusMap, type StatusMap } from '../../src/commands/adoption/status-map.ts';
import type { Database } from '../../src/persistence/database.ts';
import { processesFolder } from '../../src/resources.ts';
import { findingsOf } from '../helpers/audit.ts';
import type { World } from '../helpers/world.ts';

export const shippedMap = async (): Promise<StatusMap> =>
  readStatusMap(await readFile(path.join(processesFolder, 'legacy-status.json'), 'utf8'));

/** An old system with so many orders, as of the clock of the world. */
export async function sample({ database }: World, orders: number, seed: number): Promise<LegacyRecords> {
  const [clock] = await database.query<{ now: Date }>('select orderflow.now() as now');
  return sampleRecords({ orders, seed, now: clock?.now ?? new Date() });
}

export const adopt = async ({ deps }: World, records: LegacyRecords, other: Partial<AdoptInput> = {}): Promise<Adopted> =>
  adoptLegacy(deps, { source: 'legacy', records, map: await shippedMap(), dryRun: false, thresholdPct: 5, ...other });

/** A hash of every row of every table, by table. */
export async function digestOf(database: Database): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'orderflow' order by tablename`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await database.query<{ digest: string }>(
      `select count(*) || ':' || coalesce(md5(string_agg(t::text, '\n' order by t::text)), '') as digest from orderflow.${name} t`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}

/** How many rows a table has. */
export async function countOf({ database }: World, from: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`select count(*) as count from orderflow.${from}`);
  return row?.count ?? 0;
}

/** What the audit and the view of invariants find, as text. */
export async function faultsOf({ database }: World): Promise<string[]> {
  const audit = (await findingsOf({ database })).map(({ check, subject, what }) => `${check} ${subject}: ${what}`);
  const invariants = await database.query<{ inv: string; ref: string }>('select inv, ref from orderflow.invariant_violation');
  return [...audit, ...invariants.map(({ inv, ref }) => `${inv}: ${ref}`)];
}
