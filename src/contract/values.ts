import { z } from 'zod';

/** A JSON value (RFC 8259) as a caller sends it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

// Whatever JSON.parse gives is JSON; depth, names and characters have been checked at the border before a schema sees it.
export const anyJson = z.unknown() as unknown as z.ZodType<JsonValue>;

/** At most this much JSON text for one process variable, characters; larger things belong elsewhere and are referred to. */
const maxVariableLength = 64_000;

/** Process variables by name. */
export const Variables = z
  .record(z.string().min(1).max(255), anyJson)
  .superRefine((variables, context) => {
    for (const [name, value] of Object.entries(variables)) {
      if (JSON.stringify(value).length <= maxVariableLength) continue;
      context.addIssue({ code: 'custom', path: [name], message: `is longer than ${maxVariableLength} characters as JSON` });
    }
  })
  .meta({ id: 'Variables', description: 'Process variables by name, each at most 64 kB of JSON.' });

/** Every id that we make is a UUIDv7 (RFC 9562): it sorts by time. */
export const Id = z.guid().meta({ description: 'UUID' });

/** An order may be named by its id or by its number. */
export const IdOrNumber = z.string().min(1).max(64).meta({ description: 'Id (UUID) or number, such as Q-000001' });

/** A customer may be named by its id or by its code. */
export const IdOrCode = z.string().min(1).max(64).meta({ description: 'Id (UUID) or code, such as ACME' });

export const Sku = z.string().min(1).max(64).meta({ description: 'Stock keeping unit' });

/** ISO 4217. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters (ISO 4217), such as EUR');

/** Whole minor units (cents) that JSON carries exactly. */
/** Ten thousand million whole units of most currencies; sums of many of them are still exact. */
const maxMinorUnits = 1_000_000_000_000;

export const MinorUnits = z.int().min(0).max(maxMinorUnits).meta({ description: 'Whole minor units, such as cents' });

export const BasisPoints = z.int().min(0).max(10_000).meta({ description: 'Basis points, 100 = 1 %' });

export const Money = z
  .looseObject({ amountMinor: z.int(), currency: z.string() })
  .meta({ id: 'Money', description: 'An amount in whole minor units of its currency.' });

/** An instant in an answer: ISO 8601, UTC. */
export const Timestamp = z.string().meta({ format: 'date-time' });

/** Why somebody does something; it is kept with the step. */
export const Reason = z.string().trim().min(1).max(1000);

/** Grows by one with each change of the row; it is the `ETag`. */
export const Revision = z.int().min(1);

/** How many pieces; an order line has at least one. */
export const Quantity = z.int().min(1).max(1_000_000);

/** A short way to another order. */
export const OrderLink = z.looseObject({ id: z.string(), number: z.string() }).meta({ id: 'OrderLink' });
