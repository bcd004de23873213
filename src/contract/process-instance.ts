import { z } from 'zod';
import { Reason, Revision, Timestamp } from './values.ts';
import { Wait } from './wait.ts';

export const ProcessInstance = z
  .looseObject({
    id: z.string(),
    processId: z.string(),
    version: z.int(),
    processDefinitionId: z.string(),
    businessKey: z.string(),
    status: z.enum(['running', 'completed', 'cancelled']),
    revision: Revision,
    subjectType: z.string().nullable(),
    subjectId: z.string().nullable(),
    workflowState: z.string().nullable(),
    suspendedAt: Timestamp.nullable(),
    suspendedBy: z.string().nullable(),
    suspensionReason: z.string().nullable(),
    startedBy: z.string(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    waits: z.array(Wait),
  })
  .meta({ id: 'ProcessInstance' });

export const Suspension = z.strictObject({ reason: Reason }).meta({ id: 'Suspension' });

/** One step of an instance: what moved it, which way it went, what it asked on the way. */
export const Step = z
  .looseObject({
    revision: Revision,
    trigger: z.string(),
    elementId: z.string().nullable(),
    actor: z.string(),
    at: Timestamp,
    trail: z.unknown(),
    asked: z.unknown(),
    hash: z.string().meta({ description: 'SHA-256 over this step and the hash of the one before' }),
  })
  .meta({ id: 'Step' });
