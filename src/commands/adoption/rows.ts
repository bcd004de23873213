import type { Transaction } from '../../persistence/transaction.ts';

/** Tables in the order in which their rows refer to each other. */
const tables = [
  'engine_state',
  'process_instance',
  'quotation',
  'quotation_line',
  'sale_order',
  'sale_line',
  'fulfilment',
  'fulfilment_line',
  'return_request',
  'return_line',
  'phase_handoff',
  'override_request',
  'override_decision',
  'decision_record',
  'wait',
  'outbox',
  'step',
  'transition',
  'deadline',
  'credit_snapshot',
  'credit_hold',
  'credit_movement',
  'invoice',
  'invoice_entry',
  'payment',
  'stock_reservation',
  'stock_movement',
  'backorder_demand',
  'adoption',
] as const;

export type Table = (typeof tables)[number];

/** Rows of an order that was handed over are there already, and are filled in. */
const upserted = new Set<Table>(['sale_order', 'sale_line', 'fulfilment', 'fulfilment_line']);

export type Row = Readonly<Record<string, unknown>>;

/** What is to be written, by table; column names as in the schema. */
export class Rows {
  readonly #rows = new Map<Table, Row[]>();

  add(table: Table, row: Row): void {
    const rows = this.#rows.get(table);
    if (rows) rows.push(row);
    else this.#rows.set(table, [row]);
  }

  addAll(other: Rows): void {
    for (const [table, rows] of other.#rows) for (const row of rows) this.add(table, row);
  }

  of(table: Table): readonly Row[] {
    return this.#rows.get(table) ?? [];
  }

  /** One statement a table. Every row of a table has the same columns; the others get their defaults. */
  async insert(tx: Transaction): Promise<void> {
    for (const table of tables) {
      const rows = this.of(table);
      const [first] = rows;
      if (!first) continue;
      const columns = Object.keys(first);
      const conflict = upserted.has(table)
        ? `on conflict (id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`
        : table === 'engine_state'
          ? 'on conflict do nothing'
          : '';
      await tx.execute(
        `insert into orderflow.${table} (${columns.join(', ')}) select ${columns.join(', ')} from jsonb_populate_recordset(null::orderflow.${table}, $1::jsonb) ${conflict}`,
        [JSON.stringify(rows)],
      );
    }
  }
}
