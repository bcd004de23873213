import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config.ts';
import type { Database } from '../../persistence/database.ts';
import { placeCluster } from '../../persistence/embedded/cluster.ts';
import { messageOf } from '../../support/errors.ts';
import { withDatabase } from '../database.ts';
import { withoutPassword } from './settings.ts';

/** One part of what the doctor has seen. */
export interface Sight {
  readonly facts: Readonly<Record<string, string>>;
  readonly findings: readonly string[];
}

/** Where the data lies, in which PostgreSQL, and whether it can be reached. A cluster that is not there yet is not made. */
export async function lookAtDatabase(config: Config): Promise<Sight> {
  const { databaseUrl } = config;
  const data =
    databaseUrl === undefined
      ? (await placeCluster(path.join(config.dataDir, 'postgres'))).dataDir
      : String(withoutPassword(databaseUrl));
  if (databaseUrl === undefined && !existsSync(path.join(data, 'PG_VERSION')))
    return {
      facts: { data: `${data} (nothing there yet: the first start makes it)`, database: 'embedded PostgreSQL' },
      findings: [],
    };
  try {
    const { version, findings } = await withDatabase(config, examine);
    return { facts: { data, database: `${databaseUrl === undefined ? 'embedded ' : ''}PostgreSQL ${version}` }, findings };
  } catch (error) {
    const advice =
      databaseUrl === undefined ? 'Its log lies beside the data.' : 'Does DATABASE_URL name it rightly, and does it run?';
    return { facts: { data }, findings: [`PostgreSQL cannot be reached: ${messageOf(error)} ${advice}`] };
  }
}

async function examine(database: Database): Promise<{ version: string; findings: string[] }> {
  const [server] = await database.query<{ version: string; hasSchema: boolean }>(
    `select current_setting('server_version') as version, to_regclass('orderflow.incident') is not null as "hasSchema"`,
  );
  const [incidents] = server?.hasSchema
    ? await database.query<{ open: number }>('select count(*) as open from orderflow.incident where resolved_at is null')
    : [];
  const open = incidents?.open ?? 0;
  return {
    version: server?.version ?? 'of an unknown version',
    findings: open > 0 ? [`${open} ${open === 1 ? 'incident is' : 'incidents are'} open: see GET /v1/incidents.`] : [],
  };
}
