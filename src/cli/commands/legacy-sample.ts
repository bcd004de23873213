import { numberOption, print, UsageError, type Command } from '../command.ts';
import { writeFolder } from '../legacy/files.ts';
import { sampleRecords } from '../legacy/sample.ts';

export const command: Command = {
  operands: ['folder'],
  flags: {},
  options: {
    orders: 'How many orders; 10000 when left out',
    seed: 'The same seed gives the same orders; 1 when left out',
  },
  help: `Writes CSV files as "orderflow backfill" reads them: customers, credit, open invoices, products, stock, and orders in every status of an old system with payments,
shipments, returns and history. Every hundredth order is wrong on purpose.`,
  run: async (line) => {
    const [folder] = line.operands;
    if (folder === undefined) throw new UsageError('Say which folder is to be written.');
    const orders = numberOption(line, 'orders', 10_000);
    const records = sampleRecords({ orders, seed: numberOption(line, 'seed', 1), now: new Date() });
    await writeFolder(folder, records);
    print(`Wrote ${orders} orders of an old system to ${folder}. Try: orderflow backfill ${folder} --dry-run`);
    return 0;
  },
};
