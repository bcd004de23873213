import { readConfig } from '../../config.ts';
import { print, remark, type Command } from '../command.ts';
import { printAudit, runAudit } from '../audit/index.ts';
import { withDatabase } from '../database.ts';
import { findSandbox } from '../sandbox.ts';

export const command: Command = {
  flags: {
    drained: 'Also: no job, message, timer or incident is left over (for a service that has had time to finish)',
    json: 'The whole report as JSON',
    verbose: 'Every check with its time, not only those that found something',
  },
  help: `Looks at one picture of the data and locks nobody out, so it may run beside the service. While the sandbox runs,
what payment provider and carrier did is compared with what we know. Exit code 1 when a check found something; each finding tells the order's last steps.`,
  run: async ({ flags }) => {
    const config = readConfig(process.env);
    const sandbox = await findSandbox(config);
    const report = await withDatabase(config, (database) =>
      database.read(async (tx) => {
        const [schema] = await tx.query<{ exists: boolean }>(`select to_regclass('orderflow.step') is not null as exists`);
        if (schema?.exists !== true) throw new Error('This database has no Orderflow schema yet: npm start makes it.');
        return runAudit(tx, { drained: flags.has('drained'), ...(sandbox && { ledgerUrl: sandbox.url }) });
      }),
    );
    print(printAudit(report, { json: flags.has('json'), verbose: flags.has('verbose') }));
    if (sandbox) remark(`compared with what payment provider and carrier did, at ${sandbox.url}/ledger`);
    return report.findings === 0 ? 0 : 1;
  },
};
