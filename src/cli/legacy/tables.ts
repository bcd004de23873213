import { entities, type Entity, type LegacyRecord, type LegacyRecords } from '../../commands/adoption/records.ts';
import { openDatabase } from '../../persistence/database.ts';
import { textOf } from './files.ts';

/**
 * Reads the tables of a schema in PostgreSQL that have the names of the files, e.g. `sale_orders`; views will do. All of them are read from one picture of the data, and
 * nothing is written.
 * @throws Error when none of them is there
 */
export async function readTables(url: string, schema: string): Promise<LegacyRecords> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error(`"${schema}" is no name of a schema (small letters, digits, _).`);
  const database = await openDatabase({ url }, { poolSize: 1, applicationName: 'orderflow backfill' });
  try {
    return await database.read(async (tx) => {
      const there = await tx.query<{ name: string }>(
        'select table_name as name from information_schema.tables where table_schema = $1 and table_name = any($2)',
        [schema, entities],
      );
      if (there.length === 0)
        throw new Error(`The schema ${schema} has none of the tables that are read: ${entities.join(', ')}.`);
      const records = Object.fromEntries(entities.map((entity) => [entity, [] as LegacyRecord[]])) as Record<
        Entity,
        LegacyRecord[]
      >;
      for (const { name } of there) {
        // the row as JSON: numerics keep their digits as text, dates are ISO 8601
        const rows = await tx.query<{ row: Record<string, unknown> }>(
          `select (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t))) as row from ${schema}.${name} t`,
        );
        records[name as Entity] = rows.map(({ row }) => textOf(row));
      }
      return records;
    });
  } finally {
    await database.close();
  }
}
