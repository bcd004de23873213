import { userInfo } from 'node:os';
import { Definitions } from '../../commands/definitions.ts';
import { executeMigration, planMigrations, undoMigrations } from '../../commands/migration/batches.ts';
import { workOnMigrations } from '../../commands/migration/work.ts';
import type { Deps } from '../../commands/unit.ts';
import { readConfig } from '../../config.ts';
import type { BatchFilter } from '../../persistence/migration-batches.ts';
import { readMigration, searchMigrationItems } from '../../queries/migration.ts';
import { newId } from '../../support/ids.ts';
import type { JsonObject } from '../../support/json.ts';
import { createLogger } from '../../support/logger.ts';
import { numberOption, print, remark, UsageError, type Command, type CommandLine } from '../command.ts';
import { withDatabase } from '../database.ts';
import { migrationReport, type MigrationReport, type ReportedInstance } from '../migration-report.ts';

export const command: Command = {
  operands: ['process'],
  flags: {
    execute: 'Migrate those that can be; left out, they are only judged',
    'accept-suggestions': 'Take what probably became of a removed element for certain',
    'due-dates-anew': 'Timers that go on get the due date that the new version says',
    json: 'The whole report as JSON',
  },
  options: {
    to: 'Version to go to; the latest when left out',
    from: 'Only instances on these versions: 1,2',
    map: 'Elements with another id in the new version: review=assess,decide=audit',
    'waiting-at': 'Only instances that wait at one of these elements: review,check',
    keys: 'Only instances with these business keys: S-000001,S-000002',
    limit: 'At most so many, the oldest first: a first wave',
    reason: 'Why; it is kept with each instance',
    undo: 'Id of an executed migration that is to be taken back, with --reason',
  },
  help: `Judges what would become of the running instances of a process in another version of it, each on its real state, and with --execute takes those there
that can go. An instance that is refused stays on its version, untouched, and the report says why. A run that was interrupted is gone on with by any running
service. --undo takes those back that have not moved since. Exit code 1: some were refused, failed, or have moved on. docs/versions.md has the rules.`,
  run: async (line) => {
    const { flags, options, operands } = line;
    const [processId] = operands;
    const undo = options.get('undo');
    const reason = options.get('reason');
    if ((processId === undefined) === (undo === undefined))
      throw new UsageError('Say which process, or --undo with the id of a migration.');
    if (reason === undefined && (undo !== undefined || flags.has('execute'))) throw new UsageError('Say why: --reason "..."');
    const report = await withDatabase(readConfig(process.env), async (database) => {
      const deps: Deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
      const id = undo === undefined ? await migrate(deps, processId ?? '', line) : await takeBack(deps, undo, reason ?? '');
      return readReport(deps, id);
    });
    print(flags.has('json') ? JSON.stringify(report, null, 2) : migrationReport(report));
    return report.isClean ? 0 : 1;
  },
};

/** Whoever stands at the database's console is an operator. */
const asked = () => ({ actor: { id: `console:${userInfo().username}`, roles: ['operator' as const] }, key: newId() });

async function migrate(deps: Deps, processId: string, line: CommandLine): Promise<string> {
  const { flags, options } = line;
  const targetDefinitionId = await definitionOf(deps, processId, options.has('to') ? numberOption(line, 'to', 0) : undefined);
  const wish = {
    targetDefinitionId,
    dueDates: flags.has('due-dates-anew') ? ('anew' as const) : ('keep' as const),
    filter: filterOf(line),
    reason: options.get('reason') ?? 'to see what would become of them',
  };
  let mapping = mappingOf(options.get('map'));
  let planned = await planMigrations(deps, { ...asked(), dryRun: flags.has('accept-suggestions') }, { ...wish, mapping });
  if (flags.has('accept-suggestions')) {
    mapping = { ...suggestionsOf(planned.body), ...mapping };
    planned = await planMigrations(deps, asked(), { ...wish, mapping });
  }
  const id = planned.body['id'] as string;
  remark(`planning the migration ${id}`);
  await settled(deps, id, 'planned');
  if (!flags.has('execute')) return id;
  await executeMigration(deps, asked(), { migrationId: id });
  await settled(deps, id, 'executed');
  return id;
}

async function takeBack(deps: Deps, migrationId: string, reason: string): Promise<string> {
  await undoMigrations(deps, asked(), { migrationId, reason });
  await settled(deps, migrationId, 'undone');
  return migrationId;
}

/** Works, together with whatever services run, until the migration is at this stage. */
async function settled(deps: Deps, id: string, status: string): Promise<void> {
  for (;;) {
    const isBusy = await workOnMigrations(deps, 60_000);
    const { status: now, progress } = (await deps.database.read((tx) => readMigration(tx, id))) as JsonObject & {
      progress: { left: number };
    };
    if (now === status) return;
    if (now === 'cancelled') throw new Error(`Somebody has stopped the migration ${id}; nothing was migrated.`);
    remark(`${progress.left} instances left`);
    if (!isBusy) await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function definitionOf({ database }: Deps, processId: string, version: number | undefined): Promise<string> {
  const rows = await database.query<{ id: string; version: number }>(
    'select id, version from orderflow.process_definition where process_id = $1 order by version desc',
    [processId],
  );
  const found = version === undefined ? rows[0] : rows.find((row) => row.version === version);
  if (found) return found.id;
  const known = rows.map((row) => row.version).join(', ');
  throw new Error(
    rows.length === 0 ? `No process ${processId} is deployed.` : `${processId} has no version ${version}; it has ${known}.`,
  );
}

function filterOf(line: CommandLine): BatchFilter {
  const list = (name: string): string[] | undefined =>
    line.options
      .get(name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const [from, waitingAt, businessKeys] = [list('from'), list('waiting-at'), list('keys')];
  const versions = from?.map(Number);
  if (versions?.some((version) => !Number.isInteger(version)))
    throw new UsageError(`--from takes versions, such as 1,2; it is "${from?.join(',')}".`);
  return {
    ...(versions && { versions }),
    ...(waitingAt && { waitingAt }),
    ...(businessKeys && { businessKeys }),
    ...(line.options.has('limit') && { limit: numberOption(line, 'limit', 0) }),
  };
}

function mappingOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [from = '', to = '', ...more] = pair.split('=').map((part) => part.trim());
      if (from === '' || to === '' || more.length > 0)
        throw new UsageError(`--map takes pairs such as review=assess; "${pair}" is none.`);
      return [from, to];
    }),
  );
}

/** A dry run answers what the plan would have answered. */
function suggestionsOf(body: JsonObject): Record<string, string> {
  const { elements = [] } = body['result'] as unknown as { elements?: { suggestions: { from: string; to: string }[] }[] };
  return Object.fromEntries(elements.flatMap(({ suggestions }) => suggestions.map(({ from, to }) => [from, to])));
}

async function readReport({ database }: Deps, id: string): Promise<MigrationReport> {
  return database.read(async (tx) => {
    const migration = await readMigration(tx, id);
    const instances: ReportedInstance[] = [];
    for (let after: string | undefined; ;) {
      const page = await searchMigrationItems(tx, id, { page: { limit: 500, ...(after !== undefined && { after }) } });
      instances.push(...(page.items as unknown as ReportedInstance[]));
      if (!page.page.hasMore) break;
      after = page.page.endCursor ?? undefined;
    }
    const isClean = instances.every(({ verdict, outcome, undoOutcome }) =>
      [verdict, outcome, undoOutcome].every((word) => word === null || !['refused', 'failed', 'moved-on'].includes(word)),
    );
    return { migration, instances, isClean };
  });
}
