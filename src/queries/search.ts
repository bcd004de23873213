import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';

/** One search grammar for everything that can be listed (docs/api.md). Field names and SQL come from us, values always travel as parameters. */
export interface Searchable {
  /** SQL of the item as jsonb. */
  readonly item: string;
  readonly from: string;
  readonly where: string;
  /** SQL of the id; items are sorted by it (UUIDv7: newest last) unless asked otherwise. */
  readonly id: string;
  /** Fields that may be filtered by, with their SQL. */
  readonly fields: Readonly<Record<string, string>>;
  /** What may be counted by: the field of each facet, and SQL of the instant by which its items are told from oldest to newest. */
  readonly facets?: Readonly<Record<string, { readonly by: string; readonly at: string }>>;
}

export interface SearchRequest {
  readonly filter?: JsonObject;
  readonly sort?: readonly { readonly field: string; readonly order?: 'asc' | 'desc' }[];
  readonly page?: { readonly limit?: number; readonly after?: string };
  readonly facets?: readonly string[];
}

/** All items with one value of a facet's field. */
export type Facet = {
  readonly value: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  /** The newest of them. */
  readonly sample: JsonObject;
};

export interface Page {
  readonly items: readonly JsonObject[];
  readonly page: { readonly totalItems: number; readonly endCursor: string | null; readonly hasMore: boolean };
  readonly facets?: Readonly<Record<string, readonly Facet[]>>;
}

const operators: Readonly<Record<string, string>> = {
  $eq: '=',
  $neq: '<>',
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
  $like: 'ilike',
};

/** @throws Problem validation-failed naming the field or operator that is not known, and those that are */
export async function searchPage(reader: Reader, what: Searchable, request: SearchRequest): Promise<Page> {
  const params: unknown[] = [];
  const condition = filterSql(what, request.filter ?? {}, params, '/filter');
  const limit = request.page?.limit ?? 50;
  const offset = cursorOffset(request.page?.after);
  const order = (request.sort ?? []).map(
    ({ field, order = 'asc' }) => `${column(what, field, '/sort')} ${order === 'desc' ? 'desc' : 'asc'}`,
  );
  const rows = await reader.query<{ item: JsonObject; total: number }>(
    `select ${what.item} as item, count(*) over () as total from ${what.from} where ${what.where} and ${condition}
      order by ${[...order, `${what.id} desc`].join(', ')} limit ${limit + 1} offset ${offset}`,
    params,
  );
  const items = rows.slice(0, limit).map((row) => row.item);
  const totalItems = rows[0]?.total ?? (offset === 0 ? 0 : await count(reader, what, condition, params));
  const end = offset + items.length;
  const page = { totalItems, endCursor: items.length === 0 ? null : String(end), hasMore: rows.length > limit };
  if (!request.facets) return { items, page };
  const facets: Record<string, Facet[]> = {};
  for (const name of request.facets) facets[name] = await countBy(reader, what, name, condition, params);
  return { items, page, facets };
}

/** At most this many values of a facet, the most frequent first. */
const maxFacetValues = 100;

/** Everything that the filter finds, whatever page is asked for, by one field. */
function countBy(
  reader: Reader,
  what: Searchable,
  name: string,
  condition: string,
  params: readonly unknown[],
): Promise<Facet[]> {
  const facet = what.facets && Object.hasOwn(what.facets, name) ? what.facets[name] : undefined;
  if (!facet) throw unknown('/facets', `facet ${name}`, Object.keys(what.facets ?? {}));
  const found = `from ${what.from} where ${what.where} and ${condition}`;
  return reader.query<Facet>(
    `select g.value, g.count, orderflow.iso(g.oldest) as oldest, orderflow.iso(g.newest) as newest,
            (select ${what.item} from ${what.from} where ${what.id} = g.sample) as sample
       from (select ${facet.by} as value, count(*) as count, min(${facet.at}) as oldest, max(${facet.at}) as newest,
                    (array_agg(${what.id} order by ${facet.at} desc, ${what.id} desc))[1] as sample
               ${found} group by 1) g
      order by g.count desc, g.newest desc limit ${maxFacetValues}`,
    params,
  );
}

/** For a page that begins behind the last item, which has no row to say it. */
async function count(reader: Reader, what: Searchable, condition: string, params: readonly unknown[]): Promise<number> {
  const [row] = await reader.query<{ total: number }>(
    `select count(*) as total from ${what.from} where ${what.where} and ${condition}`,
    params,
  );
  return row?.total ?? 0;
}

function filterSql(what: Searchable, filter: JsonObject, params: unknown[], pointer: string): string {
  const conditions = Object.entries(filter).map(([name, wanted]) => {
    if (name === '$or') {
      if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every(isJsonObject)) throw notFilters(`${pointer}/$or`);
      return `(${wanted.map((branch) => filterSql(what, branch, params, `${pointer}/$or`)).join(' or ')})`;
    }
    const sql = column(what, name, pointer);
    const tests = isJsonObject(wanted) ? Object.entries(wanted) : ([['$eq', wanted]] as [string, Json][]);
    return tests.map(([operator, value]) => testSql(sql, operator, value, params, `${pointer}/${name}`)).join(' and ') || 'true';
  });
  return conditions.join(' and ') || 'true';
}

function testSql(sql: string, operator: string, value: Json, params: unknown[], pointer: string): string {
  const isList = sql === 'w.candidate_groups';
  if (operator === '$exists') return `${sql} is ${value === true ? 'not ' : ''}null`;
  if (operator === '$in') {
    params.push((Array.isArray(value) ? value : [value]).map(textOf));
    return isList ? `${sql} && $${params.length}::text[]` : `${sql}::text = any($${params.length}::text[])`;
  }
  const symbol = operators[operator];
  if (symbol === undefined) throw unknown(pointer, `operator ${operator}`, [...Object.keys(operators), '$in', '$exists']);
  if (value === null) return `${sql} is ${operator === '$neq' ? 'not ' : ''}null`;
  params.push(textOf(value));
  if (isList) return `$${params.length} = any(${sql})`;
  return sql.endsWith('_at') || sql.endsWith('_minor')
    ? `${sql} ${symbol} $${params.length}::${sql.endsWith('_at') ? 'timestamptz' : 'bigint'}`
    : `${sql} ${symbol} $${params.length}`;
}

function notFilters(pointer: string): Problem {
  const message = '$or takes a list of filters, such as [{"status": "open"}, {"status": "completed"}]';
  return new Problem('validation-failed', `${message}.`, { errors: [{ pointer, message }] });
}

function column(what: Searchable, field: string, pointer: string): string {
  const sql = Object.hasOwn(what.fields, field) ? what.fields[field] : undefined;
  if (sql === undefined) throw unknown(`${pointer}/${field}`, `field ${field}`, Object.keys(what.fields));
  return sql;
}

function unknown(pointer: string, what: string, known: readonly string[]): Problem {
  const message = `There is no ${what} here; there ${known.length === 0 ? 'is none' : `are ${known.join(', ')}`}.`;
  return new Problem('validation-failed', message, { errors: [{ pointer, message }] });
}

function cursorOffset(after: string | undefined): number {
  if (after === undefined) return 0;
  const offset = Number(after);
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new Problem('malformed-request', 'page.after is not a cursor of an earlier page.');
  return offset;
}

/** A scalar as PostgreSQL reads it; anything else as JSON text, which equals nothing. */
const textOf = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
