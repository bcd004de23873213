import type { z } from 'zod';
import { ListQuery, pageOf, SearchRequest } from '../contract/search.ts';
import { sqlState } from '../persistence/errors.ts';
import type { Reader } from '../persistence/reader.ts';
import type { ReadPermission } from '../policies/roles.ts';
import type { Page, SearchRequest as Search } from '../queries/search.ts';
import { messageOf, Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { query } from './query-route.ts';
import type { Presenter, Route } from './route.ts';
import { readBody } from './validation.ts';

interface Listed {
  /** Plural noun of the address, e.g. `sale-orders`. */
  readonly noun: string;
  /** The same for operation ids, e.g. `SaleOrders`. */
  readonly name: string;
  readonly tag: string;
  readonly item: z.ZodType;
  readonly search: (reader: Reader, request: Search) => Promise<Page>;
  readonly present?: Presenter;
  /** Left out: whoever is known may read it. */
  readonly permission?: ReadPermission;
}

/** The two ways to a list: `POST /v1/<noun>/search` with the whole grammar, and `GET /v1/<noun>?field=value` for the simple case. */
export function listRoutes({ noun, name, tag, item, search, present, permission }: Listed): Route[] {
  const words = noun.replaceAll('-', ' ');
  const answer = pageOf(item);
  const may = permission === undefined ? {} : { permission };
  const presentPage: Presenter = (page, actor) =>
    present ? { ...page, items: (page['items'] as readonly JsonObject[]).map((each) => present(each, actor)) } : page;
  return [
    query({
      path: `/v1/${noun}`,
      operationId: `list${name}`,
      summary: `List ${words}, newest first`,
      tag,
      query: ListQuery,
      answer,
      ...may,
      problems: ['validation-failed'],
      present: presentPage,
      run: ({ reader, query: { limit, after, ...fields } }) =>
        searched(search, reader, { filter: filterOf(fields), page: { limit, ...(after !== undefined && { after }) } }),
    }),
    query({
      method: 'post',
      path: `/v1/${noun}/search`,
      operationId: `search${name}`,
      summary: `Search ${words}`,
      tag,
      body: SearchRequest.default({}),
      answer,
      ...may,
      present: presentPage,
      run: ({ reader, body }) => searched(search, reader, body),
    }),
  ];
}

const filterOf = (fields: Readonly<Record<string, string | readonly string[]>>) =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, typeof value === 'string' ? value : { $in: value }]));

async function searched(search: Listed['search'], reader: Reader, request: unknown): Promise<JsonObject> {
  try {
    return { ...(await search(reader, readBody(SearchRequest, request))) };
  } catch (error) {
    // data exceptions and comparisons that a type does not have: the field is known, the value or operator is not for it
    const state = sqlState(error);
    if (!state?.startsWith('22') && state !== '42883') throw error;
    const message = `a value or an operator does not suit its field: ${messageOf(error)}`;
    throw new Problem(
      'validation-failed',
      `In the filter, ${message}.`,
      { errors: [{ pointer: '/filter', message }] },
      { cause: error },
    );
  }
}
