/** Waits; ends early, without an error, when the signal is aborted. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });

/** Longer and longer pauses, never twice the same, so that many workers do not come back at one moment. */
export class Backoff {
  #next: number;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
  ) {
    this.#next = firstMs;
  }

  /** How long to wait now, ms; at least as long as the service asked for. */
  next(atLeastMs = 0): number {
    const ms = Math.max(this.#next * (0.5 + Math.random() / 2), atLeastMs);
    this.#next = Math.min(this.#next * 2, this.mostMs);
    return ms;
  }

  reset(): void {
    this.#next = this.firstMs;
  }
}
