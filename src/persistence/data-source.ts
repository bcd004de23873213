import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { poolOptions, type ConnectionTarget, type PoolPurpose } from './connection.ts';
import { entities } from './entities/index.ts';

/** TypeORM's view of the database: the entities, the migrations, and a pool of our own settings. Not connected yet. */
export function createDataSource(
  target: ConnectionTarget,
  purpose: PoolPurpose,
  onLost: (error: unknown) => void = () => undefined,
): DataSource {
  return new DataSource({
    type: 'postgres',
    schema: 'orderflow',
    entities,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    uuidExtension: 'pgcrypto', // means gen_random_uuid(), which every server has; the default asks for uuid-ossp
    installExtensions: false,
    poolErrorHandler: onLost, // an idle connection was lost
    extra: poolOptions(target, purpose),
  });
}
