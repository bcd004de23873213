import type { Adopted } from '../../commands/adoption/adopt.ts';
import type { Figures, Reconciled } from '../../commands/adoption/reconcile.ts';
import { exponentOf } from '../../commands/adoption/records.ts';

/** The report of a backfill for a person. */
export function adoptionReport({ dryRun, orders, masters, isStopped, findings, reconciliation }: Adopted): string {
  const { lines, differences } = reconciliation;
  const what = `${orders} orders and ${masters} customers, products, stock levels and credit profiles`;
  return [
    isStopped
      ? `Stopped: ${findings.length} findings are more than the threshold allows. ${what} were adopted before that.`
      : dryRun
        ? `Dry run: ${what} would be adopted. Nothing was written.`
        : `Adopted ${what} in this run.`,
    '',
    'entity        status                    currency        old system                     here                 review list',
    ...lines.map(lineOf),
    '',
    differences.length === 0
      ? 'It reconciles: what the old system has is here or on the review list, to the cent and to the piece.'
      : `It does not reconcile:\n${differences.map(lineOf).join('\n')}`,
    '',
    findings.length === 0 ? 'The review list is empty.' : `Review list (${findings.length}):`,
    ...findings.slice(0, 50).map(({ entity, key, code, message }) => `  ${entity} ${key}: ${code}: ${message}`),
    ...(findings.length > 50 ? [`  ... and ${findings.length - 50} more (--review <file> writes all of them)`] : []),
  ].join('\n');
}

function lineOf({ entity, status, currency, source, target, review }: Reconciled): string {
  const figures = (each: Figures): string => {
    const digits = exponentOf(currency);
    const amount = currency === '' ? '' : ` ${(each.amountMinor / 10 ** digits).toFixed(digits)}`;
    return `${each.count}${amount}${each.pieces > 0 ? ` ${each.pieces} pcs` : ''}`.padStart(26);
  };
  return `${entity.padEnd(13)} ${status.padEnd(25)} ${currency.padEnd(8)}${figures(source)}${figures(target)}${figures(review)}`;
}
