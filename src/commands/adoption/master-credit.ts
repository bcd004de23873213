import { newId } from '../../support/ids.ts';
import type { Existing, MasterUnit } from './master-plan.ts';
import {
  columnsOf,
  digestOf,
  findingOf,
  keyOf,
  RecordFault,
  type Entity,
  type Finding,
  type LegacyRecord,
  type LegacyRecords,
} from './records.ts';

/** Limit, credit table and open invoices of a customer in one currency: all of them, or none. */
export function planCredit(
  records: LegacyRecords,
  of: {
    readonly existing: Existing;
    readonly customers: ReadonlyMap<string, string>;
    readonly credit: Map<string, string>;
    readonly now: Date;
    readonly isSettled: (entity: Entity, record: LegacyRecord) => boolean;
  },
  units: MasterUnit[],
  findings: Finding[],
): void {
  const owners = (entity: Entity): Map<string, LegacyRecord[]> => {
    const byOwner = new Map<string, LegacyRecord[]>();
    for (const record of records[entity]) {
      const owner = `${(record['customer'] ?? '').trim()}/${(record['currency'] ?? '').trim().toUpperCase()}`;
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), record]);
    }
    return byOwner;
  };
  const tables = owners('credit_tables');
  const invoices = owners('invoices');
  const limited = new Set<string>();
  for (const limit of records.credit_limits) {
    const owner = keyOf('credit_limits', limit);
    limited.add(owner);
    if (of.isSettled('credit_limits', limit)) continue;
    try {
      const unit = creditUnit(owner, limit, tables.get(owner)?.[0], invoices.get(owner) ?? [], of);
      of.credit.set(owner, unit.records[0]?.targetId ?? '');
      units.push(unit);
    } catch (error) {
      findings.push(findingOf('credit_limits', limit, error));
    }
  }
  for (const entity of ['credit_tables', 'invoices'] as const) {
    for (const record of records[entity]) {
      const owner = `${(record['customer'] ?? '').trim()}/${(record['currency'] ?? '').trim().toUpperCase()}`;
      if (!limited.has(owner))
        findings.push(findingOf(entity, record, new RecordFault('missing', `there is no credit limit for ${owner}`)));
    }
  }
}

function creditUnit(
  owner: string,
  limit: LegacyRecord,
  table: LegacyRecord | undefined,
  invoices: readonly LegacyRecord[],
  {
    existing,
    customers,
    now,
  }: { readonly existing: Existing; readonly customers: ReadonlyMap<string, string>; readonly now: Date },
): MasterUnit {
  const columns = columnsOf(limit);
  const currency = columns.currency();
  const customerId = customers.get(columns.text('customer'));
  if (customerId === undefined) throw new RecordFault('missing', `there is no customer ${columns.text('customer')}`);
  if (existing.credit.has(owner)) throw new RecordFault('exists', `${owner} has a credit profile here already`);
  const id = newId();
  const limitMinor = columns.money('limit', currency);
  const owed = invoices.map((record) => invoiceRows(record, id, currency, existing));
  const unpaid = owed.reduce((sum, { openMinor }) => sum + openMinor, 0);
  const late = owed.filter(({ openMinor, dueAt }) => openMinor > 0 && dueAt < now);
  const account = table ? columnsOf(table) : columns;
  const stated = table ? account.money('unpaid_invoices', currency, unpaid) : unpaid;
  if (stated !== unpaid)
    throw new RecordFault(
      'contradictory',
      `its credit table says that ${stated} are unpaid, its open invoices add up to ${unpaid} (minor units)`,
    );
  const hold = account.oneOf('hold', ['NONE', 'WATCH', 'HOLD', 'STOP'], 'NONE');
  const profile = {
    id,
    customer_id: customerId,
    currency,
    limit_minor: limitMinor,
    unpaid_invoices_minor: unpaid,
    overdue_minor: late.reduce((sum, { openMinor }) => sum + openMinor, 0),
    max_overdue_days: Math.max(0, ...late.map(({ dueAt }) => Math.floor((now.getTime() - dueAt.getTime()) / 86_400_000))),
    hold,
    hold_reason: hold === 'NONE' ? null : (account.maybe('hold_reason') ?? 'as in the old system'),
    risk_class: account.oneOf('risk_class', ['A', 'B', 'C', 'D'], columns.oneOf('risk_class', ['A', 'B', 'C', 'D'], 'C')),
    terms_days: columns.whole('terms_days', 30),
    // what was owed before exceeds the limit: as after a limit that was cut, new orders are decided, old debts stay
    limit_reduced_at: unpaid > limitMinor ? now.toISOString() : null,
    revision: 1,
  };
  const tie = (entity: Entity, record: LegacyRecord, targetId: string) => ({
    entity,
    key: keyOf(entity, record),
    digest: digestOf(record),
    targetId,
  });
  return {
    rows: [{ table: 'credit_profile', row: profile }, ...owed.flatMap(({ rows }) => rows)],
    records: [
      tie('credit_limits', limit, id),
      ...(table ? [tie('credit_tables', table, id)] : []),
      ...owed.map(({ record, id: invoiceId }) => tie('invoices', record, invoiceId)),
    ],
  };
}

function invoiceRows(record: LegacyRecord, profileId: string, currency: string, existing: Existing) {
  const { text, money, at } = columnsOf(record);
  const id = newId();
  const number = text('number');
  if (existing.invoices.has(number)) throw new RecordFault('exists', `there is an invoice ${number} here already`);
  const [amountMinor, openMinor] = [money('amount', currency), money('open', currency)];
  const [issuedAt, dueAt] = [at('issued_at'), at('due_at')];
  if (openMinor > amountMinor || amountMinor === 0)
    throw new RecordFault('contradictory', `invoice ${number}: ${openMinor} of ${amountMinor} are open (minor units)`);
  if (dueAt < issuedAt) throw new RecordFault('contradictory', `invoice ${number} was due before it was issued`);
  const reference = `backfill:${number}`;
  const entry = (kind: string, amount: number): MasterUnit['rows'][number][] =>
    amount === 0
      ? []
      : [
          {
            table: 'invoice_entry',
            row: { id: newId(), invoice_id: id, kind, amount_minor: amount, reference, at: issuedAt.toISOString() },
          },
        ];
  const row = {
    id,
    number,
    kind: 'OPENING',
    credit_profile_id: profileId,
    reference,
    amount_minor: amountMinor,
    open_minor: openMinor,
    currency,
    issued_at: issuedAt.toISOString(),
    due_at: dueAt.toISOString(),
    revision: 1,
  };
  return {
    id,
    record,
    openMinor,
    dueAt,
    rows: [{ table: 'invoice' as const, row }, ...entry('ISSUED', amountMinor), ...entry('PAID', amountMinor - openMinor)],
  };
}
