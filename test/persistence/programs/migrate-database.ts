// Migrates the database of its first argument (JSON of a ConnectionTarget). Says "migrating", then "migrated".
import type { ConnectionTarget } from '../../../src/persistence/connection.ts';
import { openDatabase } from '../../../src/persistence/database.ts';
import { migrate } from '../../../src/persistence/migrate.ts';

const target = JSON.parse(process.argv[2] ?? '') as ConnectionTarget;
const database = await openDatabase(target, { poolSize: 1, applicationName: 'migrate' });
console.log('migrating');
await migrate(database);
console.log('migrated');
await database.close();
