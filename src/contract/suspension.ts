import { z } from 'zod';
import { Timestamp } from './values.ts';

/** Something that somebody has let rest. */
export const WorkSuspension = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['instance', 'process', 'definition', 'job-type']),
    ref: z.string().meta({ description: 'Id of the instance, process id, id of the definition, or job type' }),
    processId: z.string().exactOptional(),
    version: z.int().exactOptional(),
    businessKey: z.string().exactOptional(),
    reason: z.string(),
    suspendedBy: z.string(),
    suspendedAt: Timestamp,
    resumedBy: z.string().exactOptional(),
    resumedAt: Timestamp.exactOptional(),
    resumeReason: z.string().exactOptional(),
    affected: z.int().min(0).meta({ description: 'How many running instances, or open jobs, rest for it' }),
  })
  .meta({ id: 'WorkSuspension' });
