import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { adoptLegacy } from '../../commands/adoption/adopt.ts';
import type { LegacyRecords } from '../../commands/adoption/records.ts';
import { redecideCredit } from '../../commands/adoption/redecide.ts';
import { readStatusMap } from '../../commands/adoption/status-map.ts';
import { Definitions } from '../../commands/definitions.ts';
import { effectOf } from '../../compose.ts';
import { readConfig } from '../../config.ts';
import { processesFolder } from '../../resources.ts';
import { createLogger } from '../../support/logger.ts';
import { formatCsv } from '../../support/csv.ts';
import { numberOption, print, remark, UsageError, type Command, type CommandLine } from '../command.ts';
import { withDatabase } from '../database.ts';
import { readFolder } from '../legacy/files.ts';
import { adoptionReport } from '../legacy/print-adoption.ts';
import { readTables } from '../legacy/tables.ts';

export const command: Command = {
  operands: ['folder'],
  flags: {
    'dry-run': 'Do everything, report, and take it all back',
    json: 'The whole report as JSON',
  },
  options: {
    'from-database': 'Read tables of this PostgreSQL instead of a folder of CSV or JSON files',
    schema: 'Schema of these tables; public when left out',
    source: 'Name of the old system; legacy when left out',
    mapping: 'File that says what the old statuses mean; processes/legacy-status.json when left out',
    threshold: 'Percent of the orders that may be on the review list before it stops; 5 when left out',
    review: 'File (CSV) that gets the whole review list',
  },
  help: `Adopts customers, credit, open invoices, products, stock and orders of an old system (docs/rollout.md has the columns and the playbook). Ledgers are written
from the facts and every order is taken to where it stands, without an event, a message or a job; only orders on terms that hold no credit yet are decided
again, in the order in which they were confirmed. What contradicts itself goes to the review list. A run that was interrupted is gone on with by the next one;
a run that finds nothing new changes nothing. Exit code 1: it does not reconcile, or was stopped by the threshold.`,
  run: async (line) => {
    const { flags, options } = line;
    const records = await readSource(line);
    const map = readStatusMap(await readFile(options.get('mapping') ?? path.join(processesFolder, 'legacy-status.json'), 'utf8'));
    const thresholdPct = numberOption(line, 'threshold', 5);
    const dryRun = flags.has('dry-run');
    const { adopted, decided } = await withDatabase(readConfig(process.env), async (database) => {
      const deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
      const source = options.get('source') ?? 'legacy';
      const adopted = await adoptLegacy(deps, { source, records, map, dryRun, thresholdPct, progress: remark });
      return { adopted, decided: dryRun || adopted.isStopped ? 0 : await redecideCredit(deps, effectOf('credit.decide')) };
    });
    const reviewFile = options.get('review');
    if (reviewFile !== undefined) {
      const rows = adopted.findings.map(({ record, ...finding }) => ({ ...finding, record: JSON.stringify(record) }));
      await writeFile(reviewFile, formatCsv(rows));
    }
    print(flags.has('json') ? JSON.stringify({ ...adopted, decided }) : adoptionReport(adopted));
    if (decided > 0) remark(`credit was decided for ${decided} orders on terms, in the order in which they were confirmed`);
    return adopted.isStopped || adopted.reconciliation.differences.length > 0 ? 1 : 0;
  },
};

function readSource({ operands: [folder], options }: CommandLine): Promise<LegacyRecords> {
  const url = options.get('from-database');
  if ((folder === undefined) === (url === undefined))
    throw new UsageError('Say where the data is: a folder, or --from-database with the address of a PostgreSQL database.');
  return url === undefined ? readFolder(folder ?? '') : readTables(url, options.get('schema') ?? 'public');
}
