import type { Reader } from '../../persistence/reader.ts';
import { messageOf } from '../../support/errors.ts';
import { balanceChecks } from './balance.ts';
import { callChecks, drainedCallChecks } from './calls.ts';
import type { Check } from './check.ts';
import { creditChecks } from './credit.ts';
import { definitionChecks } from './definitions.ts';
import { drainedChecks } from './drained.ts';
import { instanceChecks } from './instances.ts';
import { eventChecks } from './events.ts';
import { fetchLedger } from './ledger.ts';
import { invoiceChecks } from './invoices.ts';
import { migrationChecks } from './migrations.ts';
import { leaseChecks } from './leases.ts';
import { moneyChecks } from './money.ts';
import { orderChecks } from './orders.ts';
import { overrideChecks } from './overrides.ts';
import { drainedPaymentChecks, paymentChecks } from './payments.ts';
import { priceChecks } from './prices.ts';
import { drainedProviderChecks, providerChecks } from './provider.ts';
import { repairChecks } from './repairs.ts';
import { returnChecks } from './returns.ts';
import { drainedStartChecks, startChecks } from './starts.ts';
import { stockChecks } from './stock.ts';
import type { AuditFinding, AuditReport, CheckResult } from './report.ts';
import { tellStories } from './story.ts';
import { transitionChecks } from './transitions.ts';
import { waitChecks } from './waits.ts';

export { printAudit } from './print.ts';
export type { AuditFinding, AuditReport, CheckResult } from './report.ts';

export interface AuditOptions {
  /** Also: nothing may be left over. For a service that nobody asks anything of any more. */
  readonly drained?: boolean;
  /** Only what concerns instances that took a step since then; what concerns no single instance is always told. */
  readonly since?: Date;
  /** Address of the provider whose `GET /ledger` says what it really did; without it nothing outside is compared. */
  readonly ledgerUrl?: string;
  /** How long something may be due before it counts as forgotten, seconds; 300 when left out. */
  readonly leaseSeconds?: number;
}

/** What holds at any moment, also while orders run. */
const alwaysChecks: readonly Check[] = [
  ...instanceChecks,
  ...waitChecks,
  ...leaseChecks,
  ...callChecks,
  ...startChecks,
  ...repairChecks,
  ...migrationChecks,
  ...definitionChecks,
  ...transitionChecks,
  ...eventChecks,
  ...orderChecks,
  ...priceChecks,
  ...stockChecks,
  ...returnChecks,
  ...creditChecks,
  ...invoiceChecks,
  ...moneyChecks,
  ...paymentChecks,
  ...balanceChecks,
  ...overrideChecks,
];

/** Every check there is. */
export const allChecks: readonly Check[] = [
  ...alwaysChecks,
  ...drainedChecks,
  ...drainedCallChecks,
  ...drainedStartChecks,
  ...drainedPaymentChecks,
  ...providerChecks,
  ...drainedProviderChecks,
];

/**
 * Proves by SQL alone that nothing was lost, doubled or made up. Give it a fresh transaction of `database.read()`, in which nothing was asked yet: all
 * checks look at one picture of the data, taken here, however long they take, and lock nobody out.
 * @throws Error when the schema is not there, the provider's ledger cannot be read, or a check cannot be made
 */
export async function runAudit(reader: Reader, options: AuditOptions = {}): Promise<AuditReport> {
  // What a provider is known to have done before our picture was taken has its job and its webhook in it; what our picture says is done can be found
  // with the provider after it was taken. So a service at work gives no false alarm.
  const ledger = () => (options.ledgerUrl === undefined ? Promise.resolve(null) : fetchLedger(options.ledgerUrl));
  const before = await ledger();
  const at = await takePicture(reader);
  const after = await ledger();
  const asked = [options.since ?? null, options.leaseSeconds ?? 300, before, after];
  const drained = options.drained === true;
  const outside = after === null ? [] : [...providerChecks, ...(drained ? drainedProviderChecks : [])];
  const checks = [
    ...alwaysChecks,
    ...(drained ? [...drainedChecks, ...drainedCallChecks, ...drainedStartChecks, ...drainedPaymentChecks] : []),
    ...outside,
  ];
  const found: (Omit<CheckResult, 'findings'> & { readonly rows: readonly Row[] })[] = [];
  for (const { id, title, sql } of checks) {
    const start = performance.now();
    const rows = await reader.query<Row>(withAsked(sql), asked).catch((cause: unknown) => {
      throw new Error(`The check ${id} cannot be made: ${messageOf(cause)}`, { cause });
    });
    found.push({ id, title, rows, milliseconds: performance.now() - start });
  }
  const instances = found.flatMap(({ rows }) => rows.flatMap(({ instanceId }) => instanceId ?? []));
  const stories = await tellStories(reader, [...new Set(instances)]);
  const results = found.map(({ rows, ...check }): CheckResult => {
    const findings = rows.map((row) => ({ check: check.id, ...row, story: stories.get(row.instanceId ?? '') ?? [] }));
    return { ...check, findings };
  });
  return { at, checks: results, findings: results.reduce((sum, { findings }) => sum + findings.length, 0) };
}

type Row = Pick<AuditFinding, 'instanceId' | 'subject' | 'what'>;

const withAsked = (sql: string): string => `
  with asked as (select $1::timestamptz as since, $2::float8 * interval '1 second' as lease, $3::jsonb as ledger_before, $4::jsonb as ledger_after)
  select found.instance_id as "instanceId", found.subject, found.what from (${sql}) found cross join asked
   where asked.since is null or found.instance_id is null
      or exists (select from orderflow.step s where s.instance_id = found.instance_id and s.at >= asked.since)
   order by found.subject, found.what`;

/** The first statement of a REPEATABLE READ transaction fixes what all others see. A large database takes longer than daily work may. */
async function takePicture(reader: Reader): Promise<Date> {
  const [schema] = await reader.query<{ exists: boolean }>(`select to_regclass('orderflow.clock') is not null as exists`);
  if (schema?.exists === true) {
    await reader.query(`set local statement_timeout = '10min'`);
    const [now] = await reader.query<{ at: Date }>('select orderflow.now() as at');
    if (now) return now.at;
  }
  throw new Error('This database has no Orderflow schema yet: the first start of the service makes it.');
}
