// Works on migrations until it is killed. First argument: JSON of { target, leaseMs }. Says "working".
import { Definitions } from '../../../src/commands/definitions.ts';
import { workOnMigrations } from '../../../src/commands/migration/work.ts';
import type { ConnectionTarget } from '../../../src/persistence/connection.ts';
import { openDatabase } from '../../../src/persistence/database.ts';
import { createLogger } from '../../../src/support/logger.ts';

const { target, leaseMs } = JSON.parse(process.argv[2] ?? '') as { target: ConnectionTarget; leaseMs: number };
const database = await openDatabase(target, { poolSize: 5, applicationName: 'migrations' });
const deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
console.log('working');
for (;;) if (!(await workOnMigrations(deps, leaseMs))) await new Promise((resolve) => setTimeout(resolve, 20));
