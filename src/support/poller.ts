import type { Logger } from './logger.ts';

/**
 * Does a kind of background work whenever it is woken, and anyhow every `sweepMs`: a lost wake-up costs time, never work. One round at a time; a
 * round that says it left something behind is followed by the next at once.
 */
export class Poller {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #woken = false;
  #stopped = false;

  constructor(
    private readonly name: string,
    /** One round; answers true when there may be more to do now. */
    private readonly round: () => Promise<boolean>,
    private readonly sweepMs: number,
    private readonly logger: Logger,
  ) {}

  start(): this {
    this.wake();
    return this;
  }

  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    this.#running ??= this.#run();
  }

  /** Resolves when the round at hand has ended; there is none after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#woken && !this.#stopped) {
      this.#woken = false;
      try {
        if (await this.round()) this.#woken = true;
      } catch (error) {
        this.logger.error({ err: error }, `${this.name} failed; it tries again in ${this.sweepMs} ms`);
        break;
      }
    }
    this.#running = undefined;
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), this.sweepMs);
  }
}
