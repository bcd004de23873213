import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { activateJobs, type LeasedJob } from '../../src/commands/activate-jobs.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { readResources } from '../../src/resources.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { by, person, type World } from '../helpers/world.ts';

export const exampleFolder = path.resolve(import.meta.dirname, '../../examples/worker/process');

/** The process of examples/worker: a job for external workers that may raise UNREADABLE, a user task, a message. */
export const deployExample = async ({ database }: World): Promise<void> => {
  await deploy(database, await readResources(exampleFolder), 'test');
};

/** Starts a check of a document; its job waits for a worker. */
export async function aDocument(
  world: World,
  { text = 'nothing special', key = `D-${randomUUID().slice(0, 8)}` }: { text?: string | null; key?: string } = {},
): Promise<JsonObject & { id: string; businessKey: string }> {
  const { body } = await startProcess(world.deps, by('operator'), {
    processId: 'document-check',
    businessKey: key,
    variables: { document: { id: key, text } },
  });
  return body as JsonObject & { id: string; businessKey: string };
}

/** What a worker gets when it asks once. */
export const take = async (
  world: World,
  asked: { maxJobs?: number; lockMs?: number; worker?: string } = {},
): Promise<readonly LeasedJob[]> =>
  (
    await activateJobs(world.deps, {
      actor: person('worker'),
      type: 'document.scan',
      worker: 'w',
      maxJobs: 1,
      lockMs: 60_000,
      ...asked,
    })
  ).jobs;

/** The one job that there is to take. */
export async function takeOne(world: World, asked: { lockMs?: number; worker?: string } = {}): Promise<LeasedJob> {
  const [job] = await take(world, asked);
  if (!job) throw new Error('there is no job to take');
  return job;
}

export const scan = (suspicious = false): JsonObject => ({ scan: { words: 2, suspicious, by: 'w' } });

/** Leases of a job, oldest first. */
export const leasesOf = ({ database }: World, jobId: string): Promise<{ worker: string; outcome: string | null }[]> =>
  database.query('select worker, outcome from orderflow.job_lease where job_id = $1 order by leased_at, token', [jobId]);
