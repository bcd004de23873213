import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { entities, type Entity, type LegacyRecord, type LegacyRecords } from '../../commands/adoption/records.ts';
import { formatCsv, parseCsv } from '../../support/csv.ts';
import { isJsonObject } from '../../support/json.ts';

/**
 * Reads a folder of `<entity>.csv` or `<entity>.json` (an array of objects), e.g. `sale_orders.csv`. What is not there is empty.
 * @throws Error naming the file
 */
export async function readFolder(folder: string): Promise<LegacyRecords> {
  const names = new Set(await readdir(folder));
  const known = entities.filter((entity) => names.has(`${entity}.csv`) || names.has(`${entity}.json`));
  if (known.length === 0)
    throw new Error(`${folder} has none of the files that are read: ${entities.join('.csv, ')}.csv (or .json).`);
  const records = await Promise.all(
    entities.map(async (entity): Promise<[Entity, LegacyRecord[]]> => {
      if (names.has(`${entity}.csv`)) return [entity, await read(path.join(folder, `${entity}.csv`), parseCsv)];
      if (names.has(`${entity}.json`)) return [entity, await read(path.join(folder, `${entity}.json`), parseJson)];
      return [entity, []];
    }),
  );
  return Object.fromEntries(records) as Record<Entity, LegacyRecord[]>;
}

async function read(file: string, parse: (text: string) => LegacyRecord[]): Promise<LegacyRecord[]> {
  const text = await readFile(file, 'utf8');
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function parseJson(text: string): LegacyRecord[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new SyntaxError('it is no array of objects');
  return list.map((item, index) => {
    if (!isJsonObject(item)) throw new SyntaxError(`item ${index} is no object`);
    return textOf(item);
  });
}

/** Values as text, as CSV has them; null is empty. */
export const textOf = (item: Readonly<Record<string, unknown>>): LegacyRecord =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value === null || value === undefined
        ? ''
        : value instanceof Date
          ? value.toISOString()
          : typeof value === 'object'
            ? JSON.stringify(value)
            : String(value as string | number | boolean | bigint),
    ]),
  );

/** Writes one CSV file for each entity that has records. */
export async function writeFolder(folder: string, records: LegacyRecords): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const entity of entities) {
    if (records[entity].length > 0) await writeFile(path.join(folder, `${entity}.csv`), formatCsv(records[entity]));
  }
}
