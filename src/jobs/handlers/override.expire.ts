import { OverrideRequest } from '../../persistence/entities/index.ts';
import { expireOverride } from '../../persistence/overrides.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Nobody decided in time. A request that was decided in the same moment stays as it is, and says so. */
export const overrideExpire = internal('override.expire', async ({ tx, job, now }) => {
  const override = variable(job, 'override');
  if (override.id === null) throw new ImpossibleState(`${job.businessKey} has no override to expire`);
  await expireOverride(tx, override.id, now);
  const { status } = await tx.manager.findOneByOrFail(OverrideRequest, { id: override.id });
  return { variables: { override: { ...override, status } } };
});
