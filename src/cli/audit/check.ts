/**
 * One thing that must hold. `sql` answers a row for each place where it does not, with the columns
 *   instance_id uuid  whose last steps tell the story; null where no single instance is concerned
 *   subject text      the order's number, else what the row is about (SKU, customer, command)
 *   what text         what is wrong, with the figures of both sides
 *
 * The SQL may read the CTE `asked` (index.ts) with the columns since, lease (interval), ledger_before and ledger_after. It calls no function of the schema but `orderflow.now()`:
 * what the service computes is computed here again.
 */
export interface Check {
  /** Letter and number, the same for ever: reports and tests name checks by it. */
  readonly id: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  readonly sql: string;
}

/** The four kinds of order as one table: type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status. */
export const everyOrder = ['quotation', 'sale_order', 'fulfilment', 'return_request']
  .map(
    (table) =>
      `select '${table}' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.${table}`,
  )
  .join(' union all ');

/** The instance of this alias rests: by itself, or because its process or its version of it does. */
export const rests = (alias: string): string => `(${alias}.suspended_at is not null or exists (
  select from orderflow.suspension s where s.resumed_at is null
     and (s.kind = 'process' and s.ref = ${alias}.process_id or s.kind = 'definition' and s.ref = ${alias}.process_definition_id::text)))`;

/** Jobs of the type in this column are not handed out. */
export const typeRests = (column: string): string =>
  `exists (select from orderflow.suspension s where s.resumed_at is null and s.kind = 'job-type' and s.ref = ${column})`;
