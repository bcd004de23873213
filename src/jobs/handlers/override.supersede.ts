import { supersedeOverrides } from '../../persistence/overrides.ts';
import type { OverrideRequest } from '../../persistence/entities/index.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** What was asked for is not needed any more. */
export const overrideSupersede = internal('override.supersede', async ({ tx, job, now }) => {
  const override = variable(job, 'override');
  await supersedeOverrides(tx, job.subject.id, now, (job.properties['overrideKind'] ?? 'CREDIT') as OverrideRequest['kind']);
  return { variables: { override: { ...override, status: 'SUPERSEDED' } } };
});
