import { z } from 'zod';
import { Revision, Timestamp } from './values.ts';

/** Why an instance stands where it stands, and what would let it go on. */
export const InstanceExplanation = z
  .looseObject({
    processInstanceId: z.string(),
    processId: z.string(),
    businessKey: z.string(),
    status: z.string(),
    revision: Revision,
    workflowState: z.string().nullable(),
    suspension: z.looseObject({ at: Timestamp, by: z.string(), reason: z.string(), with: z.string() }).nullable(),
    cameBy: z
      .looseObject({
        revision: Revision,
        trigger: z.string(),
        elementId: z.string().nullable(),
        actor: z.string(),
        reason: z.string().nullable(),
        at: Timestamp,
        path: z.array(z.string()),
        asked: z.unknown(),
      })
      .nullable()
      .meta({
        description:
          'The step that last moved a token, the elements that it entered, and every expression and decision that it asked',
      }),
    waits: z.array(
      z.looseObject({
        waitId: z.string(),
        kind: z.string(),
        elementId: z.string(),
        needs: z.string().meta({ description: 'Who or what lets it go on' }),
        roles: z.array(z.string()).exactOptional(),
        incident: z.looseObject({ id: z.string(), message: z.string(), status: z.string() }).exactOptional(),
        jobType: z.string().exactOptional(),
        job: z.looseObject({}).exactOptional(),
      }),
    ),
  })
  .meta({ id: 'InstanceExplanation' });
