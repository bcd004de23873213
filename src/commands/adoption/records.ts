import { sha256 } from '../../support/ids.ts';
import { canonicalJson, type JsonObject } from '../../support/json.ts';

/** A record of the old system as it was read: text by column. */
export type LegacyRecord = Readonly<Record<string, string>>;

/** What is read from the old system, in the order in which it is adopted. Lines belong to the entity before them. */
export const entities = [
  'customers',
  'credit_limits',
  'credit_tables',
  'invoices',
  'products',
  'stock',
  'quotations',
  'quotation_lines',
  'sale_orders',
  'sale_lines',
  'payments',
  'fulfilments',
  'fulfilment_lines',
  'returns',
  'return_lines',
  'history',
] as const;

export type Entity = (typeof entities)[number];

/** Everything that was read; an entity that the old system does not have is an empty list. */
export type LegacyRecords = Readonly<Record<Entity, readonly LegacyRecord[]>>;

/** The columns that name a record, of which its key is made. */
const keyColumns: Readonly<Record<Entity, readonly string[]>> = {
  customers: ['code'],
  credit_limits: ['customer', 'currency'],
  credit_tables: ['customer', 'currency'],
  invoices: ['number'],
  products: ['sku'],
  stock: ['sku', 'location'],
  quotations: ['number'],
  quotation_lines: ['quotation', 'line_no'],
  sale_orders: ['number'],
  sale_lines: ['sale_order', 'line_no'],
  payments: ['reference'],
  fulfilments: ['number'],
  fulfilment_lines: ['fulfilment', 'line_no'],
  returns: ['number'],
  return_lines: ['return', 'line_no'],
  history: ['entity', 'number', 'at', 'status'],
};

export const keyOf = (entity: Entity, record: LegacyRecord): string =>
  keyColumns[entity].map((column) => (record[column] ?? '').trim()).join('/');

/** Says whether the old system has changed a record since it was adopted. */
export const digestOf = (record: object): string => sha256(canonicalJson(record));

/** Why a record is not adopted; a person decides, nobody guesses. */
export interface Finding {
  readonly entity: Entity;
  readonly key: string;
  /** Stable, for counting: `unknown-status`, `contradictory`, `unreadable` ... */
  readonly code: string;
  readonly message: string;
  readonly record: JsonObject;
}

/** What is wrong with one record; `Finding` adds which one. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What is wrong with a record, as the review list has it. @throws what is no RecordFault */
export function findingOf(entity: Entity, record: LegacyRecord, error: unknown): Finding {
  if (!(error instanceof RecordFault)) throw error;
  const { code, message } = error;
  return { entity, key: keyOf(entity, record), code, message, record };
}

/** Digits after the point, by currency (ISO 4217); two for all others. */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLP: 0,
  ISK: 0,
  JPY: 0,
  KRW: 0,
  VND: 0,
};

export const exponentOf = (currency: string): number => exponents[currency] ?? 2;

/** Minor units of a decimal text such as `1234.50`, exactly. @throws RecordFault */
export function minorOf(text: string, currency: string): number {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  const digits = exponentOf(currency);
  if (whole === undefined || fraction.replace(/0+$/, '').length > digits)
    throw new RecordFault(
      'unreadable',
      `"${text}" is no amount in ${currency} (a decimal point, at most ${digits} digits after it)`,
    );
  return Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
}

/** Reads the columns of one record. Each of its functions throws RecordFault when the column does not have what it is asked for. */
export function columnsOf(record: LegacyRecord) {
  const maybe = (name: string): string | null => {
    const value = (record[name] ?? '').trim();
    return value === '' ? null : value;
  };
  const text = (name: string): string => {
    const value = maybe(name);
    if (value === null) throw new RecordFault('unreadable', `${name} is empty`);
    return value;
  };
  const whole = (name: string, whenEmpty?: number): number => {
    const value = maybe(name);
    if (value === null && whenEmpty !== undefined) return whenEmpty;
    if (value === null || !/^\d{1,12}$/.test(value))
      throw new RecordFault('unreadable', `${name} is "${value ?? ''}", no whole number`);
    return Number(value);
  };
  const maybeAt = (name: string): Date | null => {
    const value = maybe(name);
    if (value === null) return null;
    const at = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
    if (Number.isNaN(at.getTime())) throw new RecordFault('unreadable', `${name} is "${value}", no date`);
    return at;
  };
  const at = (name: string): Date => {
    const value = maybeAt(name);
    if (value === null) throw new RecordFault('unreadable', `${name} is empty`);
    return value;
  };
  const money = (name: string, currency: string, whenEmpty?: number): number => {
    if (whenEmpty !== undefined && maybe(name) === null) return whenEmpty;
    return minorOf(text(name), currency);
  };
  const currency = (name = 'currency'): string => {
    const value = text(name).toUpperCase();
    if (!/^[A-Z]{3}$/.test(value)) throw new RecordFault('unreadable', `${name} is "${value}", no currency (ISO 4217)`);
    return value;
  };
  const oneOf = <Value extends string>(name: string, values: readonly Value[], whenEmpty?: Value): Value => {
    const value = maybe(name)?.toUpperCase() ?? whenEmpty;
    const known = values.find((each) => each === value);
    if (known === undefined)
      throw new RecordFault('unknown-value', `${name} is "${value ?? ''}"; it can be ${values.join(', ')}`);
    return known;
  };
  return { maybe, text, whole, at, maybeAt, money, currency, oneOf };
}

export type Columns = ReturnType<typeof columnsOf>;
