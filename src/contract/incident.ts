import { z } from 'zod';
import { Reason, Timestamp } from './values.ts';

/** Something that cannot go on by itself. */
export const Incident = z
  .looseObject({
    id: z.string(),
    kind: z.enum(['job-failed', 'step-failed', 'call-failed', 'stuck', 'late-money', 'stranded']),
    status: z.enum(['open', 'retrying', 'resolved']).meta({
      description:
        '`retrying` since somebody let it try again; `resolved` by the commit of the step that was missing and by nothing else',
    }),
    cause: z.string().meta({ description: 'The same for all incidents that differ only in ids and figures' }),
    processInstanceId: z.string(),
    processId: z.string(),
    businessKey: z.string(),
    waitId: z.string().exactOptional(),
    elementId: z.string().exactOptional(),
    message: z.string(),
    details: z.looseObject({}),
    attempts: z.int().min(0).meta({ description: 'How often it was tried again in vain' }),
    openedAt: Timestamp,
    failedAt: Timestamp.exactOptional().meta({ description: 'When it failed again last' }),
    retriedAt: Timestamp.exactOptional(),
    resolvedAt: Timestamp.exactOptional(),
    resolvedBy: z.string().exactOptional(),
  })
  .meta({ id: 'Incident' });

/** Every open incident of one cause is let try again, a few at a time. */
export const NewIncidentBatch = z
  .strictObject({
    cause: z.string().regex(/^[0-9a-f]{32}$/, 'must be the cause of an incident: 32 hexadecimal digits'),
    reason: Reason,
  })
  .meta({ id: 'NewIncidentBatch' });

const count = z.int().min(0);

export const IncidentBatch = z
  .looseObject({
    id: z.string(),
    cause: z.string(),
    reason: z.string(),
    askedBy: z.string(),
    askedAt: Timestamp,
    status: z
      .enum(['running', 'ended', 'halted'])
      .meta({ description: '`halted`: the first ones failed again, so the others were left alone' }),
    endedAt: Timestamp.nullable(),
    total: count,
    waiting: count,
    retrying: count,
    resolved: count,
    failed: count.meta({ description: 'Open again: tried in vain' }),
    refused: count.meta({ description: 'There was nothing to try again' }),
    items: z.array(
      z.looseObject({
        incidentId: z.string(),
        outcome: z.enum(['waiting', 'retrying', 'resolved', 'failed', 'refused']),
        refusal: z.string().exactOptional(),
      }),
    ),
  })
  .meta({ id: 'IncidentBatch' });
