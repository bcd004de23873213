import { z } from 'zod';
import { Action } from './action.ts';
import { Revision, Timestamp, Variables } from './values.ts';

/** The result of a user task; it is checked against the task's form. */
export const TaskCompletion = z
  .strictObject({ variables: Variables.default({}) })
  .default({ variables: {} })
  .meta({ id: 'TaskCompletion' });

export const UserTask = z
  .looseObject({
    id: z.string(),
    processInstanceId: z.string(),
    businessKey: z.string(),
    processId: z.string(),
    elementId: z.string(),
    name: z.string().exactOptional(),
    status: z.enum(['open', 'completed', 'cancelled']),
    revision: Revision,
    candidateGroups: z.array(z.string()),
    assignee: z.string().exactOptional(),
    formId: z.string().exactOptional(),
    overrideRequestId: z.string().exactOptional(),
    subjectType: z.string().exactOptional(),
    subjectId: z.string().exactOptional(),
    openedAt: Timestamp,
    closedAt: Timestamp.exactOptional(),
    closedBy: z.string().exactOptional(),
    _actions: z.array(Action),
  })
  .meta({ id: 'UserTask' });
