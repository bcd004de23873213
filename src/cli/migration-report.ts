import type { JsonObject } from '../support/json.ts';

export interface ReportedInstance {
  readonly processInstanceId: string;
  readonly businessKey: string;
  readonly fromVersion: number;
  readonly verdict: string | null;
  readonly outcome: string | null;
  readonly undoOutcome: string | null;
  readonly sentence: string | null;
}

export interface MigrationReport {
  readonly migration: JsonObject;
  readonly instances: readonly ReportedInstance[];
  /** Nothing was refused, has failed or had moved on. */
  readonly isClean: boolean;
}

/** Lines of one kind that are told in full; the rest is counted. */
const maximumLines = 50;

/** A migration as a person reads it: how many, the reasons, and what becomes of each instance, those that stay first. */
export function migrationReport({ migration, instances }: MigrationReport): string {
  const { id, processId, targetVersion, status, obstacles } = migration as unknown as {
    id: string;
    processId: string;
    targetVersion: number;
    status: string;
    obstacles: readonly { instances: number; message: string }[];
  };
  const last = (instance: ReportedInstance): string =>
    instance.undoOutcome ?? instance.outcome ?? instance.verdict ?? 'not judged yet';
  const groups = new Map<string, ReportedInstance[]>();
  for (const instance of instances) groups.set(last(instance), [...(groups.get(last(instance)) ?? []), instance]);
  const order = ['failed', 'refused', 'moved-on', 'migrates', 'migrated', 'undone', 'ended', 'there'];
  const names = [...groups.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const counts = names.map((name) => `${groups.get(name)?.length} ${name}`).join(', ');
  return [
    `Migration ${id} of ${processId} to version ${targetVersion} is ${status}: ${counts || 'there are no instances to migrate'}`,
    ...(obstacles.length > 0 ? ['What is in the way:'] : []),
    ...obstacles.map((obstacle) => `  ${String(obstacle.instances).padStart(5)}  ${obstacle.message}`),
    ...names.flatMap((name) => listOf(name, groups.get(name) ?? [])),
  ].join('\n');
}

function listOf(name: string, instances: readonly ReportedInstance[]): readonly string[] {
  const more = instances.length - maximumLines;
  return [
    `${name}:`,
    ...instances
      .slice(0, maximumLines)
      .map(({ businessKey, fromVersion, sentence }) => `  ${businessKey} (version ${fromVersion})  ${sentence ?? ''}`),
    ...(more > 0 ? [`  ... and ${more} more; --json has them all`] : []),
  ];
}
