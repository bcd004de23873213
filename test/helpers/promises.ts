import { setTimeout as sleep } from 'node:timers/promises';

/** What a promise is rejected with; resolving is the failure here. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  const nothing = Symbol('resolved');
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('The promise resolved instead of being rejected.');
  if (!(error instanceof Error)) throw new Error(`The promise was rejected with something that is no error: ${String(error)}`);
  return error;
}

/** Waits until `condition` holds, and rejects when that takes too long. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await condition()); await sleep(10)) {
    if (Date.now() > end) throw new Error(`Still not so after ${withinMs} ms: ${condition.toString()}`);
  }
}
