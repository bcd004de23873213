import type { WorkingCalendar } from '../../domain/calendar.ts';
import type { Flags } from '../../persistence/flags.ts';
import type { Definition } from '../definitions.ts';
import type { Known } from './checks.ts';
import { Rows } from './rows.ts';
import type { Phase, StatusMap } from './status-map.ts';

/** Adoption acts under this name: in the logs, and as the one who completes tasks on the way. */
export const migrationActor = 'migration';

/** A stock level that the batch has locked. */
export interface Level {
  readonly id: string;
  readonly onHand: number;
  reserved: number;
}

/** A credit profile that the batch has locked, minor units. */
export interface Profile {
  readonly id: string;
  readonly limitMinor: number;
  exposureMinor: number;
  heldMinor: number;
}

/** An invoice of the old system that is open and names its order. */
export interface OpenInvoice {
  readonly id: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly openMinor: number;
}

/** What the cases of one batch are written with. Levels and profiles change as cases take from them, and are written back at its end. */
export interface Batch {
  readonly source: string;
  readonly now: Date;
  readonly commandId: string;
  readonly map: StatusMap;
  readonly definitions: Readonly<Record<Phase, Definition>>;
  readonly flags: Flags;
  readonly calendar: WorkingCalendar;
  /** Working hours by commercial period. */
  readonly periods: ReadonlyMap<string, number>;
  readonly known: Known;
  readonly products: ReadonlyMap<
    string,
    { readonly listPriceMinor: number; readonly costMinor: number; readonly goodsClass: string; readonly restricted: boolean }
  >;
  /** By `sku/location`. */
  readonly levels: ReadonlyMap<string, Level>;
  /** By `customer code/currency`. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By number of the sale order. */
  readonly invoices: ReadonlyMap<string, readonly OpenInvoice[]>;
  /** Orders that came into being here while their slice was off, by number. */
  readonly handedOver: ReadonlyMap<string, HandedOver>;
  /** Credit is to be decided for these, in this order. */
  readonly redecide: { readonly waitId: string; readonly saleNumber: string }[];
}

export interface HandedOver {
  readonly id: string;
  readonly quotationId: string | null;
  readonly customerCode: string;
  readonly currency: string;
  readonly totalMinor: number;
  /** Id by number of the line. */
  readonly lines: Readonly<Record<string, string>>;
}

/** What one case adds; it counts only when the whole case can be written. */
export interface Draft {
  readonly rows: Rows;
  /** Pieces by level, to be reserved. */
  readonly reserving: Map<Level, number>;
  readonly holding: Map<Profile, number>;
  /** What became of a record: id by `entity/key`. */
  readonly targets: Map<string, string>;
  readonly redecide: { readonly waitId: string; readonly saleNumber: string }[];
  /** Ids of the sale's open invoices of the old system, and of the sale. */
  readonly invoicesOf: { readonly saleId: string; readonly ids: readonly string[] }[];
}

export const newDraft = (): Draft => ({
  rows: new Rows(),
  reserving: new Map(),
  holding: new Map(),
  targets: new Map(),
  redecide: [],
  invoicesOf: [],
});
