import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config.ts';
import type { Database } from '../../persistence/database.ts';
import { placeCluster } from '../../persistence/embedded/cluster.ts';
import { activeSuspensions } from '../../queries/suspension.ts';
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
    `select current_setting('server_version') as version, to_regclass('orderflow.suspension') is not null as "hasSchema"`,
  );
  const findings = server?.hasSchema === true ? [...(await openIncidents(database)), ...(await whatRests(database))] : [];
  return { version: server?.version ?? 'of an unknown version', findings };
}

/** How many incidents are open, and the causes that most of them have. */
async function openIncidents(database: Database): Promise<string[]> {
  const causes = await database.query<{ count: number; stranded: number; sample: string }>(
    `select count(*) as count, count(*) filter (where kind = 'stranded') as stranded, min(message) as sample from orderflow.incident
      where resolved_at is null group by fingerprint order by 1 desc`,
  );
  const open = causes.reduce((sum, { count }) => sum + count, 0);
  if (open === 0) return [];
  const stranded = causes.reduce((sum, cause) => sum + cause.stranded, 0);
  const [first] = causes;
  return [
    `${open} ${open === 1 ? 'incident is' : 'incidents are'} open${causes.length > 1 ? `, of ${causes.length} causes` : ''}: see GET /v1/incidents.` +
      (first && first.count > 1 ? ` ${first.count} of them: ${first.sample}` : '') +
      (stranded > 0 ? ` ${stranded} ${stranded === 1 ? 'is' : 'are'} stranded work: docs/repair.md.` : ''),
  ];
}

/** What somebody has let rest; a reminder, since work that rests tells of itself to nobody. */
const whatRests = async (database: Database): Promise<string[]> =>
  (await database.read(activeSuspensions)).map(
    ({ kind, ref, businessKey, reason, suspendedBy, suspendedAt }) =>
      `${kind} ${businessKey ?? ref} is suspended since ${suspendedAt} by ${suspendedBy}: ${reason}`,
  );
