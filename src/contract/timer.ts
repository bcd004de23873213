import { z } from 'zod';
import { Id, Reason, Revision, Timestamp } from './values.ts';

export const TimerChange = z
  .strictObject({
    dueAt: z.iso.datetime({ offset: true }).meta({ description: 'When it fires; a time that has passed means now' }),
    reason: Reason,
  })
  .meta({ id: 'TimerChange' });

/** A timer that an instance waits for, or has waited for. */
export const Timer = z
  .looseObject({
    id: Id,
    processInstanceId: z.string(),
    businessKey: z.string(),
    processId: z.string(),
    elementId: z.string(),
    name: z.string().exactOptional(),
    status: z.enum(['open', 'completed', 'cancelled']),
    revision: Revision,
    dueAt: Timestamp,
    plannedAt: Timestamp.exactOptional().meta({ description: 'When it was due before somebody set another date' }),
    repetitionsLeft: z.int().exactOptional().meta({ description: 'Firings after this one, -1 for ever' }),
    interval: z.string().exactOptional().meta({ description: 'What it repeats by: start and ISO 8601 duration, or cron' }),
    calendarId: z.string().exactOptional().meta({ description: 'Whose working time it measures' }),
    openedAt: Timestamp,
    closedAt: Timestamp.exactOptional(),
  })
  .meta({ id: 'Timer' });

/** A start event that a message, a signal or the time sets off. */
export const StartEvent = z
  .looseObject({
    processId: z.string(),
    version: z.int(),
    processDefinitionId: z.string(),
    elementId: z.string(),
    kind: z.enum(['message', 'signal', 'timer']),
    name: z.string().exactOptional().meta({ description: 'Of the message or signal' }),
    timer: z.string().exactOptional().meta({ description: 'Date, duration, repetition or cron' }),
    timeZone: z.string().exactOptional(),
    catchUp: z.string().exactOptional(),
    dueAt: Timestamp.exactOptional().meta({
      description: 'When the timer starts an instance next; none when it never does again',
    }),
    repetitionsLeft: z.int().exactOptional(),
    firings: z.int().exactOptional(),
    firedAt: Timestamp.exactOptional(),
    waiting: z.int().exactOptional().meta({ description: 'Messages or signals that have not started their instance yet' }),
    failures: z.int().exactOptional().meta({ description: 'Attempts in vain since the last start' }),
    lastError: z.string().exactOptional(),
  })
  .meta({ id: 'StartEvent' });
