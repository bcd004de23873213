import { z } from 'zod';
import { Reason, Revision, Timestamp } from './values.ts';

/** A slice of the work (`workflow.*`) or a kind of override (`overrides.*`) that can be switched off by itself. */
export const Flag = z
  .looseObject({
    name: z.string(),
    enabled: z.boolean(),
    reason: z.string().nullable(),
    changedBy: z.string(),
    changedAt: Timestamp,
    switchedOnAt: Timestamp.nullable().meta({ description: 'Since when it is on, or was last' }),
    revision: Revision,
  })
  .meta({ id: 'Flag' });

export const FlagSetting = z.strictObject({ enabled: z.boolean(), reason: Reason }).meta({ id: 'FlagSetting' });

/** Name of a flag, such as `workflow.sale`. */
export const FlagName = z.string().min(1).max(64).meta({ description: 'Name of the flag, such as workflow.sale' });
