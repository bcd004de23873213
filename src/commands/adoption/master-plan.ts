import type { JsonObject } from '../../support/json.ts';
import type { Entity, Finding } from './records.ts';

/** Master data and what customers owe, ready to be written; a record that is here already is only tied to what there is. */
export interface MasterPlan {
  readonly units: readonly MasterUnit[];
  readonly findings: readonly Finding[];
}

/** What is written together: a customer, a product, a stock level, or all that is known of a customer's credit in one currency. */
export interface MasterUnit {
  readonly rows: readonly {
    readonly table: 'customer' | 'product' | 'stock_level' | 'stock_movement' | 'credit_profile' | 'invoice' | 'invoice_entry';
    readonly row: JsonObject;
  }[];
  readonly records: readonly {
    readonly entity: Entity;
    readonly key: string;
    readonly digest: string;
    readonly targetId: string;
  }[];
}

/** Master data that the database has: id by code, SKU, `sku/location` and `code/currency`. */
export interface Existing {
  readonly customers: ReadonlyMap<string, string>;
  readonly products: ReadonlyMap<string, string>;
  readonly levels: ReadonlyMap<string, string>;
  readonly credit: ReadonlyMap<string, string>;
  readonly invoices: ReadonlySet<string>;
}
