import { activateJobs, mayActivate, takeBackJobs, type ActivateJobs, type LeasedJob } from '../commands/activate-jobs.ts';
import type { Deps } from '../commands/unit.ts';
import { Problem } from '../support/errors.ts';

export interface JobDeskSettings {
  /** How many requests may wait at once; who comes on top is told to come back later. */
  readonly maxWaiting: number;
  /** Jobs are looked for this often even if nobody told of any, ms; a lost notification costs that time. */
  readonly lookMs: number;
}

/** A worker's request that waits for a job. */
interface Waiting {
  readonly wanted: ActivateJobs;
  /** It does not stay when there is nothing now. */
  readonly leaves: boolean;
  readonly end: (jobs: readonly LeasedJob[]) => void;
  readonly fail: (error: unknown) => void;
}

/** All that wait for jobs of one type, in the order in which they came. */
interface Line {
  readonly waiting: Set<Waiting>;
  woken: boolean;
  serving: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
}

const ofType = 'work:';

/** The shortest time between two looks of which nobody told, ms: a due job may be in the hands of a command that has not committed yet. */
const restMs = 250;

/**
 * Where external workers ask for jobs and wait for them (long poll). It looks when it is told that there may be jobs of a type, and when the database says that one
 * will be available; one look at a time for each type, however many wait.
 */
export class JobDesk {
  readonly #lines = new Map<string, Line>();
  #waiting = 0;
  #closed = false;

  constructor(
    private readonly deps: Deps,
    private readonly settings: JobDeskSettings,
  ) {}

  /**
   * Leases jobs, waiting up to `timeoutMs` for the first. Answers none when none came, when the worker went away (`signal`), or when the desk closes; what was leased to
   * a worker that has gone is taken back. @throws Problem forbidden, wrong-state, unavailable when too many wait
   */
  async activate(wanted: ActivateJobs, timeoutMs: number, signal: AbortSignal): Promise<readonly LeasedJob[]> {
    if (this.#closed) throw new Problem('unavailable', 'The service is closing.', { retryAfter: 1 });
    await mayActivate(this.deps.database, wanted);
    const isFull = this.#waiting >= this.settings.maxWaiting;
    const jobs = await this.#wait(wanted, isFull ? 0 : timeoutMs, signal);
    if (signal.aborted && jobs.length > 0) {
      await takeBackJobs(this.deps, wanted.type, jobs);
      return [];
    }
    if (jobs.length === 0 && isFull && timeoutMs > 0) {
      const detail = `${this.settings.maxWaiting} requests wait for jobs here already, and there is no job of type ${wanted.type} now.`;
      throw new Problem('unavailable', detail, { retryAfter: 5 });
    }
    return jobs;
  }

  /** A notification of a commit: `work:<type>`, or topics of which `work` means jobs of any type; empty: something may have been missed. */
  hear(notification: string): void {
    if (notification.startsWith(ofType)) this.#look(notification.slice(ofType.length));
    else if (notification === '' || notification.split(',').includes('work'))
      for (const each of this.#lines.keys()) this.#look(each);
  }

  /** Sends everybody away; resolves when no look is under way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const lines = [...this.#lines.values()];
    for (const line of lines) for (const each of line.waiting) each.end([]);
    await Promise.all(lines.flatMap(({ serving }) => serving ?? []));
  }

  #wait(wanted: ActivateJobs, timeoutMs: number, signal: AbortSignal): Promise<readonly LeasedJob[]> {
    return new Promise((resolve, reject) => {
      const line = this.#lineOf(wanted.type);
      const leave = (): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', goneAway);
        if (!line.waiting.delete(waiting)) return;
        this.#waiting--;
        if (line.waiting.size === 0 && !line.serving) this.#forget(wanted.type, line);
      };
      const waiting: Waiting = {
        wanted,
        leaves: timeoutMs === 0,
        end: (jobs) => (leave(), resolve(jobs)),
        fail: (error) => (leave(), reject(error)),
      };
      const goneAway = (): void => waiting.end([]);
      const late = timeoutMs > 0 ? setTimeout(goneAway, timeoutMs) : undefined;
      this.#waiting++;
      line.waiting.add(waiting);
      if (signal.aborted || this.#closed) return goneAway();
      signal.addEventListener('abort', goneAway, { once: true });
      this.#look(wanted.type);
    });
  }

  #lineOf(type: string): Line {
    let line = this.#lines.get(type);
    if (!line) this.#lines.set(type, (line = { waiting: new Set(), woken: false, serving: undefined, timer: undefined }));
    return line;
  }

  #forget(type: string, line: Line): void {
    clearTimeout(line.timer);
    if (this.#lines.get(type) === line) this.#lines.delete(type);
  }

  #look(type: string): void {
    const line = this.#lines.get(type);
    if (!line || this.#closed) return;
    line.woken = true;
    line.serving ??= this.#serve(type, line).finally(() => {
      line.serving = undefined;
      if (line.waiting.size === 0) this.#forget(type, line);
      else if (line.woken) this.#look(type);
    });
  }

  async #serve(type: string, line: Line): Promise<void> {
    while (line.woken && line.waiting.size > 0) {
      line.woken = false;
      clearTimeout(line.timer);
      try {
        const nextMs = await this.#serveInOrder(line);
        const inMs = Math.min(Math.max(nextMs ?? Infinity, restMs), this.settings.lookMs);
        line.timer = setTimeout(() => this.#look(type), inMs);
      } catch (error) {
        for (const each of line.waiting) each.fail(error);
      }
    }
  }

  /** Gives jobs to whoever waits, first come, first served, until there are none; answers in how many ms there may be one. */
  async #serveInOrder(line: Line): Promise<number | undefined> {
    for (;;) {
      const [first] = line.waiting;
      if (!first) return undefined;
      const { jobs, nextMs } = await activateJobs(this.deps, first.wanted);
      if (jobs.length === 0) {
        for (const each of line.waiting) if (each.leaves) each.end([]);
        return nextMs;
      }
      if (line.waiting.has(first)) first.end(jobs);
      else await takeBackJobs(this.deps, first.wanted.type, jobs);
    }
  }
}
