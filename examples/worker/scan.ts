import { setTimeout as sleep } from 'node:timers/promises';
import { BpmnError, startWorker, type Worker } from 'orderflow/client';
import { settings } from './settings.ts';

const { url, name, workMs, lockMs } = settings;

/** A worker for the job type `document.scan`; `say` gets a line for everything that it does. */
export const startScanner = (say: (line: string) => void): Worker =>
  startWorker(
    {
      url,
      token: 'demo-worker',
      type: 'document.scan',
      name,
      lockMs,
      onEvent: (event) => say('job' in event ? `${event.event} ${event.job.businessKey}` : `${event.event}: ${event.message}`),
    },
    async (job, signal) => {
      const text = job.variables['text'];
      if (typeof text !== 'string' || text.trim() === '') {
        // the diagram has an answer to this: the boundary event "Unreadable"
        throw new BpmnError('UNREADABLE', `The document ${job.businessKey} is empty.`);
      }
      // a real scanner would be called here, with job.key as the idempotency key of the call
      await sleep(workMs, undefined, { signal });
      return { scan: { words: text.trim().split(/\s+/).length, suspicious: /secret/i.test(text), by: name } };
    },
  );
