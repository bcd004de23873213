import { z } from 'zod';
import { Timestamp } from './values.ts';

/** One version of a process. Instances stay on the version that they started with. */
export const ProcessDefinition = z
  .looseObject({
    id: z.string(),
    processId: z.string(),
    version: z.int(),
    latest: z.boolean(),
    resourceName: z.string(),
    deploymentId: z.string(),
    deployedBy: z.string(),
    deployedAt: Timestamp,
    suspension: z
      .looseObject({ kind: z.enum(['process', 'definition']), at: Timestamp, by: z.string(), reason: z.string() })
      .nullable()
      .meta({ description: 'Its instances rest, and none starts' }),
  })
  .meta({ id: 'ProcessDefinition' });
