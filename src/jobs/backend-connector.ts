import type { BulkJobOptions, Job, WorkerOptions } from 'bullmq';

/** Answers one job of BullMQ. */
export type Processor = (job: Job, token: string | undefined, signal: AbortSignal | undefined) => Promise<void>;

/** What we use of BullMQ's classes, whose types differ per backend. */
export interface BullQueue {
  on(event: 'error', listener: (error: Error) => void): unknown;
  addBulk(jobs: { name: string; data: object; opts: BulkJobOptions }[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface BullWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
  cancelJob(jobId: string, reason: string): boolean;
  cancelAllJobs(reason: string): void;
  pause(): Promise<void>;
  close(force: boolean): Promise<void>;
}

/** One of BullMQ's backends. */
export interface Connector {
  readonly kind: 'postgres' | 'redis';
  /** Can a bell be rung now? BullMQ itself would wait for its connection without end. */
  reachable(): boolean;
  queue(name: string): BullQueue;
  worker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): BullWorker;
  close(): Promise<void>;
}
