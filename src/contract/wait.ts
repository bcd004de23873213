import { z } from 'zod';
import { Revision, Timestamp } from './values.ts';

/** Something that an instance waits for: a person, a job, a message, a time. */
export const Wait = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['user', 'job', 'call', 'message', 'signal', 'timer', 'condition']),
    elementId: z.string(),
    slot: z.string().meta({ description: 'Its place in the instance: sub-processes and loop runs around it, then the element' }),
    name: z.string().exactOptional(),
    revision: Revision,
    candidateGroups: z.array(z.string()).exactOptional(),
    assignee: z.string().exactOptional(),
    formId: z.string().exactOptional(),
    overrideRequestId: z.string().exactOptional(),
    jobType: z.string().exactOptional(),
    messageName: z.string().exactOptional(),
    correlationKey: z.string().exactOptional(),
    calledProcessId: z.string().exactOptional().meta({ description: 'Of a call activity: the process that it calls' }),
    calledInstanceId: z.string().exactOptional().meta({ description: 'Of a call activity: the instance, once it was started' }),
    signalName: z.string().exactOptional(),
    dueAt: Timestamp.exactOptional(),
    plannedAt: Timestamp.exactOptional().meta({ description: 'When a timer was due before somebody set another date' }),
    openedAt: Timestamp,
    incidentId: z.string().exactOptional(),
  })
  .meta({ id: 'Wait' });

export type Wait = z.infer<typeof Wait>;
