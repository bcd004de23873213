import { expect } from 'chai';
import { entities } from '../../src/persistence/entities/index.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

/** What the catalogue calls the types that entities name. */
const catalogueTypes: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

describe('entities and the schema that the migrations make', () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.drop());

  for (const entity of entities) {
    it(`${entity.name} has every column of its table, with its type, nullability and key`, async () => {
      const metadata = db.database.dataSource.getMetadata(entity);
      const columns = await db.database.query<{ name: string; type: string; nullable: boolean; key: boolean }>(
        `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
                exists (select 1 from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)) as key
           from pg_attribute a
          where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by 1`,
        [`orderflow.${metadata.tableName}`],
      );
      const declared = metadata.columns
        .map((column) => ({
          name: column.databaseName,
          type: `${catalogueTypes[String(column.type)] ?? String(column.type)}${column.isArray ? '[]' : ''}`,
          nullable: column.isNullable,
          key: column.isPrimary,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(declared).to.deep.equal(columns.sort((a, b) => (a.name < b.name ? -1 : 1)));
    });
  }
});
