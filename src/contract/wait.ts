import { z } from 'zod';
import { Revision, Timestamp } from './values.ts';

/** Something that an instance waits for: a person, a job, a message, a time. */
export const Wait = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['user', 'job', 'call', 'message', 'signal', 'timer', 'condition']),
    elementId: z.string(),
    name: z.string().exactOptional(),
    revision: Revision,
    candidateGroups: z.array(z.string()).exactOptional(),
    assignee: z.string().exactOptional(),
    formId: z.string().exactOptional(),
    overrideRequestId: z.string().exactOptional(),
    jobType: z.string().exactOptional(),
    messageName: z.string().exactOptional(),
    correlationKey: z.string().exactOptional(),
    dueAt: Timestamp.exactOptional(),
    openedAt: Timestamp,
    incidentId: z.string().exactOptional(),
  })
  .meta({ id: 'Wait' });

export type Wait = z.infer<typeof Wait>;
