import { z } from 'zod';
import { Timestamp } from './values.ts';

/** Something that cannot go on by itself. */
export const Incident = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['job-failed', 'step-failed', 'stuck', 'late-money']),
    status: z.enum(['open', 'retrying', 'resolved']),
    processInstanceId: z.string(),
    businessKey: z.string(),
    waitId: z.string().exactOptional(),
    elementId: z.string().exactOptional(),
    message: z.string(),
    details: z.looseObject({}),
    openedAt: Timestamp,
    resolvedAt: Timestamp.exactOptional(),
    resolvedBy: z.string().exactOptional(),
  })
  .meta({ id: 'Incident' });
