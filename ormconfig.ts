// For the TypeORM command line only: npm run typeorm -- migration:show, migration:generate, migration:create. Run `npm run migrate` first; it alone
// makes the schema, and runs migrations under a lock.
import path from 'node:path';
import { createDataSource } from './src/persistence/data-source.ts';
import { startEmbeddedPostgres } from './src/persistence/embedded-postgres.ts';

const { DATABASE_URL: url, ORDERFLOW_DATA_DIR: directory = '.orderflow' } = process.env;

/** The server that the service would use; a running service's embedded one is shared, and ours ends with the command. */
const target = url
  ? { url }
  : await (await startEmbeddedPostgres({ dataDir: path.join(directory, 'postgres') })).ensureDatabase('orderflow');

export default createDataSource(target, { max: 2, applicationName: 'orderflow typeorm' });
