import { z } from 'zod';
import { Timestamp, Variables } from './values.ts';

const dayMs = 86_400_000;

const JobType = z.string().min(1).max(200).meta({ description: 'Job type, such as document.scan' });
const LeaseToken = z.guid().meta({ description: 'From the activation; it is good until somebody else has the job' });
const LockMs = z.int().min(1_000).max(dayMs).meta({ description: 'How long the lease is to last from now, ms' });

/** What a worker asks for. */
export const JobActivation = z
  .strictObject({
    type: JobType,
    worker: z.string().min(1).max(200).meta({ description: 'What the worker calls itself; operators see it' }),
    maxJobs: z.int().min(1).max(100).default(1),
    lockMs: LockMs.default(60_000),
    requestTimeoutMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(20_000)
      .meta({ description: 'How long to wait for a job when there is none, ms; 0: not at all' }),
  })
  .meta({ id: 'JobActivation' });

/** A job in the hands of a worker. */
export const ActivatedJob = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    key: z.string().meta({ description: 'The same at every attempt: the idempotency key of what the job does outside' }),
    leaseToken: z.string(),
    leasedUntil: Timestamp.meta({ description: 'From then on somebody else may get the job' }),
    attempt: z.int().min(1).meta({ description: 'How often it was handed out, this time included' }),
    retriesLeft: z.int().meta({ description: 'How many failures it may still have before it becomes an incident' }),
    processInstanceId: z.string(),
    processId: z.string(),
    version: z.int(),
    businessKey: z.string(),
    subject: z
      .looseObject({ type: z.string(), id: z.string() })
      .nullable()
      .meta({ description: 'The order that the instance moves' }),
    elementId: z.string(),
    elementName: z.string().nullable(),
    properties: z.record(z.string(), z.string()).meta({ description: 'Extension properties of the element' }),
    variables: z.looseObject({}).meta({ description: 'What the element sees, its input mappings included' }),
    traceparent: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ActivatedJob' });

export type ActivatedJob = z.infer<typeof ActivatedJob>;

export const ActivatedJobs = z
  .looseObject({ jobs: z.array(ActivatedJob) })
  .meta({ id: 'ActivatedJobs', description: 'None when none came in time.' });

export const JobCompletion = z
  .strictObject({ leaseToken: LeaseToken, variables: Variables.default({}) })
  .meta({ id: 'JobCompletion' });

export const JobFailure = z
  .strictObject({
    leaseToken: LeaseToken,
    message: z.string().trim().min(1).max(10_000),
    retryAfterMs: z
      .int()
      .min(0)
      .max(30 * dayMs)
      .exactOptional()
      .meta({ description: 'How long it rests before the next attempt, ms; left out: 1 s, 4 s, 9 s ... at most a minute' }),
    variables: Variables.exactOptional().meta({
      description: 'For the next attempt, which gets them among its variables; nobody else does',
    }),
  })
  .meta({ id: 'JobFailure' });

export const JobError = z
  .strictObject({
    leaseToken: LeaseToken,
    code: z.string().min(1).max(255).meta({ description: 'One that the job type declares' }),
    message: z.string().trim().min(1).max(10_000),
    variables: Variables.default({}),
  })
  .meta({ id: 'JobError' });

export const LeaseExtension = z.strictObject({ leaseToken: LeaseToken, lockMs: LockMs }).meta({ id: 'LeaseExtension' });

/** How a job ended: the revision that its instance has by that. */
export const JobResult = z
  .looseObject({ jobId: z.string(), processInstanceId: z.string(), revision: z.int() })
  .meta({ id: 'JobResult' });

export const FailedJob = z
  .looseObject({
    jobId: z.string(),
    processInstanceId: z.string(),
    outcome: z.enum(['retry', 'incident']),
    retriesLeft: z.int(),
    availableAt: Timestamp.exactOptional(),
    incidentId: z.string().exactOptional(),
  })
  .meta({ id: 'FailedJob' });

export const Lease = z.looseObject({ jobId: z.string(), leasedUntil: Timestamp }).meta({ id: 'Lease' });

/** A job as operators see it. */
export const Job = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    status: z.enum(['available', 'leased', 'resting', 'incident', 'completed', 'cancelled']).meta({
      description: 'resting: after a failure, until availableAt',
    }),
    external: z.boolean().meta({ description: 'It waits for an external worker; else the service does it' }),
    processInstanceId: z.string(),
    processId: z.string(),
    businessKey: z.string(),
    elementId: z.string(),
    elementName: z.string().exactOptional(),
    attempts: z.int(),
    failures: z.int(),
    retries: z.int().meta({ description: 'With so many failures it becomes an incident' }),
    lastError: z.string().exactOptional(),
    worker: z.string().exactOptional().meta({ description: 'The external worker that has it, or had it last' }),
    leasedUntil: Timestamp.exactOptional(),
    availableAt: Timestamp.exactOptional(),
    createdAt: Timestamp,
    waitingMs: z.int().exactOptional().meta({ description: 'For how long it has been open, ms' }),
    endedAt: Timestamp.exactOptional(),
    incidentId: z.string().exactOptional(),
  })
  .meta({ id: 'Job' });

/** Jobs of one type that wait for external workers. */
export const JobQueue = z
  .looseObject({
    type: z.string(),
    available: z.int(),
    leased: z.int(),
    resting: z.int().meta({ description: 'After a failure' }),
    incidents: z.int(),
    suspended: z.int().meta({ description: 'Of instances that are suspended, or all of them when the job type is' }),
    oldestAvailableAt: Timestamp.nullable().meta({ description: 'Since when the first of them could have been taken' }),
    waitingMs: z.int().nullable().meta({ description: 'For how long that is, ms' }),
    lastLeasedAt: Timestamp.nullable().meta({ description: 'When a worker took a job of this type last' }),
    workers: z.array(z.string()).meta({ description: 'Who has jobs of it now' }),
  })
  .meta({ id: 'JobQueue' });
