import { z } from 'zod';
import { Timestamp } from './values.ts';

const Scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const Comparable = z.union([z.string().max(1000), z.number()]);

const Operators = z
  .strictObject({
    $eq: Scalar.exactOptional(),
    $neq: Scalar.exactOptional(),
    $in: z.array(Scalar).max(200).exactOptional(),
    $like: z.string().max(200).exactOptional(),
    $exists: z.boolean().exactOptional(),
    $gt: Comparable.exactOptional(),
    $gte: Comparable.exactOptional(),
    $lt: Comparable.exactOptional(),
    $lte: Comparable.exactOptional(),
  })
  .meta({ id: 'FilterOperators', description: 'All of them have to hold. $like takes % and _ and ignores case.' });

const Condition = z.union([Scalar, Operators]);
const Conditions = z.record(z.string(), Condition);

/** What to look for: field -> value or operators, all of which have to hold; `$or` lists alternatives. */
export const Filter = z
  .object({ $or: z.array(Conditions).min(1).max(20).exactOptional() })
  .catchall(Condition)
  .meta({ id: 'Filter', description: 'Field name to value or operators; `$or` lists alternatives, one of which has to hold.' });

const limit = z.int().min(1).max(500).default(50);

export const SearchRequest = z
  .strictObject({
    filter: Filter.exactOptional(),
    sort: z
      .array(z.strictObject({ field: z.string().max(64), order: z.enum(['asc', 'desc']).exactOptional() }))
      .max(5)
      .exactOptional(),
    page: z.strictObject({ limit, after: z.string().max(64).exactOptional() }).exactOptional(),
    facets: z
      .array(z.string().max(64))
      .max(5)
      .exactOptional()
      .meta({ description: 'Count everything that is found by these fields' }),
  })
  .meta({ id: 'SearchRequest' });

/** `GET /v1/<noun>?field=value`: any field that may be filtered by, beside the page. A field given twice means one of both. */
export const ListQuery = z
  .object({
    limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(50),
    after: z.string().max(64).exactOptional(),
  })
  .catchall(z.union([z.string().max(1000), z.array(z.string().max(1000)).max(200)]));

/** One page of what was found. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({
    items: z.array(item),
    page: z.looseObject({
      totalItems: z.int().min(0),
      endCursor: z.string().nullable().meta({ description: 'Give it as page.after to read on' }),
      hasMore: z.boolean(),
    }),
    facets: z
      .record(
        z.string(),
        z.array(z.looseObject({ value: z.string(), count: z.int(), oldest: Timestamp, newest: Timestamp, sample: item })),
      )
      .exactOptional()
      .meta({ description: 'For each facet that was asked for, its values with the most frequent first' }),
  });

/** A list that is short enough to be given whole. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.looseObject({ items: z.array(item) });
