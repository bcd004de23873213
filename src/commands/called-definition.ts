import type { LockedCall } from '../persistence/calls.ts';
import type { Transaction } from '../persistence/transaction.ts';

/** A call that cannot be made: the sentence becomes the incident of the caller's wait. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

type Bound = Pick<LockedCall, 'processId' | 'binding' | 'versionTag'>;

/**
 * The version that a call starts. Bound to the deployment, that is the version deployed together with the caller's; a process that is not part of that bundle is
 * called in its latest version. @throws CallRefused
 */
export async function calledDefinition(
  tx: Transaction,
  callerDefinitionId: string,
  { processId, binding, versionTag }: Bound,
): Promise<string> {
  const [row] =
    binding === 'versionTag'
      ? await tx.query<{ id: string }>(
          `select id from orderflow.process_definition where process_id = $1 and version_tag = $2 order by version desc limit 1`,
          [processId, versionTag],
        )
      : await tx.query<{ id: string }>(
          `select d.id from orderflow.process_definition d
            where d.process_id = $1
            order by $3 and d.deployment_id = (select deployment_id from orderflow.process_definition where id = $2) desc, d.version desc limit 1`,
          [processId, callerDefinitionId, binding === 'deployment'],
        );
  if (row) return row.id;
  throw new CallRefused(
    binding === 'versionTag'
      ? `No version of the process ${processId} with the version tag ${versionTag} is deployed. Deploy it, then let this try again.`
      : `No process ${processId} is deployed. Deploy it, then let this try again.`,
  );
}
