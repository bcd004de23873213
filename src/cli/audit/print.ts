import type { AuditReport, CheckResult } from './report.ts';

export interface PrintOptions {
  /** The whole report as JSON. */
  readonly json?: boolean;
  /** Every check with its time, not only those that found something. */
  readonly verbose?: boolean;
}

/** How many findings of one check are told; `--json` has all. */
const toldPerCheck = 20;

/** The report as text for a terminal, or as JSON for a program. */
export function printAudit(report: AuditReport, { json = false, verbose = false }: PrintOptions = {}): string {
  if (json) return JSON.stringify(report, null, 2);
  const told = report.checks.filter(({ findings }) => verbose || findings.length > 0);
  const lines = told.flatMap((check) => tell(check, verbose));
  return [...lines, `${count(report.checks.length, 'check')}, ${count(report.findings, 'finding')}`].join('\n');
}

function tell({ id, title, findings, milliseconds }: CheckResult, verbose: boolean): string[] {
  const result = findings.length === 0 ? 'ok' : count(findings.length, 'finding');
  const lines = [`${id.padEnd(5)} ${title}: ${result}${verbose ? ` (${milliseconds.toFixed(0)} ms)` : ''}`];
  for (const { subject, what, story } of findings.slice(0, toldPerCheck)) {
    lines.push(`      ${subject}: ${what}`, ...story.map((line) => `        ${line.at}  ${line.what}`));
  }
  if (findings.length > toldPerCheck) lines.push(`      and ${findings.length - toldPerCheck} more (--json tells all)`);
  return lines;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
