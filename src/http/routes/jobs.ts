import { z } from 'zod';
import { completeLeasedJob, extendLease, failLeasedJob, raiseJobError } from '../../commands/leased-job.ts';
import {
  ActivatedJobs,
  FailedJob,
  Job,
  JobActivation,
  JobCompletion,
  JobError,
  JobFailure,
  JobQueue,
  JobResult,
  Lease,
  LeaseExtension,
} from '../../contract/job.ts';
import { listOf } from '../../contract/search.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readJob, readJobQueues, searchJobs } from '../../queries/job.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { query, readerOf } from '../query-route.ts';
import { contractOf, Nothing, type Route } from '../route.ts';
import { readBody, readParameters } from '../validation.ts';

const tag = 'Jobs';
const params = z.strictObject({ id: Id });
const roles = permissions['work on jobs'];

/** Not a command: asked twice it gives other jobs, so that no key makes sense; nothing happens that a lost answer would have to repeat. */
const activate: Route = {
  ...contractOf({
    method: 'post',
    path: '/v1/jobs/activation',
    operationId: 'activateJobs',
    summary:
      'Take jobs of a type for a while, those first that have been available for longest; waits for one when there is none',
    tag,
    body: JobActivation,
    answers: { 200: ActivatedJobs },
    roles,
    problems: ['forbidden', 'wrong-state'],
  }),
  handle: async (exchange) => {
    readParameters(Nothing, exchange.query, 'query');
    const actor = readerOf(exchange, undefined);
    const { requestTimeoutMs, ...wanted } = readBody(JobActivation, exchange.body);
    const jobs = await exchange.app.activateJobs({ ...wanted, actor }, requestTimeoutMs, exchange.signal);
    return { status: 200, body: { jobs } };
  },
};

const leased = { tag, params, roles } as const;
const lost = ['not-found', 'task-not-open', 'stale-lease'] as const;

export const jobRoutes: readonly Route[] = [
  activate,
  command({
    ...leased,
    method: 'post',
    path: '/v1/jobs/{id}/completion',
    operationId: 'completeJob',
    summary: 'Complete a job that you have; the result has to fit its job type',
    body: JobCompletion,
    answers: { 200: JobResult },
    problems: [...lost, 'suspended', 'step-failed'],
    run: ({ deps, request, params: { id }, body }) => completeLeasedJob(deps, request, { jobId: id, ...body }),
  }),
  command({
    ...leased,
    method: 'post',
    path: '/v1/jobs/{id}/failure',
    operationId: 'failJob',
    summary: 'A job went wrong: it is tried again after a rest, or becomes an incident when its retries are used up',
    body: JobFailure,
    answers: { 200: FailedJob },
    problems: lost,
    run: ({ deps, request, params: { id }, body }) => failLeasedJob(deps, request, { jobId: id, ...body }),
  }),
  command({
    ...leased,
    method: 'post',
    path: '/v1/jobs/{id}/error',
    operationId: 'raiseJobError',
    summary: 'End a job with a BPMN error that its job type declares: the diagram says what follows',
    body: JobError,
    answers: { 200: JobResult },
    problems: [...lost, 'suspended', 'step-failed'],
    run: ({ deps, request, params: { id }, body }) => raiseJobError(deps, request, { jobId: id, ...body }),
  }),
  command({
    ...leased,
    method: 'patch',
    path: '/v1/jobs/{id}',
    operationId: 'extendLease',
    summary: 'Keep a job for longer',
    body: LeaseExtension,
    answers: { 200: Lease },
    problems: lost,
    run: ({ deps, request, params: { id }, body }) => extendLease(deps, request, { jobId: id, ...body }),
  }),
  ...listRoutes({ noun: 'jobs', name: 'Jobs', tag, item: Job, search: searchJobs }),
  query({
    path: '/v1/jobs/{id}',
    operationId: 'getJob',
    summary: 'A job: where it stands, who has it, what went wrong last',
    tag,
    params,
    answer: Job,
    problems: ['not-found'],
    run: ({ reader, params }) => readJob(reader, params.id),
  }),
  query({
    path: '/v1/job-queues',
    operationId: 'getJobQueues',
    summary: 'Jobs that wait for external workers, by type: how many, and since when',
    tag,
    answer: listOf(JobQueue),
    run: async ({ reader }) => ({ items: await readJobQueues(reader) }),
  }),
];
