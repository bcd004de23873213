import { z } from 'zod';
import { Reason, Revision, Timestamp, Variables } from './values.ts';
import { Wait } from './wait.ts';

const Status = z.enum(['running', 'completed', 'cancelled', 'failed']).meta({
  description: '`failed`: a called process that ended by a BPMN error, which its caller was told of',
});

const link = {
  processInstanceId: z.string(),
  processId: z.string(),
  businessKey: z.string(),
  waitId: z.string(),
  elementId: z.string(),
};

/** Who called an instance: the instance, and its wait at the call activity. */
export const Caller = z.looseObject(link).meta({ id: 'Caller' });

/** An instance that was called. */
export const Child = z
  .looseObject({
    ...link,
    version: z.int(),
    status: Status,
    suspendedAt: Timestamp.nullable(),
    openIncidents: z.int().meta({ description: 'Of the child itself, not of what it has called' }),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Child' });

/** What every form of an instance begins with. */
const identity = {
  id: z.string(),
  processId: z.string(),
  version: z.int(),
  processDefinitionId: z.string(),
  businessKey: z.string(),
  status: Status,
  revision: Revision,
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
};

export const ProcessInstance = z
  .looseObject({
    ...identity,
    workflowState: z.string().nullable(),
    suspendedAt: Timestamp.nullable(),
    suspendedBy: z.string().nullable(),
    suspensionReason: z.string().nullable(),
    suspendedWith: z
      .enum(['instance', 'process', 'definition'])
      .nullable()
      .meta({ description: 'It rests by itself, or because all instances of its process or version do' }),
    startedBy: z.string(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    parent: Caller.nullable(),
    children: z.array(Child).meta({ description: 'At most 100: those that run first, then the newest' }),
    childCount: z.int(),
    waits: z.array(Wait),
  })
  .meta({ id: 'ProcessInstance' });

/** An instance in a list. */
export const ProcessInstanceSummary = z
  .looseObject({
    ...identity,
    suspended: z.boolean().meta({ description: 'By itself, or because its process or version is' }),
    openIncidents: z.int(),
    parentInstanceId: z.string().nullable(),
    startedBy: z.string(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ProcessInstanceSummary' });

/** What an instance of a process without an order is started with. */
export const NewProcessInstance = z
  .strictObject({
    processId: z.string().min(1).max(255),
    version: z.int().min(1).exactOptional().meta({ description: 'The latest when left out' }),
    businessKey: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .meta({ description: 'Yours; unique among the running instances of the process' }),
    variables: Variables.default({}).meta({ description: 'As the schema of the variables of the process declares them' }),
  })
  .meta({ id: 'NewProcessInstance' });

export const Suspension = z.strictObject({ reason: Reason }).meta({ id: 'Suspension' });

export const InstanceCancellation = z.strictObject({ reason: Reason }).meta({ id: 'InstanceCancellation' });

/** One step of an instance: what moved it, which way it went, what it asked on the way. */
export const Step = z
  .looseObject({
    revision: Revision,
    trigger: z.string(),
    elementId: z.string().nullable(),
    version: z.int().meta({ description: 'The version of the process that the instance was on after this step' }),
    actor: z.string(),
    reason: z.string().nullable().meta({ description: 'Why it was done by hand' }),
    at: Timestamp,
    trail: z.unknown(),
    asked: z.unknown(),
    hash: z.string().meta({ description: 'SHA-256 over this step and the hash of the one before' }),
  })
  .meta({ id: 'Step' });
