import type { Transaction } from '../../persistence/transaction.ts';
import type { Existing, MasterUnit } from './master-plan.ts';

/** Master data as the database has it. */
export async function readExisting(tx: Transaction): Promise<Existing> {
  const pairs = async (sql: string): Promise<Map<string, string>> =>
    new Map((await tx.query<{ key: string; id: string }>(sql)).map(({ key, id }) => [key, id]));
  return {
    customers: await pairs('select code as key, id from orderflow.customer'),
    products: await pairs('select sku as key, id from orderflow.product'),
    levels: await pairs(`select sku || '/' || location as key, id from orderflow.stock_level`),
    credit: await pairs(
      `select c.code || '/' || p.currency as key, p.id from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id`,
    ),
    invoices: new Set((await pairs('select number as key, id from orderflow.invoice')).keys()),
  };
}

const tables = ['customer', 'product', 'stock_level', 'stock_movement', 'credit_profile', 'invoice', 'invoice_entry'] as const;

/** Writes units with the note of what each of their records has become. */
export async function writeMasters(tx: Transaction, source: string, units: readonly MasterUnit[], now: Date): Promise<void> {
  const rows = units.flatMap((unit) => unit.rows);
  for (const table of tables) {
    const own = rows.filter((each) => each.table === table).map(({ row }) => row);
    const [first] = own;
    if (!first) continue;
    const columns = Object.keys(first).join(', ');
    await tx.execute(
      `insert into orderflow.${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::orderflow.${table}, $1::jsonb)`,
      [JSON.stringify(own)],
    );
  }
  await noteAdopted(
    tx,
    source,
    units.flatMap((unit) => unit.records),
    now,
  );
}

/** Which record has become what; a second run sees it here. */
export async function noteAdopted(
  tx: Transaction,
  source: string,
  records: readonly {
    readonly entity: string;
    readonly key: string;
    readonly digest: string;
    readonly targetId: string | null;
  }[],
  now: Date,
): Promise<void> {
  if (records.length === 0) return;
  await tx.execute(
    `insert into orderflow.adoption (source, entity, key, digest, target_id, adopted_at)
     select $2, entity, key, digest, "targetId", $3 from jsonb_to_recordset($1::jsonb) as r (entity text, key text, digest text, "targetId" uuid)`,
    [JSON.stringify(records), source, now],
  );
}
