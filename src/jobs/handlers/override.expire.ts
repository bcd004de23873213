import { expireOverride } from '../../persistence/overrides.ts';
import { ImpossibleState } from '../../support/errors.ts';
import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Nobody decided in time. */
export const overrideExpire = internal('override.expire', async ({ tx, job, now }) => {
  const override = variable(job, 'override');
  if (override.id === null) throw new ImpossibleState(`${job.businessKey} has no override to expire`);
  await expireOverride(tx, override.id, now);
  return { variables: { override: { ...override, status: 'EXPIRED' } } };
});
